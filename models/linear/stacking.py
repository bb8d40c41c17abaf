"""The second stage: calibrated probabilities of every head from the scores of all.

The heads depend on each other: a paragraph without any evaluation has no voice, one that blames Ukraine rarely advances
its account, and praise of one side is often blame of the other. So the calibration of each exclusive head reads the
scores of all heads, and that of voice and side also the stance probabilities (stacked generalization: Wolpert 1992,
https://doi.org/10.1016/S0893-6080(05)80023-1). After learning from a teacher, who knew of that
already, each head is calibrated by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from models.calibration import MatrixScaling, PlattScaling
from models.heads import FloatArray, HeadLabels, HeadProbabilities, IntArray
from models.labels import Stance, Target
from models.linear.layout import N_STANCES, N_TARGETS, OTHER_HEADS

_ALL: Final = slice(None)


@dataclass(slots=True)
class Stack:
    """Fitted second stage.

    Attributes:
        stance: Calibration of the stance toward each target, which reads all 45 scores.
        exclusive: Calibration of voice and side, which also read the 12 stance probabilities.
        multilabel: Calibration of frames and of narratives, which read their labels' own scores.
    """

    stance: list[MatrixScaling]
    exclusive: dict[str, MatrixScaling]
    multilabel: dict[str, PlattScaling]

    @classmethod
    def fit(cls, scores: FloatArray, y: HeadLabels, emphasis: float, *, alone: bool = False) -> Self:
        """Fit on held-out scores of shape (n, 45) and their labels.

        Args:
            scores: Scores of paragraphs that the weights had not seen.
            y: Their labels.
            emphasis: How far rare labels are raised: rows weigh by their label's share to the power of minus this.
                0 calibrates to true frequencies; more trades some calibration for recall of rare labels.
            alone: Whether each exclusive head reads its own scores only.
        """
        weights = rare_first(y.stance, N_STANCES, emphasis)
        stance = [
            _scaling(scores, slice(at * N_STANCES, (at + 1) * N_STANCES) if alone else _ALL, labels, weight)
            for at, (labels, weight) in enumerate(zip(y.stance.T, weights.T, strict=True))
        ]
        inputs = _with_stances(scores, stance)
        exclusive, multilabel = {}, {}
        for head in OTHER_HEADS:
            labels = head.labels(y)
            if head.exclusive:
                weight = rare_first(labels, N_STANCES, emphasis)
                exclusive[head.name] = _scaling(inputs, head.columns if alone else _ALL, labels, weight)
            else:
                multilabel[head.name] = PlattScaling.fit(scores[:, head.columns], labels.astype(bool))
        return cls(stance, exclusive, multilabel)

    def __call__(self, scores: FloatArray) -> HeadProbabilities:
        """Return probabilities of every head from scores of shape (n, 45)."""
        inputs = _with_stances(scores, self.stance)
        found = {
            head.name: self.exclusive[head.name](inputs)
            if head.exclusive
            else self.multilabel[head.name](scores[:, head.columns])
            for head in OTHER_HEADS
        }
        stance = inputs[:, scores.shape[1] :].reshape(-1, N_TARGETS, N_STANCES)
        return HeadProbabilities(stance=stance, **found)

    def direction(self, target: Target, label: Stance) -> FloatArray:
        """Return how each of the 45 scores moves the log-odds of a stance over the mean of all four, shape (45,)."""
        matrix = self.stance[list(Target).index(target)].matrix
        direction: FloatArray = matrix[:, list(Stance).index(label)] - matrix.mean(axis=1)
        return direction


def rare_first(labels: IntArray, n_classes: int, emphasis: float) -> FloatArray:
    """Return inverse-frequency weights: for each label the share of its class, to the power of minus ``emphasis``."""
    shares = np.bincount(labels.ravel(), minlength=n_classes) / labels.size
    weights: FloatArray = np.maximum(shares, 1e-9)[labels] ** -emphasis
    return weights


def _scaling(scores: FloatArray, read: slice, labels: IntArray, weights: FloatArray) -> MatrixScaling:
    """Fit the calibration of a head of four classes to some columns; the others get no weight."""
    fitted = MatrixScaling.fit(scores[:, read], labels, N_STANCES, weights)
    matrix = np.zeros((scores.shape[1], N_STANCES))
    matrix[read] = fitted.matrix
    return MatrixScaling(matrix, fitted.offset)


def _with_stances(scores: FloatArray, stance: list[MatrixScaling]) -> FloatArray:
    return np.hstack([scores, *(scaling(scores) for scaling in stance)])
