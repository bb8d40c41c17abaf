"""The weights of all heads, and the sparse rows they apply to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.features import BESIDE, Features, FeatureSpace
from models.heads import FloatArray, IntArray
from models.linear.layout import N_COLUMNS, N_STANCES, STANCE_COLUMNS, target_rows


class SparseRows(NamedTuple):
    """Features of ``n`` paragraphs as matrices.

    Attributes:
        document: csr_matrix of float32, shape (n, n_document_features): words, word pairs and shape.
        target: csr_matrix of float32, shape (3 n, n_target_features): three rows a paragraph, one a target.
    """

    document: sparse.csr_matrix
    target: sparse.csr_matrix

    def take(self, rows: IntArray) -> SparseRows:
        """Return the matrices of the given paragraphs alone."""
        return SparseRows(self.document[rows], self.target[target_rows(rows)])


@dataclass(slots=True)
class Spaces:
    """The vocabularies of all families of features; columns of shape follow those of words, near those of masked."""

    document: FeatureSpace
    shape: FeatureSpace
    masked: FeatureSpace
    near: FeatureSpace

    @classmethod
    def fit(cls, features: Sequence[Features], min_rows: int, words: Collection[str] = ()) -> Self:
        """Choose the vocabularies: features of at least ``min_rows`` rows, and ``words`` in every place."""
        beside = [place + word for place in BESIDE for word in words]
        return cls(
            FeatureSpace(min_rows).fit([found.document for found in features], words),
            FeatureSpace(min_rows).fit([found.shape for found in features]),
            FeatureSpace(min_rows).fit([row for found in features for row in found.masked], words),
            FeatureSpace(min_rows).fit([row for found in features for row in found.near], beside),
        )

    @property
    def n_document(self) -> int:
        """Number of document features, shape included."""
        return len(self.document) + len(self.shape)

    def transform(self, features: Sequence[Features]) -> SparseRows:
        """Return the features of paragraphs as matrices."""
        masked = self.masked.transform([row for found in features for row in found.masked])
        near = self.near.transform([row for found in features for row in found.near])
        target = sparse.hstack([masked, near], format="csr", dtype=np.float32)
        words = self.document.transform([found.document for found in features])
        shape = self.shape.transform([found.shape for found in features])
        return SparseRows(sparse.hstack([words, shape], format="csr", dtype=np.float32), target)


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

        A sparse row times a dense matrix adds up from left to right: no row depends on its neighbours.
        """
        scores: FloatArray = (rows.document @ self.document).astype(np.float64) + self.offset
        scores[:, STANCE_COLUMNS] += (rows.target @ self.target).reshape(len(scores), STANCE_COLUMNS.stop)
        return scores
