"""The weights of all heads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.heads import FloatArray
from models.linear.layout import N_COLUMNS, N_STANCES, STANCE_COLUMNS
from models.linear.rows import SparseRows


@dataclass(slots=True)
class Weights:
    """One affine map from features to the scores of all heads.

    Attributes:
        document: ndarray of float32, shape (n_document_features, 45); columns as in :mod:`models.linear.layout`.
        target: ndarray of float32, shape (n_target_features, 4): stance weights that all targets share.
        offset: ndarray of shape (45,).
    """

    document: NDArray[np.float32]
    target: NDArray[np.float32]
    offset: FloatArray

    def __getstate__(self) -> tuple[object, ...]:
        # Half precision halves a shipped file; a weight's rounding is far below what it learned from noise.
        return self.document.astype(np.float16), self.target.astype(np.float16), self.offset

    def __setstate__(self, state: tuple[NDArray[np.float16], NDArray[np.float16], FloatArray]) -> None:
        self.document, self.target = state[0].astype(np.float32), state[1].astype(np.float32)
        self.offset = state[2]

    @classmethod
    def zeros(cls, rows: SparseRows) -> Self:
        """Return weights of the right shapes that give zeros."""
        return cls(
            np.zeros((rows.document.shape[1], N_COLUMNS), np.float32),
            np.zeros((rows.target.shape[1], N_STANCES), np.float32),
            np.zeros(N_COLUMNS),
        )

    def scores(self, rows: SparseRows) -> FloatArray:
        """Return the scores of all heads, shape (n, 45).

        A sparse row times a dense matrix adds up from left to right: no row depends on its neighbors.
        """
        scores: FloatArray = (rows.document @ self.document).astype(np.float64) + self.offset
        scores[:, STANCE_COLUMNS] += (rows.target @ self.target).reshape(len(scores), STANCE_COLUMNS.stop)
        return scores
