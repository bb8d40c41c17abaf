"""Measures of quality, with bootstrap intervals that resample whole documents.

Every measure is a function of counts, and counts add up: they are kept a document each, so that resampling documents
costs one matrix product however many draws there are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.heads import BoolArray, FloatArray, IntArray

BINS = 15
"""Bins of the calibration error."""


class Interval(NamedTuple):
    """A measured value and the interval that 95 % of the bootstrap draws fall in."""

    value: float
    low: float
    high: float


class Resampling:
    """Documents drawn with replacement, the same draws for every measure.

    Args:
        groups: Number of each row's document, shape (n,).
        draws: How many samples are drawn.
        seed: Seed of the draws.
    """

    def __init__(self, groups: IntArray, draws: int = 1000, seed: int = 0) -> None:
        self.groups = np.unique(groups, return_inverse=True)[1]
        self.size = int(self.groups.max()) + 1
        generator = np.random.default_rng(seed)
        # How often each document is in each draw; one row more for the sample as it is.
        drawn = generator.multinomial(self.size, np.full(self.size, 1 / self.size), size=draws)
        self.times = np.vstack([np.ones(self.size, np.int64), drawn])

    def totals(self, counts: IntArray) -> IntArray:
        """Return sums of ``counts`` (a row of any shape each) of shape (1 + draws, …): first as is, then the draws."""
        flat = counts.reshape(len(counts), -1)
        by_document = np.zeros((self.size, flat.shape[1]), np.int64)
        np.add.at(by_document, self.groups, flat)
        # Floating point for speed; the counts are far below where it stops being exact.
        sums = self.times.astype(np.float64) @ by_document.astype(np.float64)
        return sums.astype(np.int64).reshape(len(self.times), *counts.shape[1:])


def interval(values: FloatArray) -> Interval:
    """Return the first of ``values`` with the interval of the others."""
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Interval(float(values[0]), float(low), float(high))


def confusions(gold: IntArray, predicted: IntArray, n_classes: int) -> IntArray:
    """Return a confusion matrix for each row, shape (n, n_classes, n_classes), gold first.

    ``gold`` and ``predicted`` have shape (n,), or (n, k) where one row holds k decisions that count together.
    """
    gold, predicted = gold.reshape(len(gold), -1), predicted.reshape(len(predicted), -1)
    counts = np.zeros((len(gold), n_classes, n_classes), np.int64)
    for one, other in zip(gold.T, predicted.T, strict=True):
        np.add.at(counts, (np.arange(len(gold)), one, other), 1)
    return counts


def outcomes(gold: BoolArray, predicted: BoolArray) -> IntArray:
    """Return hits, false alarms and misses of each label, shape (n, n_labels, 3)."""
    return np.stack([gold & predicted, ~gold & predicted, gold & ~predicted], axis=-1).astype(np.int64)


def f1_of_confusions(confusion: IntArray) -> FloatArray:
    """Return F1 a class, shape (…, n_classes), from confusion matrices of shape (…, n_classes, n_classes)."""
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    return _ratio(2 * hits, confusion.sum(-1) + confusion.sum(-2))


def kappa(confusion: IntArray) -> FloatArray:
    """Return Cohen's kappa, shape (…), from confusion matrices of shape (…, n_classes, n_classes).

    Agreement beyond what both annotators' frequencies would give by chance (Cohen 1960,
    https://doi.org/10.1177/001316446002000104); 0 where chance alone would agree on everything.
    """
    total = confusion.sum((-2, -1)).astype(np.float64)
    agreed = np.trace(confusion, axis1=-2, axis2=-1) * total
    by_chance = (confusion.sum(-1).astype(np.float64) * confusion.sum(-2)).sum(-1)
    rest = total**2 - by_chance
    result: FloatArray = np.divide(agreed - by_chance, rest, out=np.zeros(np.shape(total)), where=rest > 0)
    return result


def f1_of_outcomes(counts: IntArray) -> FloatArray:
    """Return F1 a label, shape (…, n_labels), from outcomes of shape (…, n_labels, 3)."""
    hits = counts[..., 0]
    return _ratio(2 * hits, 2 * hits + counts[..., 1] + counts[..., 2])


def micro_f1(counts: IntArray) -> FloatArray:
    """Return F1 over all labels together, shape (…), from outcomes of shape (…, n_labels, 3)."""
    return f1_of_outcomes(counts.sum(axis=-2, keepdims=True))[..., 0]


def calibration_error(probabilities: FloatArray, outcome: BoolArray, bins: int = BINS) -> float:
    """Return the expected calibration error over bins of equal mass.

    Equal mass rather than equal width (Nixon et al. 2019, https://arxiv.org/abs/1904.01685): no bin is nearly empty.

    Args:
        probabilities: What was claimed, shape (n,).
        outcome: Whether it was so, shape (n,).
        bins: How many bins; fewer where there are fewer rows.
    """
    order = np.argsort(probabilities, kind="stable")
    total = 0.0
    for rows in np.array_split(order, max(1, min(bins, len(order)))):
        if len(rows):
            total += len(rows) * abs(float(probabilities[rows].mean()) - float(outcome[rows].mean()))
    return total / max(1, len(order))


def _ratio(top: NDArray[np.int64], bottom: NDArray[np.int64]) -> FloatArray:
    """Return ``top / bottom``, and 0 where nothing was there and nothing was claimed."""
    return np.divide(top, bottom, out=np.zeros(np.shape(top)), where=bottom > 0)
