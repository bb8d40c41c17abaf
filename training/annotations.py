"""Labels kept apart from their texts: further paragraphs of the pool to learn from, and how far annotators agree.

A file of annotations has the codebook's line format, eight fields separated by tabs::

    id  russia  ukraine  us  voice  side  frames  narratives

with one-letter stances, voices, sides and frames and two-letter narratives, joined by commas; ``-`` is an absent target
or nothing. ``id`` is the start of the SHA-256 of the paragraph's text, so that labels can be kept where texts cannot.

A file of mentions says which sentiment a sentence conveys toward one mention in it, as NewsMTSC does (Hamborg & Donnay
2021), in six fields: ``id  first  last  start  end  label``, the sentence's and the mention's code points in the
paragraph ``id`` and ``f``, ``n`` or ``a``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import click
import numpy as np

from models.errors import StandpointError
from models.heads import HeadLabels, IntArray
from models.labels import Frame, Narrative, Side, Stance, Target, Voice
from training.corpus import POOL, Corpus, corpus_path, pool_path, read_corpus, read_labels, read_rows
from training.metrics import Interval, Resampling, confusions, f1_of_confusions, interval, kappa, micro_f1, outcomes
from training.options import DATA, DRAWS, PAGE, SEED

ANNOTATED: Final = Path(__file__).parent / "annotated"
POOL_ANNOTATIONS: Final = ANNOTATED / "pool.tsv"
"""Labels of paragraphs of the pool, which the shipped models learned from."""

MENTION_ANNOTATIONS: Final = ANNOTATED / "mentions.tsv"
"""Sentiments toward mentions in sentences of the pool."""

REPEATED_ANNOTATIONS: Final = ANNOTATED / "repeated.tsv"
"""Labels that the same annotators gave, unawares, to paragraphs of the training split."""

MENTIONS: Final = "mentions.annotated.jsonl.gz"
"""What annotated mentions are called in a data directory; rows as those of NewsMTSC."""

_STANCES: Final = dict(zip("fna-", Stance, strict=True))
_SENTIMENTS: Final = {code: label for code, label in _STANCES.items() if label is not Stance.ABSENT}
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


class Agreement(NamedTuple):
    """How far two annotations of the same paragraphs agree.

    Attributes:
        paragraphs: How many there are.
        figures: Cohen's kappa of stance, voice and side, micro-F1 of frames and narratives, with their names.
        f1: F1 of each class of stance, voice and side, the first annotation taken as gold, with their names.
    """

    paragraphs: int
    figures: dict[str, Interval]
    f1: dict[str, Interval]


def text_id(text: str) -> str:
    """Return what names a text in a file of annotations: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_annotations(path: Path) -> dict[str, dict[str, Any]]:
    """Return, by the name of its text, each line's labels as a row of a corpus holds them.

    Raises:
        AnnotationError: The file can't be read, or a line of it is wrong.
    """
    found: dict[str, dict[str, Any]] = {}
    for number, line in _lines(path):
        where = f"{path}: line {number}"
        name, labels = _labels(line.split("\t"), where)
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
    for number, line in _lines(path):
        fields = line.split("\t")
        where = f"{path}: line {number}"
        if len(fields) != 6 or not all(field.isdecimal() for field in fields[1:5]):
            raise AnnotationError(f"{where}: an id, four offsets and a label with tabs between were expected")
        first, last, start, end = map(int, fields[1:5])
        if not first <= start < end <= last:
            raise AnnotationError(f"{where}: the mention {start}-{end} is not inside the sentence {first}-{last}")
        label = _code(fields[5], _SENTIMENTS, f"{where}: label")
        found.setdefault(fields[0], []).append(Mention(first, last, start, end, label))
    return found


def extend(
    data: Path,
    annotations: Mapping[str, dict[str, Any]],
    out: Path,
    mentions: Mapping[str, Sequence[Mention]] | None = None,
) -> tuple[int, int]:
    """Write a data directory whose training split has the annotated paragraphs of the pool besides.

    Everything else in it is copied from ``data``, the pool whole. The rows added are marked as ``targeted``.

    Args:
        data: Directory with the splits and the pool.
        annotations: Labels by the name of the text.
        out: Directory to write.
        mentions: Sentiments toward mentions, which become a set of their own.

    Returns:
        How many paragraphs were added, and how many annotations belong to no text of the pool.

    Raises:
        AnnotationError: There is no pool, none of the annotations is about it, or ``out`` is ``data``.
        CorpusError: A file can't be read, or a line of it is wrong.
    """
    pool = pool_path(data)
    if pool is None:
        raise AnnotationError(f"{data}: there is no {POOL}.jsonl.gz that the annotations could be about")
    if out.resolve() == data.resolve():
        raise AnnotationError(f"{out}: that is where the data are read from; name another directory")
    rows = read_rows(corpus_path(data, "train"))
    have = {text_id(row["text"]) for row in rows}
    added: dict[str, dict[str, Any]] = {}
    sentences: dict[str, dict[str, Any]] = {}
    for row in read_rows(pool):
        name = text_id(row["text"])
        sentences |= {f"{name}-{one.start}": _sentence(row["text"], one) for one in (mentions or {}).get(name, ())}
        if name in annotations and name not in have:
            added[name] = row | annotations[name] | {"sample": "targeted"}
    if not added:
        raise AnnotationError(f"{pool}: none of the {len(annotations)} annotations is about a paragraph of this pool")
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "paragraphs.train.jsonl.gz", [*rows, *added.values()])
    for path in (corpus_path(data, "validation"), pool):
        shutil.copyfile(path, out / path.name)
    for path in sorted(data.glob("human/*")):
        (out / "human").mkdir(exist_ok=True)
        shutil.copyfile(path, out / "human" / path.name)
    if sentences:
        _write(out / MENTIONS, [{"id": name} | row for name, row in sentences.items()])
    return len(added), len(set(annotations) - set(added) - have)


