"""What a classifier learns from and what it gives: labels and probabilities of every head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HeadLabels:
    """Gold labels of ``n`` paragraphs, as column numbers in the order of :mod:`models.labels`.

    Attributes:
        stance: ndarray of shape (n, 3), one column per target, values 0–3.
        voice: ndarray of shape (n,), values 0–3.
        side: ndarray of shape (n,), values 0–3.
        frames: ndarray of bool, shape (n, 14).
        narratives: ndarray of bool, shape (n, 11).
    """

    stance: IntArray
    voice: IntArray
    side: IntArray
    frames: BoolArray
    narratives: BoolArray

    def __len__(self) -> int:
        return len(self.voice)

    def take(self, rows: IntArray) -> HeadLabels:
        """Return the labels of ``rows`` (indices), in that order."""
        return HeadLabels(
            self.stance[rows], self.voice[rows], self.side[rows], self.frames[rows], self.narratives[rows]
        )


@dataclass(frozen=True, slots=True)
class HeadProbabilities:
    """Calibrated probabilities of ``n`` paragraphs, columns in the order of :mod:`models.labels`.

    Attributes:
        stance: ndarray of shape (n, 3, 4); each of the last axis sums to 1.
        voice: ndarray of shape (n, 4), rows sum to 1.
        side: ndarray of shape (n, 4), rows sum to 1.
        frames: ndarray of shape (n, 14), independent probabilities.
        narratives: ndarray of shape (n, 11), independent probabilities.
    """

    stance: FloatArray
    voice: FloatArray
    side: FloatArray
    frames: FloatArray
    narratives: FloatArray

    def __len__(self) -> int:
        return len(self.voice)
