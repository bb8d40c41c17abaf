"""Fitting a linear classifier and writing it to a model directory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from models import store
from models.heads import FloatArray
from models.labels import HEADS, Stance, Target
from models.linear import LinearClassifier
from models.manifest import DataEntry, Draft, Manifest, Thresholds
from models.paragraph import Paragraph
from training.corpus import Corpus
from training.evaluate import Figures, join, measure, predict
from training.metrics import Resampling
from training.teacher import WIDTHS, read_probabilities

ABSTAIN_BELOW: Final = 0.5
"""A calibrated confidence of one half: below it, a stance is more likely wrong than right."""

_LEAST_SHARE: Final = 0.2  # of a paragraph without any evaluation, where a surely evaluative one has 1.2

_DESCRIPTION: Final = (
    "{} over word pairs, target-masked word pairs and the words near each target's "
    "mentions, calibrated on held-out documents. Reads one paragraph of English news at a time."
)
_MACHINES: Final = "Linear support vector machines"
_STUDENT: Final = "Logistic regressions, distilled from a teacher's probabilities of unlabelled paragraphs,"


class Lesson(NamedTuple):
    """What a teacher says of a part of the unlabeled paragraphs.

    Attributes:
        taught: Paragraphs to learn with the teacher's labels.
        beliefs: The teacher's probabilities of them, shape (n_taught, 45); None where there is no teacher.
        rest: The other unlabeled paragraphs.
    """

    taught: Sequence[Paragraph]
    beliefs: FloatArray | None
    rest: Sequence[Paragraph]


def lesson(unlabelled: Sequence[Paragraph], teacher: Path | None, size: int, seed: int) -> Lesson:
    """Draw the paragraphs to learn from a teacher, rather those that take sides than those that don't.

    Args:
        unlabelled: The pool.
        teacher: The teacher's probabilities of all of it; None leaves all of it unlabeled.
        size: How many paragraphs to draw.
        seed: Seed of the draw.

    Raises:
        TeacherError: The file does not belong to the pool.
    """
    if teacher is None:
        return Lesson((), None, unlabelled)
    found = read_probabilities(teacher, [one.text for one in unlabelled]).astype(np.float64)
    stances = found[:, : WIDTHS[0]].reshape(len(found), len(Target), len(Stance))
    sided = stances[:, :, [tuple(Stance).index(Stance.FAVOR), tuple(Stance).index(Stance.AGAINST)]].sum(-1).max(1)
    shares = _LEAST_SHARE + sided
    drawn = np.random.default_rng(seed).choice(len(found), min(size, len(found)), False, shares / shares.sum())
    drawn.sort()
    left = np.setdiff1d(np.arange(len(found)), drawn)
    return Lesson([unlabelled[i] for i in drawn], found[drawn], [unlabelled[i] for i in left])


def thresholds_of(classifier: LinearClassifier) -> dict[str, FloatArray]:
    """Return the threshold of each label of each multi-label head, shape (n_labels,)."""
    return {name: np.full(len(HEADS[name]), limit) for name, limit in classifier.thresholds_.items()}


def figures(
    classifier: LinearClassifier, corpus: Corpus, paragraphs: Sequence[Paragraph], resampling: Resampling
) -> dict[str, Figures]:
    """Return what ``classifier`` scores on labeled paragraphs."""
    found = join(list(predict(classifier, paragraphs)))
    return measure(found, corpus.labels, thresholds_of(classifier), resampling)


def write(
    directory: Path,
    classifier: LinearClassifier,
    *,
    version: str,
    data: DataEntry,
    quality: dict[str, Any],
    taught: int = 0,
) -> Manifest:
    """Save a fitted classifier with its manifest and return that."""
    limits = {
        name: dict(zip(HEADS[name], values.tolist(), strict=True)) for name, values in thresholds_of(classifier).items()
    }
    draft = Draft(
        name=directory.name,
        version=version,
        description=_DESCRIPTION.format(_STUDENT if taught else _MACHINES),
        created=datetime.now(UTC).date().isoformat(),
        data=data,
        thresholds=Thresholds.model_validate({**limits, "abstain": dict.fromkeys(Target, ABSTAIN_BELOW)}),
        parameters=classifier.get_params() | {"taught": taught},
        quality=quality,
    )
    return store.save(directory, classifier, draft)
