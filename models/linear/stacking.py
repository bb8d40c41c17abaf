"""The second stage: calibrated probabilities of every head from the scores of all.

The heads depend on each other: a paragraph without any evaluation has no voice, and one that blames Ukraine rarely
advances its account. So each head's calibration reads, beside the head's own scores, the stance probabilities and all
other scores (stacked generalization, Wolpert 1992); the stances read their own four scores alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from models.calibration import MatrixScaling, PlattScaling
from models.heads import FloatArray, HeadLabels, HeadProbabilities
from models.labels import HEADS
from models.linear.layout import N_STANCES, N_TARGETS, OTHER_HEADS, by_target


@dataclass(slots=True)
class Stack:
    """Fitted second stage.

    Attributes:
        stance: Calibration of the stances, which reads four scores and which target they are of.
        exclusive: Calibration of voice and side.
        multilabel: Calibrations of each frame and narrative.
    """

    stance: MatrixScaling
    exclusive: dict[str, MatrixScaling]
    multilabel: dict[str, list[PlattScaling]]

    @classmethod
    def fit(cls, scores: FloatArray, y: HeadLabels, emphasis: float) -> Self:
        """Fit on held-out scores of shape (n, 45) and their labels.

        Args:
            scores: Scores of paragraphs that the weights had not seen.
            y: Their labels.
            emphasis: How far rare stances are raised: rows weigh by their stance's share to the power of minus this.
                0 calibrates to true frequencies; more trades calibration for recall of rare stances.
        """
        flat = y.stance.ravel()
        shares = np.bincount(flat, minlength=N_STANCES) / len(flat)
        stance = MatrixScaling.fit(_stance_inputs(scores), flat, N_STANCES, np.maximum(shares, 1e-9)[flat] ** -emphasis)
        inputs = _all_inputs(scores, stance(_stance_inputs(scores)))
        exclusive = {
            head.name: MatrixScaling.fit(inputs, head.labels(y), len(HEADS[head.name]))
            for head in OTHER_HEADS
            if head.exclusive
        }
        multilabel = {
            head.name: [
                PlattScaling.fit(column, labels.astype(bool))
                for column, labels in zip(scores[:, head.columns].T, head.labels(y).T, strict=True)
            ]
            for head in OTHER_HEADS
            if not head.exclusive
        }
        return cls(stance, exclusive, multilabel)

    def __call__(self, scores: FloatArray) -> HeadProbabilities:
        """Return probabilities of every head from scores of shape (n, 45)."""
        stance = self.stance(_stance_inputs(scores))
        inputs = _all_inputs(scores, stance)
        found = {name: scaling(inputs) for name, scaling in self.exclusive.items()}
        for head in OTHER_HEADS:
            if not head.exclusive:
                columns = zip(self.multilabel[head.name], scores[:, head.columns].T, strict=True)
                found[head.name] = np.stack([scaling(column) for scaling, column in columns], axis=1)
        return HeadProbabilities(stance=stance.reshape(-1, N_TARGETS, N_STANCES), **found)


def _stance_inputs(scores: FloatArray) -> FloatArray:
    own = by_target(scores).reshape(-1, N_STANCES)
    which = np.tile(np.eye(N_TARGETS), (len(scores), 1))
    return np.hstack([own, which])


def _all_inputs(scores: FloatArray, stance: FloatArray) -> FloatArray:
    return np.hstack([scores, stance.reshape(len(scores), -1)])
