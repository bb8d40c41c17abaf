"""Labels kept apart from their texts, and their codes.

A file of annotations has the codebook's line format, eight fields separated by tabs::

    id  russia  ukraine  us  voice  side  frames  narratives

with one-letter stances, voices, sides and frames and two-letter narratives, joined by commas; ``-`` is an absent target
or nothing. ``id`` is the start of the SHA-256 of the paragraph's text, so that labels can be kept where texts cannot.

A file of mentions says which sentiment a sentence conveys toward one mention in it, as NewsMTSC does (Hamborg & Donnay
2021), in six fields: ``id  first  last  start  end  label``, the sentence's and the mention's code points in the
paragraph ``id`` and ``f``, ``n`` or ``a``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from models.errors import StandpointError
from models.labels import Frame, Narrative, Side, Stance, Target, Voice

ANNOTATED: Final = Path(__file__).parent / "annotated"
POOL_ANNOTATIONS: Final = ANNOTATED / "pool.tsv"
"""Labels of paragraphs of the pool, which the shipped models learned from."""

AUXILIARY_ANNOTATIONS: Final = ANNOTATED / "auxiliary.tsv"
"""Labels, after the codebook too, of sentences and posts of the human-labeled sets."""

MENTION_ANNOTATIONS: Final = ANNOTATED / "mentions.tsv"
"""Sentiments toward mentions in sentences of the pool and of DSE."""

REPEATED_ANNOTATIONS: Final = ANNOTATED / "repeated.tsv"
"""Labels that the same annotators gave, unawares, to paragraphs of the training split."""

ATTENTIVE_ANNOTATIONS: Final = ANNOTATED / "attentive.tsv"
"""Labels of a part of these, read once more and with less haste, as the pool's doubtful labels were."""

VALIDATION_ANNOTATIONS: Final = ANNOTATED / "validation.tsv"
"""Labels that a reader gave the validation split in the same manner; nothing learns from them."""

REPEATED_MENTIONS: Final = ANNOTATED / "mentions.repeated.tsv"
"""Sentiments that the same annotators gave, unawares, to rows of NewsMTSC."""

_STANCES: Final = dict(zip("fna-", Stance, strict=True))
SENTIMENTS: Final = {code: label for code, label in _STANCES.items() if label is not Stance.ABSENT}
"""What a mention's sentiment may be, by its letter."""

_VOICES: Final = dict(zip("oqm-", Voice, strict=True))
_SIDES: Final = dict(zip("ruc-", Side, strict=True))
_FRAMES: Final = dict(zip("ECMFLPXSHQIOTR", Frame, strict=True))
_NARRATIVES: Final = dict(
    zip(("bl", "du", "rv", "pr", "ow", "sw", "dw", "nc", "dm", "af", "hp"), Narrative, strict=True)
)
_FIELDS: Final = 5 + len(Target)

_L = TypeVar("_L", bound=StrEnum)


class AnnotationError(StandpointError):
    """A line of annotations is wrong, or none of them belongs to the texts at hand."""


class Mention(NamedTuple):
    """A sentence of a paragraph and a mention in it, as code points of the paragraph, and the sentiment toward it."""

    first: int
    last: int
    start: int
    end: int
    label: Stance


def text_id(text: str) -> str:
    """Return what names a text in a file of annotations: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_annotations(*paths: Path) -> dict[str, dict[str, Any]]:
    """Return, by the name of its text, each line's labels as a row of a corpus holds them.

    Raises:
        AnnotationError: A file can't be read, or a line of one is wrong.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in paths:
        for number, line in lines_of(path):
            where = f"{path}: line {number}"
            name, labels = labels_of(line.split("\t"), where)
            if name in found:
                raise AnnotationError(f"{where}: {name} has labels already")
            found[name] = labels
    return found


def read_mentions(path: Path) -> dict[str, list[Mention]]:
    """Return, by the name of their paragraph, the mentions whose sentiment a file gives.

    Raises:
        AnnotationError: The file can't be read, or a line of it is wrong.
    """
    found: dict[str, list[Mention]] = {}
    for number, line in lines_of(path):
        fields = line.split("\t")
        where = f"{path}: line {number}"
        if len(fields) != 6 or not all(field.isdecimal() for field in fields[1:5]):
            raise AnnotationError(f"{where}: an id, four offsets and a label with tabs between were expected")
        first, last, start, end = map(int, fields[1:5])
        if not first <= start < end <= last:
            raise AnnotationError(f"{where}: the mention {start}-{end} is not inside the sentence {first}-{last}")
        label = _code(fields[5], SENTIMENTS, f"{where}: label")
        found.setdefault(fields[0], []).append(Mention(first, last, start, end, label))
    return found


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are not blank, numbered from 1.

    Raises:
        AnnotationError: The file can't be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path}: can't be read ({error})") from error
    yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def labels_of(fields: Sequence[str], where: str) -> tuple[str, dict[str, Any]]:
    """Return what a line names, and its labels as a row of a corpus holds them.

    Args:
        fields: The name and seven codes.
        where: File and line, for an error's text.

    Raises:
        AnnotationError: There are too many fields or too few, or a code is unknown.
    """
    if len(fields) != _FIELDS:
        raise AnnotationError(f"{where}: {_FIELDS} fields with tabs between were expected, there are {len(fields)}")
    name, *stances, voice, side, frames, narratives = fields
    return name, {
        "stance": {
            target: _code(code, _STANCES, f"{where}: {target}") for target, code in zip(Target, stances, strict=True)
        },
        "voice": _code(voice, _VOICES, f"{where}: voice"),
        "side": _code(side, _SIDES, f"{where}: side"),
        "frames": [*_codes(frames, _FRAMES, f"{where}: frames")],
        "narratives": [*_codes(narratives, _NARRATIVES, f"{where}: narratives")],
    }


def _codes(field: str, codes: Mapping[str, _L], where: str) -> Iterator[_L]:
    for code in [] if field == "-" else field.split(","):
        yield _code(code, codes, where)


def _code(code: str, codes: Mapping[str, _L], where: str) -> _L:
    if code not in codes:
        raise AnnotationError(f"{where}: {code!r} is none of {' '.join(codes)}")
    return codes[code]
