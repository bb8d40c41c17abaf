"""From features to the sparse rows that weights apply to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.features import BESIDE, Columns, Features, FeatureSpace
from models.heads import IntArray
from models.linear.layout import target_rows


class SparseRows(NamedTuple):
    """Features of ``n`` paragraphs as matrices.

    Attributes:
        document: csr_matrix of float32, shape (n, n_document_features): words and pairs as they stand, then shape.
        target: csr_matrix of float32, shape (3 n, n_target_features), three rows per paragraph, one per target: words
            and pairs with mentions masked, then what stands near a mention.
    """

    document: sparse.csr_matrix
    target: sparse.csr_matrix

    def take(self, rows: IntArray) -> SparseRows:
        """Return the matrices of the given paragraphs alone."""
        return SparseRows(self.document[rows], self.target[target_rows(rows)])


@dataclass(frozen=True)
class Spaces:
    """The vocabularies of all families of features; both kinds of rows share that of words and pairs."""

    words: FeatureSpace
    near: FeatureSpace
    shape: FeatureSpace

    @classmethod
    def fit(cls, features: Sequence[Features], min_rows: int, words: Collection[str] = ()) -> Self:
        """Choose the vocabularies: features of at least ``min_rows`` rows, and ``words`` in every place."""
        return cls(
            FeatureSpace(min_rows).fit((_told(found) for found in features), words),
            FeatureSpace(min_rows).fit(
                (row for found in features for row in found.near), [place + word for place in BESIDE for word in words]
            ),
            FeatureSpace(min_rows).fit(found.shape for found in features),
        )

    @property
    def n_document(self) -> int:
        """Number of document features."""
        return len(self.words) + len(self.shape)

    @property
    def n_target(self) -> int:
        """Number of target features."""
        return len(self.words) + len(self.near)

    def transform(self, features: Sequence[Features]) -> SparseRows:
        """Return the features of paragraphs as matrices; a row depends on its paragraph alone, to the last bit."""
        document, target = _Builder(self.words, self.shape), _Builder(self.words, self.near)
        for found in features:
            common = self.words.find(found.common)
            document.add(self.words.find(found.document, common), self.shape.find(found.shape))
            for masked, near in zip(found.masked, found.near, strict=True):
                target.add(self.words.find(masked, common), self.near.find(near))
        return SparseRows(document.matrix(), target.matrix())


def _told(found: Features) -> list[str]:
    """Return a paragraph's words and pairs, as they stand and from each target's point of view."""
    return [*found.common, *found.document, *(feature for own in found.masked for feature in own)]


class _Builder:
    """Collects rows of two blocks side by side, each scaled to unit length."""

    def __init__(self, left: FeatureSpace, right: FeatureSpace) -> None:
        self._left, self._right = left, right
        self._columns: list[int] = []
        self._lengths: list[int] = []

    def add(self, left: Columns, right: Columns) -> None:
        """Add a row by the columns of its two blocks."""
        self._columns += left
        self._columns += right
        self._lengths += len(left), len(right)

    def matrix(self) -> sparse.csr_matrix:
        """Return the rows added."""
        lengths = np.array(self._lengths, np.int64)
        segments = np.repeat(np.arange(len(lengths)), lengths)
        columns, is_right = np.array(self._columns, np.int64), segments % 2 == 1
        values = np.empty(len(columns))
        values[~is_right] = self._left.weights_[columns[~is_right]]
        values[is_right] = self._right.weights_[columns[is_right]]
        # Counting adds up each segment from left to right, so that neighbors can't change a rounding.
        values /= np.sqrt(np.bincount(segments, values**2, len(lengths)))[segments]
        columns[is_right] += len(self._left)
        ends: NDArray[np.int64] = np.concatenate([[0], np.cumsum(lengths)])[::2]
        shape = (len(ends) - 1, len(self._left) + len(self._right))
        return sparse.csr_matrix((values.astype(np.float32), columns.astype(np.int32), ends.astype(np.int32)), shape)
