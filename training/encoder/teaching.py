"""What a teacher of the pool says of paragraphs: targets to learn, and which labels it would have expected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.labels import Stance, Target
from training.corpus import POOL, pool_path, read_texts
from training.encoder.data import Example, taught
from training.teacher import WIDTHS, TeacherError, read_probabilities


def taught_pool(data: Path, teacher: Path) -> list[Example]:
    """Return the paragraphs of the pool with their probabilities.

    Raises:
        TeacherError: There is no pool in ``data``, or ``teacher`` is not about it.
    """
    path = pool_path(data)
    if path is None:
        raise TeacherError(f"{data}: there is no {POOL}.jsonl.gz that {teacher} could be about")
    texts = read_texts(path)
    return taught(texts, read_probabilities(teacher, texts))


def easy(paragraphs: Sequence[Example], pool: Sequence[Example]) -> NDArray[np.bool_]:
    """Return which labeled paragraphs are of the half whose stances, voice and side a teacher of the pool expects.

    What it does not know is not easy.
    """
    teachers = {example.text: example.teacher for example in pool}
    surprise = np.array([_surprise(example, teachers.get(example.text)) for example in paragraphs])
    known = np.isfinite(surprise)
    middle = np.median(surprise[known]) if known.any() else 0.0
    chosen: NDArray[np.bool_] = known & (surprise <= middle)
    return chosen


def _surprise(example: Example, teacher: tuple[float, ...] | None) -> float:
    if teacher is None:
        return np.inf
    starts = [0, len(Stance), 2 * len(Stance), WIDTHS[0], WIDTHS[0] + WIDTHS[1]]
    labels = [*example.stance, example.voice, example.side]
    return -sum(float(np.log(max(teacher[start + label], 1e-9))) for start, label in zip(starts, labels, strict=True))


def exchanged_teacher(teacher: tuple[float, ...] | None, i: int, j: int) -> tuple[float, ...] | None:
    """Return the probabilities with two targets' stances exchanged, and without those of side and narratives."""
    if teacher is None:
        return None
    stance, voice, side, frames, narratives = np.split(np.array(teacher), np.cumsum(WIDTHS)[:-1])
    order = [*range(len(Target))]
    order[i], order[j] = j, i
    stance = stance.reshape(len(Target), -1)[order].ravel()
    parts = (stance, voice, np.full_like(side, np.nan), frames, np.full_like(narratives, np.nan))
    return tuple(np.concatenate(parts).tolist())
