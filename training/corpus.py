"""Labeled paragraphs: JSON lines, gzipped or plain, checked line by line.

One object a line::

    {"text": "…", "stance": {"russia": "against", "ukraine": "neutral", "us": "absent"},
     "voice": "quoted", "side": "none", "frames": ["political"], "narratives": []}

Label names are those of :mod:`models.labels`. Optional: ``doc``, which names the document a paragraph is from, so that
folds and resampling keep documents whole (without it, or where it is null or empty, a row is a document of its own);
``sample``, where ``targeted`` marks paragraphs that were not picked by chance, so that class frequencies aren't
read off them; ``source``; ``labelled_by``, who
gave the labels, for pages of figures to say. Further fields are ignored.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.errors import StandpointError
from models.heads import BoolArray, HeadLabels, IntArray
from models.labels import Frame, Narrative, Side, Stance, Target, Voice

SPLITS: Final = ("train", "validation")
POOL: Final = "pool"
_SUFFIXES: Final = (".jsonl.gz", ".jsonl")
_TARGETED: Final = "targeted"


class CorpusError(StandpointError):
    """A corpus file is missing or a line of it is wrong; the text names the file, the line and the field."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labeled paragraphs in the order of their file.

    Attributes:
        texts: ``n`` paragraphs.
        labels: Their labels.
        groups: Number of each paragraph's document, shape (n,).
        natural: Which paragraphs were picked by chance, shape (n,).
        sources: Where each comes from, or an empty string.
        sha256: Digest of the file as it lies on disk.
        labelled_by: Who gave the labels, as far as rows say, sorted.
    """

    texts: list[str]
    labels: HeadLabels
    groups: IntArray
    natural: BoolArray
    sources: list[str]
    sha256: str
    labelled_by: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def documents(self) -> int:
        """Of how many documents they are."""
        return len(np.unique(self.groups))


def corpus_path(directory: Path, split: str) -> Path:
    """Return the file of a split: ``paragraphs.<split>.jsonl.gz`` or ``.jsonl``.

    Raises:
        CorpusError: There is none.
    """
    found = _find(directory, f"paragraphs.{split}")
    if found is None:
        names = " or ".join(f"paragraphs.{split}{suffix}" for suffix in _SUFFIXES)
        raise CorpusError(f"{directory}: no {names} there; see docs/training.md for the format")
    return found


def pool_path(directory: Path) -> Path | None:
    """Return the file of unlabeled paragraphs, ``pool.jsonl.gz`` or ``.jsonl``, or None where there is none."""
    return _find(directory, POOL)


def read_texts(path: Path) -> list[str]:
    """Read unlabeled paragraphs: JSON lines of objects with a field ``text``.

    Raises:
        CorpusError: The file can't be read, or a line is wrong.
    """
    return [row["text"] for row in read_rows(path)]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines of objects with a field ``text``, all their fields as they stand.

    Raises:
        CorpusError: The file can't be read, or a line is wrong.
    """
    return [_object_with_text(row, f"{path}: line {number}") for number, row in _rows(path, _read(path))]


def read_labelled(path: Path) -> list[dict[str, Any]]:
    """Read labeled paragraphs as objects, checked, all their fields as they stand.

    Raises:
        CorpusError: The file can't be read, or a line is wrong.
    """
    return _labelled(path, _read(path))


def read_corpus(path: Path) -> Corpus:
    """Read labeled paragraphs.

    Raises:
        CorpusError: The file can't be read, is empty, or a line is wrong.
    """
    data = _read(path)
    rows = _labelled(path, data)
    if not rows:
        raise CorpusError(f"{path}: no paragraphs in it")
    documents = [_document(row, number) for number, row in enumerate(rows)]
    _, groups = np.unique(documents, return_inverse=True)
    return Corpus(
        texts=[row["text"] for row in rows],
        labels=read_labels(rows),
        groups=groups.astype(np.int64),
        natural=np.array([row.get("sample") != _TARGETED for row in rows], bool),
        sources=[str(row.get("source", "")) for row in rows],
        sha256=hashlib.sha256(data).hexdigest(),
        labelled_by=tuple(sorted({str(row["labelled_by"]) for row in rows if row.get("labelled_by")})),
    )


