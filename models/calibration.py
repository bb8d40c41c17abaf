"""Calibration: from a classifier's scores to probabilities that mean what they say.

Maps are fitted on scores of held-out paragraphs (out of fold) and kept as plain numbers. Those for linear scores are
affine, so that they can be folded into a linear classifier's own weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression

from models.heads import FloatArray, IntArray

_GRID: Final = tuple(percent / 100 for percent in range(5, 95))


def affine(rows: FloatArray, matrix: FloatArray, offset: FloatArray) -> FloatArray:
    """Return ``rows @ matrix + offset``, each row to the last bit the same whatever rows stand beside it.

    The matrix product of a numeric library adds up in an order that depends on the shape of the whole; this one goes
    through the columns from left to right.
    """
    total = np.repeat(offset[None, :], len(rows), axis=0)
    for column, weights in zip(rows.T, matrix, strict=True):
        total += column[:, None] * weights
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
        matrix, offset = np.zeros((scores.shape[1], n_classes)), np.full(n_classes, -20.0)
        if len(found) == 1:
            offset[found] = 0.0
            return cls(matrix, offset)
        model = LogisticRegression(C=1.0, max_iter=2000).fit(scores, labels, sample_weight=weights)
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
    """Calibration of one yes-or-no label: ``sigmoid(slope * score + offset)`` (Platt 1999)."""

    slope: float
    offset: float

    @classmethod
    def fit(cls, scores: FloatArray, labels: NDArray[np.bool_]) -> Self:
        """Fit on held-out ``scores`` and ``labels``, both of shape (n,)."""
        if labels.all() or not labels.any():
            return cls(0.0, 20.0 if labels.all() else -20.0)
        model = LogisticRegression(C=1.0, max_iter=2000).fit(scores[:, None], labels)
        return cls(float(model.coef_[0, 0]), float(model.intercept_[0]))

    def __call__(self, scores: FloatArray) -> FloatArray:
        """Return probabilities of shape (n,)."""
        return sigmoid(self.slope * scores + self.offset)


def best_threshold(probabilities: FloatArray, labels: NDArray[np.bool_]) -> float:
    """Return the one threshold for all labels that gives the highest micro-F1, both of shape (n, n_labels)."""
    return max(_GRID, key=lambda limit: _micro_f1(probabilities >= limit, labels))


def _micro_f1(predicted: NDArray[np.bool_], labels: NDArray[np.bool_]) -> float:
    hits = int((predicted & labels).sum())
    return 2 * hits / max(1, int(predicted.sum() + labels.sum()))
