"""How good a classifier is on labeled paragraphs: every head, with intervals, confusions and calibration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from models.classifier import ParagraphClassifier
from models.heads import BoolArray, FloatArray, HeadLabels, HeadProbabilities, IntArray
from models.labels import HEADS, MULTILABEL_HEADS, STANCE_HEADS, Stance
from models.paragraph import Paragraph
from training.metrics import (
    Interval,
    Resampling,
    calibration_error,
    confusions,
    f1_of_confusions,
    f1_of_outcomes,
    interval,
    micro_f1,
    outcomes,
)

BATCH: Final = 128
POOLED: Final = "stance"
"""Name of the stances toward all three targets taken together."""

Figures = dict[str, Any]


def predict(classifier: ParagraphClassifier, paragraphs: Sequence[Paragraph]) -> Iterator[HeadProbabilities]:
    """Yield the probabilities of ``paragraphs``, a batch at a time."""
    for first in range(0, len(paragraphs), BATCH):
        yield classifier.predict_proba(paragraphs[first : first + BATCH])


def join(parts: Sequence[HeadProbabilities]) -> HeadProbabilities:
    """Return the probabilities of all ``parts`` as one."""
    return HeadProbabilities(
        stance=np.concatenate([part.stance for part in parts]),
        voice=np.concatenate([part.voice for part in parts]),
        side=np.concatenate([part.side for part in parts]),
        frames=np.concatenate([part.frames for part in parts]),
        narratives=np.concatenate([part.narratives for part in parts]),
    )


def measure(
    found: HeadProbabilities,
    gold: HeadLabels,
    thresholds: Mapping[str, FloatArray],
    resampling: Resampling,
) -> dict[str, Figures]:
    """Return the figures of every head, and of the stances taken together.

    Args:
        found: Probabilities of ``n`` paragraphs.
        gold: Their labels.
        thresholds: For each multi-label head, the thresholds of its labels, shape (n_labels,).
        resampling: Draws of the paragraphs' documents.
    """
    figures = {POOLED: _exclusive(found.stance, gold.stance, tuple(Stance), resampling)}
    present = gold.stance != list(Stance).index(Stance.ABSENT)
    figures[POOLED]["calibration_error_where_present"] = _confidence_error(found.stance[present], gold.stance[present])
    for number, name in enumerate(STANCE_HEADS):
        figures[name] = _exclusive(found.stance[:, number], gold.stance[:, number], tuple(Stance), resampling)
    for name, labels in HEADS.items():
        if name in MULTILABEL_HEADS:
            probabilities = getattr(found, name)
            figures[name] = _multilabel(probabilities, getattr(gold, name), thresholds[name], labels, resampling)
        elif name not in STANCE_HEADS:
            figures[name] = _exclusive(getattr(found, name), getattr(gold, name), labels, resampling)
    return figures


def _exclusive(found: FloatArray, gold: IntArray, labels: Sequence[str], resampling: Resampling) -> Figures:
    totals = resampling.totals(confusions(gold, found.argmax(axis=-1), len(labels)))
    scores = f1_of_confusions(totals)
    return {
        "macro_f1": _as_dict(interval(scores.mean(axis=-1))),
        "accuracy": _as_dict(interval(np.trace(totals, axis1=-2, axis2=-1) / totals.sum(axis=(-2, -1)))),
        "f1": {str(label): _as_dict(interval(column)) for label, column in zip(labels, scores.T, strict=True)},
        "support": _supports(labels, totals[0].sum(axis=1)),
        "confusion": totals[0].tolist(),
        "calibration_error": _confidence_error(found, gold),
    }


def _multilabel(
    found: FloatArray, gold: BoolArray, thresholds: FloatArray, labels: Sequence[str], resampling: Resampling
) -> Figures:
    totals = resampling.totals(outcomes(gold, found >= thresholds))
    scores = f1_of_outcomes(totals)
    return {
        "micro_f1": _as_dict(interval(micro_f1(totals))),
        "macro_f1": _as_dict(interval(scores.mean(axis=-1))),
        "f1": {str(label): _as_dict(interval(column)) for label, column in zip(labels, scores.T, strict=True)},
        "support": _supports(labels, gold.sum(axis=0)),
        "calibration_error": round(calibration_error(found.ravel(), gold.ravel()), 4),
    }


def _confidence_error(found: FloatArray, gold: IntArray) -> float:
    """Return the calibration error of the confidence in the likeliest label."""
    return round(calibration_error(found.max(axis=-1).ravel(), (found.argmax(axis=-1) == gold).ravel()), 4)


def _supports(labels: Sequence[str], counts: IntArray) -> dict[str, int]:
    return {str(label): int(count) for label, count in zip(labels, counts, strict=True)}


def _as_dict(measured: Interval) -> dict[str, float]:
    return {name: round(value, 4) for name, value in measured._asdict().items()}
