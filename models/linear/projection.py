"""Dense views of sparse rows, for the time of fitting only.

Beside its sparse features a row gets the weighted mean of its words' vectors, of all words and of those in each place
around a target. The mean is linear in the features, so what is learned on it folds back into the features' own weights:
rare words inherit from words used alike, and scoring costs nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.features import BESIDE, FeatureSpace
from models.heads import IntArray
from models.linear.layout import target_rows
from models.linear.rows import Spaces, SparseRows
from models.linear.vectors import Vectors
from models.linear.weights import Weights

_STRENGTH: Final = 0.5
"""Scale of the dense columns beside the sparse ones; rows of either have about unit length."""


class DenseRows(NamedTuple):
    """Dense columns of ``n`` paragraphs.

    Attributes:
        document: ndarray of float32, shape (n, n_dense).
        target: ndarray of float32, shape (3 n, n_target_dense).
    """

    document: NDArray[np.float32]
    target: NDArray[np.float32]

    def take(self, rows: IntArray) -> DenseRows:
        """Return the columns of the given paragraphs alone."""
        return DenseRows(self.document[rows], self.target[target_rows(rows)])


@dataclass(frozen=True, slots=True)
class Projection:
    """Maps from features to dense columns.

    Attributes:
        document: ndarray of float32, shape (n_document_features, n_dense).
        target: ndarray of float32, shape (n_target_features, n_target_dense).
    """

    document: NDArray[np.float32]
    target: NDArray[np.float32]

    @classmethod
    def of(cls, spaces: Spaces, vectors: Vectors) -> Self:
        """Return the projection that gives each word's features the word's vector."""
        size = len(next(iter(vectors.values()), ()))
        words, near = _block(spaces.words, [""], vectors, size), _block(spaces.near, BESIDE, vectors, size)
        document = np.zeros((spaces.n_document, size), np.float32)
        document[: len(words)] = words
        target = np.zeros((spaces.n_target, size + near.shape[1]), np.float32)
        target[: len(words), :size] = words
        target[len(words) :, size:] = near
        return cls(document, target)

    def extend(self, rows: SparseRows) -> SparseRows:
        """Return ``rows`` with their dense columns after the sparse ones."""
        return SparseRows(_extended(rows.document, self.document), _extended(rows.target, self.target))

    def dense(self, rows: SparseRows) -> DenseRows:
        """Return the dense columns of ``rows`` alone."""
        return DenseRows(rows.document @ self.document, rows.target @ self.target)

    def fold(self, weights: Weights) -> Weights:
        """Return weights of sparse rows that score as ``weights`` does of extended rows."""
        n_document, n_target = len(self.document), len(self.target)
        return Weights(
            weights.document[:n_document] + self.document @ weights.document[n_document:],
            weights.target[:n_target] + self.target @ weights.target[n_target:],
            weights.offset,
        )


def _block(space: FeatureSpace, places: Sequence[str], vectors: Vectors, size: int) -> NDArray[np.float32]:
    """Return the vectors of the words of a space's features, in columns of their own for each place."""
    block = np.zeros((len(space), len(places) * size), np.float32)
    for number, place in enumerate(places):
        for word, vector in vectors.items():
            column = space.columns_.get(place + word)
            if column is not None:
                block[column, number * size : (number + 1) * size] = _STRENGTH * vector
    return block


def _extended(rows: sparse.csr_matrix, projection: NDArray[np.float32]) -> sparse.csr_matrix:
    return sparse.hstack([rows, sparse.csr_matrix(rows @ projection)], format="csr", dtype=np.float32)