def check_folds(what: str, documents: int, folds: int, advice: str = "label more documents") -> None:
    """Make sure that there are enough documents for folds that keep them whole.

    Raises:
        CorpusError: There are not.
    """
    if documents < folds:
        raise CorpusError(f"{what} is of {documents} documents, too few for {folds} folds: {advice}")


def digest(paths: Sequence[Path]) -> str:
    """Return one SHA-256 over the contents of ``paths``, in that order."""
    total = hashlib.sha256()
    for path in paths:
        total.update(_read(path))
    return total.hexdigest()


def _find(directory: Path, stem: str) -> Path | None:
    return next((path for suffix in _SUFFIXES if (path := directory / f"{stem}{suffix}").is_file()), None)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: can't be read ({error.strerror})") from error


def _rows(path: Path, data: bytes) -> Iterator[tuple[int, Any]]:
    try:
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: not {'gzipped ' if path.suffix == '.gz' else ''}UTF-8 text ({error})") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise CorpusError(f"{path}: line {number}: not JSON ({error})") from error


def _object_with_text(row: object, where: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise CorpusError(f"{where}: an object was expected")
    _present(row, "text", where)
    if not isinstance(row["text"], str):
        raise CorpusError(f"{where}: field 'text': a string was expected")
    if not row["text"].strip():
        raise CorpusError(f"{where}: field 'text': there is no text in it")
    return row


def _present(row: Mapping[str, Any], field: str, where: str, within: str = "") -> None:
    if field not in row:
        raise CorpusError(f"{where}: field '{within}{field}' is missing")


def _document(row: Mapping[str, Any], number: int) -> str:
    """Return the name of a row's document; one without a name is a document of its own."""
    name = row.get("doc")
    # Tables that are written as JSON fill gaps with null, an empty string or NaN.
    if name is None or name == "" or name != name:  # noqa: PLR0124
        return f"\0{number}"
    return str(name)


def _labelled(path: Path, data: bytes) -> list[dict[str, Any]]:
    return [_checked(row, f"{path}: line {number}") for number, row in _rows(path, data)]


def _checked(line: object, where: str) -> dict[str, Any]:
    row = _object_with_text(line, where)
    for field in ("stance", "voice", "side", "frames", "narratives"):
        _present(row, field, where)
    stance = row["stance"]
    if not isinstance(stance, dict):
        raise CorpusError(f"{where}: field 'stance': an object with a label for each target was expected")
    for target in Target:
        _present(stance, target, where, "stance.")
        _check(stance[target], Stance, f"{where}: field 'stance.{target}'")
    _check(row["voice"], Voice, f"{where}: field 'voice'")
    _check(row["side"], Side, f"{where}: field 'side'")
    for field, names in (("frames", Frame), ("narratives", Narrative)):
        if not isinstance(row[field], list):
            raise CorpusError(f"{where}: field '{field}': a list of labels was expected")
        for label in row[field]:
            _check(label, names, f"{where}: field '{field}'")
    if isinstance(row.get("doc"), list | dict):
        raise CorpusError(f"{where}: field 'doc': a name or a number was expected")
    return row


def _check(label: object, names: type[StrEnum], where: str) -> None:
    if not isinstance(label, str) or label not in list(names):
        raise CorpusError(f"{where}: {label!r} is none of {', '.join(names)}")


def read_labels(rows: Sequence[Mapping[str, Any]]) -> HeadLabels:
    """Return the labels of rows whose fields have been checked."""
    return HeadLabels(
        stance=np.array([[_index(row["stance"][target], Stance) for target in Target] for row in rows], np.int64),
        voice=np.array([_index(row["voice"], Voice) for row in rows], np.int64),
        side=np.array([_index(row["side"], Side) for row in rows], np.int64),
        frames=np.array([[label in row["frames"] for label in Frame] for row in rows], bool),
        narratives=np.array([[label in row["narratives"] for label in Narrative] for row in rows], bool),
    )


def _index(label: str, names: type[StrEnum]) -> int:
    return list(names).index(names(label))
