"""A model's probabilities of the unlabeled pool, for other models to learn from: self-training and distillation.

The method is knowledge distillation (Hinton, Vinyals, Dean 2015, https://arxiv.org/abs/1503.02531): the student learns
the teacher's whole distribution over labels, which says more of a paragraph than its best label would.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click
import numpy as np
from numpy.typing import NDArray

from models.errors import StandpointError
from models.heads import HeadProbabilities
from models.labels import Frame, Narrative, Side, Stance, Target, Voice
from models.paragraph import prepare
from models.store import LoadedModel, load
from training.corpus import POOL, pool_path, read_texts
from training.outputs import Command, OutputFile

WIDTHS: Final = (len(Target) * len(Stance), len(Voice), len(Side), len(Frame), len(Narrative))
"""Columns of stance (target by target), voice, side, frames and narratives in a row of probabilities."""

_CHUNK: Final = 64
_ANOTHER: Final = "name another file"
_UNFINISHED: Final = re.compile(rb"(?:\[[-+.,0-9e ]*\]?)?")
"""What a row looks like that was not written whole."""


class TeacherError(StandpointError):
    """A file of probabilities that does not belong to the texts."""


def flat(found: HeadProbabilities) -> NDArray[np.float64]:
    """Return probabilities side by side, of shape (n, 45)."""
    stance = found.stance.reshape(len(found), -1)
    return np.concatenate([stance, found.voice, found.side, found.frames, found.narratives], axis=1)


class Origin(NamedTuple):
    """Whose probabilities a file holds, and of which texts: its first line."""

    teacher: str
    version: str
    sha256: str
    texts: str

    @property
    def line(self) -> str:
        """The line that says so."""
        return json.dumps({"origin": self._asdict()}) + "\n"


def origin_of(model: LoadedModel, texts: Sequence[str]) -> Origin:
    """Return what a file of the model's probabilities of ``texts`` begins with."""
    return Origin(model.manifest.name, model.manifest.version, model.sha256, texts_digest(texts))


def texts_digest(texts: Sequence[str]) -> str:
    """Return a SHA-256 over texts in their order."""
    return hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()


def read_probabilities(path: Path, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the probabilities of a file that ``label`` wrote, of shape (n, 45).

    Files of earlier releases do not say whose they are; of these only the number of rows can be compared.

    Args:
        path: The file.
        texts: The pool that it should be about.

    Raises:
        TeacherError: The file can't be read, is no such file, or is about other texts.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TeacherError(f"{path}: can't be read ({error}); make it with 'training label'") from error
    origin = _origin(lines[0]) if lines else None
    first = 1 if origin is None else 2
    rows = [_row(line, f"{path}: line {number}") for number, line in enumerate(lines[first - 1 :], first)]
    if len(rows) != len(texts):
        raise TeacherError(f"{path}: {len(rows)} rows, but the pool has {len(texts)}; finish it with 'training label'")
    if origin is not None and origin.texts != texts_digest(texts):
        raise TeacherError(f"{path}: is about another pool; label this one with 'training label'")
    return np.array(rows, np.float32).reshape(len(rows), sum(WIDTHS))


def write_probabilities(model: LoadedModel, texts: Sequence[str], path: Path) -> None:
    """Write whose probabilities they are, then a line of 45 a text; a file that is there is gone on with.

    Raises:
        TeacherError: The file that is there is not of this model and these texts; it stays as it is.
    """
    origin = origin_of(model, texts)
    whole, done = _written(path, origin)
    if done > len(texts):
        raise TeacherError(f"{path}: has {done} rows, but the pool has {len(texts)} paragraphs; {_ANOTHER}")
    try:
        with path.open("ab") as file, click.progressbar(length=len(texts), label="label") as bar:
            file.truncate(whole)
            if not whole:
                file.write(origin.line.encode())
            bar.update(done)
            for first in range(done, len(texts), _CHUNK):
                chunk = texts[first : first + _CHUNK]
                rows = flat(model.classifier.predict_proba([prepare(text) for text in chunk]))
                file.writelines((json.dumps(row.tolist()) + "\n").encode() for row in rows.round(4))
                file.flush()
                bar.update(len(chunk))
    except OSError as error:
        raise TeacherError(
            f"{path}: can't be written ({error.strerror or error}); run again to go on once it can be"
        ) from error


def _written(path: Path, origin: Origin) -> tuple[int, int]:
    """Return how many bytes of a file are whole lines of this origin, and how many rows there are among them."""
    if not path.exists():
        return 0, 0
    content = path.read_bytes()
    if origin.line.encode().startswith(content):  # nothing yet, or not all of the first line
        return (len(content), 0) if content.endswith(b"\n") else (0, 0)
    whole = content.rfind(b"\n") + 1
    first, *rows = content[:whole].decode(errors="replace").split("\n")[:-1] or [""]
    found = _origin(first)
    if found is None:
        raise TeacherError(f"{path}: doesn't say whose probabilities it holds; {_ANOTHER}")
    if found != origin:
        of = "another pool" if found[:-1] == origin[:-1] else f"{found.teacher} {found.version} ({found.sha256})"
        raise TeacherError(f"{path}: holds probabilities of {of}; {_ANOTHER}")
    for number, row in enumerate(rows, 2):
        _row(row, f"{path}: line {number}")
    if not _UNFINISHED.fullmatch(content[whole:]):
        raise TeacherError(f"{path}: line {len(rows) + 2}: ends with what 'training label' didn't write; {_ANOTHER}")
    return whole, len(rows)


def _origin(line: str) -> Origin | None:
    try:
        return Origin(**json.loads(line)["origin"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _row(line: str, where: str) -> list[float]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    width = sum(WIDTHS)
    if not isinstance(row, list) or len(row) != width or not all(isinstance(one, int | float) for one in row):
        raise TeacherError(f"{where}: {width} numbers were expected; is it a file of 'training label'?")
    return row


@click.command(cls=Command)
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Directory with pool.jsonl.gz.",
)
@click.option("--model", default="ensemble", show_default=True, help="The teacher: a shipped model or its directory.")
@click.option(
    "--out",
    type=OutputFile(),
    required=True,
    help="File of probabilities to write, or to go on with if it is this model's of this pool.",
)
def label(data: Path, model: str, out: Path) -> None:
    """Write a model's probabilities of the pool; call it again to go on after an interruption."""
    pool = pool_path(data)
    if pool is None:
        raise TeacherError(f"{data}: there is no {POOL}.jsonl.gz to label")
    write_probabilities(load(model), read_texts(pool), out)