def agreement(corpus: Corpus, annotations: Mapping[str, dict[str, Any]], draws: int, seed: int) -> Agreement:
    """Compare annotations with the labels of a corpus; intervals resample documents.

    Raises:
        AnnotationError: None of the annotations is about a paragraph of the corpus.
    """
    names = [text_id(text) for text in corpus.texts]
    rows = np.array([at for at, name in enumerate(names) if name in annotations], np.int64)
    if not len(rows):
        raise AnnotationError(f"none of the {len(annotations)} annotations is about a paragraph of this corpus")
    gold, given = corpus.labels.take(rows), read_labels([annotations[names[at]] for at in rows])
    resampling = Resampling(corpus.groups[rows], draws, seed)
    figures: dict[str, Interval] = {}
    f1: dict[str, Interval] = {}
    for head, kind in _exclusive(gold, given).items():
        totals = resampling.totals(confusions(*kind.values, len(kind.labels)))
        figures[f"{head}, Cohen's kappa"] = interval(kappa(totals))
        scores = f1_of_confusions(totals)
        f1 |= {f"{head} {label}": interval(scores[:, at]) for at, label in enumerate(kind.labels)}
    for head in ("frames", "narratives"):
        counts = outcomes(getattr(gold, head), getattr(given, head))
        figures[f"{head}, micro-F1"] = interval(micro_f1(resampling.totals(counts)))
    return Agreement(len(rows), figures, f1)


def _sentence(text: str, mention: Mention) -> dict[str, Any]:
    first, last, start, end, label = mention
    span = {"start": start - first, "end": end - first}
    return {"text": text[first:last], "target": text[start:end], **span, "label": label}


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    # Without the time of day in it, so that the same input gives the same digest.
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))


class _Head(NamedTuple):
    values: tuple[IntArray, IntArray]
    labels: tuple[StrEnum, ...]


def _exclusive(gold: HeadLabels, given: HeadLabels) -> dict[str, _Head]:
    return {
        "stance": _Head((gold.stance, given.stance), tuple(Stance)),
        "voice": _Head((gold.voice, given.voice), tuple(Voice)),
        "side": _Head((gold.side, given.side), tuple(Side)),
    }


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path}: can't be read ({error})") from error
    yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _labels(fields: Sequence[str], where: str) -> tuple[str, dict[str, Any]]:
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


@click.command("extend")
@DATA
@click.option(
    "--annotations",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=POOL_ANNOTATIONS,
    help="File of annotations; without it, those of the pool that the shipped models learned from.",
)
@click.option(
    "--mentions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=MENTION_ANNOTATIONS,
    help="File of mentions; without it, likewise.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Data directory to write.")
def extend_command(data: Path, annotations: Path, mentions: Path, out: Path) -> None:
    """Write a data directory whose training split has annotated paragraphs of the pool besides."""
    added, strangers = extend(data, read_annotations(annotations), out, read_mentions(mentions))
    click.echo(f"{out}: {added} paragraphs of the pool added to the training split")
    if strangers:
        click.echo(f"{strangers} annotations are about texts that this pool does not hold", err=True)


@click.command("agreement")
@DATA
@PAGE
@SEED
@DRAWS
def agreement_command(data: Path, markdown: Path, seed: int, draws: int) -> None:
    """Measure how far the annotations of the pool agree with the training split, on paragraphs labelled twice."""
    found = agreement(read_corpus(corpus_path(data, "train")), read_annotations(REPEATED_ANNOTATIONS), draws, seed)
    markdown.write_text(_page(found, len(read_annotations(POOL_ANNOTATIONS)), draws), encoding="utf-8")


def _page(found: Agreement, annotated: int, draws: int) -> str:
    def table(title: str, rows: Mapping[str, Interval]) -> list[str]:
        cells = [f"| {name} | {one.value:.3f} | {one.low:.3f}–{one.high:.3f} |" for name, one in rows.items()]
        return [f"| {title} | value | interval |", "|---|---|---|", *cells, ""]

    lines = [
        "# Annotations of the pool",
        "",
        "<!-- Written by `python -m training agreement`; change the command, not this page. -->",
        "",
        f"{annotated:,} paragraphs of the pool were labelled after the codebook by a large language model that read "
        "each of them, blind to the outlet. The labels are in `training/annotated/pool.tsv`, which names each "
        "text by its digest and holds none; `python -m training extend` joins them to the training split.",
        "",
        "Paragraphs of which an earlier ensemble was unsure, or in which it saw rare labels, came first, and outlets "
        "with many paragraphs had fewer drawn; in the end most of the pool was read. Labels that the ensemble found "
        "least likely were given a second time, and where both readings differed, it decided between the two.",
        "",
        f"Among them stood, unannounced, {found.paragraphs:,} paragraphs of the training split. How far both labels of "
        f"these agree ({datetime.now(UTC).date().isoformat()}; intervals hold 95 % of {draws} bootstrap draws of "
        "documents):",
        "",
        *table("head", found.figures),
        "F1 of each class, with the label of the training split as gold:",
        "",
        *table("class", found.f1),
    ]
    return "\n".join(lines).rstrip() + "\n"
