"""Calibration: from a classifier's scores to probabilities that mean what they say.

Maps are fitted on scores of held-out paragraphs (out of fold) and kept as plain numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.linear_model import LogisticRegression

from models.heads import BoolArray, FloatArray, IntArray

_CERTAIN: Final = 20.0  # log-odds of what was never, or always, so
_STEPS: Final = 2000
_GRID: Final = tuple(percent / 100 for percent in range(5, 95))


def affine(rows: FloatArray, matrix: FloatArray, offset: FloatArray) -> FloatArray:
    """Return ``rows @ matrix + offset``, each row to the last bit the same whatever rows stand beside it.

    The matrix product of a numeric library adds up in an order that depends on the shape of the whole; a sum over a
    middle axis goes through it from left to right.
    """
    total: FloatArray = (rows[:, :, None] * matrix).sum(axis=1) + offset
    return total


def softmax(scores: ArrayLike) -> FloatArray:
    """Return probabilities along the last axis, which sum to 1."""
    scores = np.asarray(scores, dtype=np.float64)
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: FloatArray = exponents / exponents.sum(axis=-1, keepdims=True)
    return probabilities


def sigmoid(scores: ArrayLike) -> FloatArray:
    """Return independent probabilities."""
    # tanh neither overflows nor warns, whatever the score.
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(scores, dtype=np.float64)))


@dataclass(frozen=True, slots=True)
class MatrixScaling:
    """Calibration of one exclusive head: ``softmax(scores @ matrix + offset)``.

    Matrix scaling as in Guo et al. 2017 (https://arxiv.org/abs/1706.04599), with a Gaussian prior on the matrix.

    Attributes:
        matrix: ndarray of shape (n_scores, n_classes).
        offset: ndarray of shape (n_classes,).
    """

    matrix: FloatArray
    offset: FloatArray

    @classmethod
    def fit(cls, scores: FloatArray, labels: IntArray, n_classes: int, weights: FloatArray | None = None) -> Self:
        """Fit on held-out ``scores`` of shape (n, n_scores) and ``labels`` of shape (n,).

        A class without an example gets a probability near zero.
        """
        found = np.unique(labels)
        matrix, offset = np.zeros((scores.shape[1], n_classes)), np.full(n_classes, -_CERTAIN)
        if len(found) == 1:
            offset[found] = 0.0
            return cls(matrix, offset)
        model = LogisticRegression(C=1.0, max_iter=_STEPS).fit(scores, labels, sample_weight=weights)
        coefficients, intercepts = model.coef_, model.intercept_
        if len(found) == 2:  # scikit-learn keeps one row where there are two classes
            coefficients, intercepts = np.vstack([-coefficients, coefficients]) / 2, np.r_[-intercepts, intercepts] / 2
        matrix[:, found], offset[found] = coefficients.T, intercepts
        return cls(matrix, offset)

    def __call__(self, scores: FloatArray) -> FloatArray:
        """Return probabilities of shape (n, n_classes)."""
        return softmax(affine(scores, self.matrix, self.offset))


@dataclass(frozen=True, slots=True)
class PlattScaling:
    """Calibration of yes-or-no labels, each by itself: ``sigmoid(scores * slopes + offsets)``.

    Platt scaling (Platt 1999, Probabilistic outputs for support vector machines, in: Advances in Large Margin
    Classifiers, MIT Press).

    Attributes:
        slopes: ndarray of shape (n_labels,).
        offsets: ndarray of shape (n_labels,).
    """

    slopes: FloatArray
    offsets: FloatArray

    @classmethod
    def fit(cls, scores: FloatArray, labels: BoolArray) -> Self:
        """Fit on held-out ``scores`` and ``labels``, both of shape (n, n_labels)."""
        lines = [_line(*columns) for columns in zip(scores.T, labels.T, strict=True)]
        return cls(*np.array(lines).T)

    def __call__(self, scores: FloatArray) -> FloatArray:
        """Return probabilities of shape (n, n_labels)."""
        return sigmoid(scores * self.slopes + self.offsets)


def _line(scores: FloatArray, labels: BoolArray) -> tuple[float, float]:
    """Return slope and offset of one label's log-odds."""
    if labels.all() or not labels.any():
        return 0.0, _CERTAIN if labels.all() else -_CERTAIN
    model = LogisticRegression(C=1.0, max_iter=_STEPS).fit(scores[:, None], labels)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(probabilities: FloatArray, labels: BoolArray) -> float:
    """Return the one threshold for all labels that gives the highest micro-F1, both of shape (n, n_labels)."""
    return max(_GRID, key=lambda limit: _micro_f1(probabilities >= limit, labels))


def _micro_f1(predicted: BoolArray, labels: BoolArray) -> float:
    hits = int((predicted & labels).sum())
    return 2 * hits / max(1, int(predicted.sum() + labels.sum()))
