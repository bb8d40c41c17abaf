"""A model's probabilities of the unlabeled pool, for other models to learn from: self-training and distillation.

The method is knowledge distillation (Hinton, Vinyals, Dean 2015, https://arxiv.org/abs/1503.02531): the student learns
the teacher's whole distribution over labels, which says more of a paragraph than its best label would.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
import numpy as np
from numpy.typing import NDArray

from models.classifier import ParagraphClassifier
from models.errors import StandpointError
from models.heads import HeadProbabilities
from models.labels import Frame, Narrative, Side, Stance, Target, Voice
from models.paragraph import prepare
from models.store import load
from training.corpus import POOL, pool_path, read_texts

WIDTHS: Final = (len(Target) * len(Stance), len(Voice), len(Side), len(Frame), len(Narrative))
"""Columns of stance (target by target), voice, side, frames and narratives in a row of probabilities."""

_CHUNK: Final = 64


class TeacherError(StandpointError):
    """A file of probabilities that does not belong to the texts."""


def flat(found: HeadProbabilities) -> NDArray[np.float64]:
    """Return probabilities side by side, of shape (n, 45)."""
    stance = found.stance.reshape(len(found), -1)
    return np.concatenate([stance, found.voice, found.side, found.frames, found.narratives], axis=1)


def read_probabilities(path: Path, expected: int) -> NDArray[np.float32]:
    """Return the probabilities of a file that ``label`` wrote, of shape (``expected``, 45).

    Raises:
        TeacherError: The file has rows of another number or width.
    """
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    if len(rows) != expected or any(len(row) != sum(WIDTHS) for row in rows):
        raise TeacherError(f"{path}: {len(rows)} rows, but the pool has {expected}; finish it with 'training label'")
    return np.array(rows, np.float32).reshape(expected, sum(WIDTHS))


def write_probabilities(classifier: ParagraphClassifier, texts: Sequence[str], path: Path) -> None:
    """Write a line of 45 probabilities a text; a file that is there is gone on with, from its last whole line."""
    done = _whole_lines(path)
    with path.open("a", encoding="utf-8") as file, click.progressbar(length=len(texts), label="label") as bar:
        bar.update(done)
        for first in range(done, len(texts), _CHUNK):
            chunk = texts[first : first + _CHUNK]
            rows = flat(classifier.predict_proba([prepare(text) for text in chunk]))
            file.writelines(json.dumps(row.tolist()) + "\n" for row in rows.round(4))
            file.flush()
            bar.update(len(chunk))


def _whole_lines(path: Path) -> int:
    if not path.exists():
        return 0
    content = path.read_bytes()
    os.truncate(path, content.rfind(b"\n") + 1)
    return content.count(b"\n")


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Directory with pool.jsonl.gz.",
)
@click.option("--model", default="ensemble", show_default=True, help="The teacher: a shipped model or its directory.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File of probabilities to write."
)
def label(data: Path, model: str, out: Path) -> None:
    """Write a model's probabilities of the pool; call it again to go on after an interruption."""
    pool = pool_path(data)
    if pool is None:
        raise TeacherError(f"{data}: there is no {POOL}.jsonl.gz to label")
    write_probabilities(load(model).classifier, read_texts(pool), out)
