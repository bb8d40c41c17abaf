"""Vocabularies: from feature strings to sparse rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Rows = Sequence[Sequence[str]]


class FeatureSpace:
    """The columns of a sparse matrix, by name, each with its weight.

    A row holds each of its features once, weighted by inverse document frequency and scaled to unit length. A row's
    values depend on that row alone, to the last bit.

    Args:
        min_rows: A feature that stands in fewer rows of the fit is left out.

    Attributes:
        columns_: Number of the column of each feature.
        weights_: ndarray of float32, shape (n_columns,): inverse document frequencies.

    Example:
        >>> space = FeatureSpace(min_rows=1).fit([["war", "peace"], ["war"]])
        >>> sorted(space.columns_)
        ['peace', 'war']
        >>> space.transform([["war", "unseen"]]).toarray().round(2).tolist()
        [[0.0, 1.0]]
    """

    def __init__(self, min_rows: int = 2) -> None:
        self.min_rows = min_rows
        self.columns_: dict[str, int] = {}
        self.weights_: NDArray[np.float32] = np.zeros(0, np.float32)

    def __len__(self) -> int:
        return len(self.columns_)

    def fit(self, rows: Rows, always: Iterable[str] = ()) -> Self:
        """Choose the columns from the features of ``rows``; those in ``always`` need not stand in any."""
        frequency = Counter(feature for row in rows for feature in set(row))
        frequent = {feature for feature, count in frequency.items() if count >= self.min_rows}
        kept = sorted(frequent.union(always))
        counts = np.array([frequency[feature] for feature in kept], float)
        self.columns_ = {feature: column for column, feature in enumerate(kept)}
        # The smoothed inverse document frequency of scikit-learn's TfidfTransformer.
        self.weights_ = (np.log((1 + len(rows)) / (1 + counts)) + 1).astype(np.float32)
        return self

    def transform(self, rows: Rows) -> sparse.csr_matrix:
        """Return a matrix of float32, shape (n_rows, n_columns)."""
        indices: list[int] = []
        ends = [0]
        for row in rows:
            indices += self._known(row)
            ends.append(len(indices))
        values = self.weights_[np.array(indices, np.int64)]
        matrix = sparse.csr_matrix((values, np.array(indices, np.int32), ends), (len(rows), len(self)))
        # Sparse times vector adds up a row from left to right, so that neighbours can't change a rounding.
        norms = np.sqrt(matrix.multiply(matrix) @ np.ones(len(self), np.float32))
        matrix.data /= np.repeat(np.maximum(norms, 1e-9), np.diff(ends))
        return matrix

    def _known(self, row: Iterable[str]) -> list[int]:
        columns = self.columns_
        return sorted({columns[feature] for feature in row if feature in columns})
