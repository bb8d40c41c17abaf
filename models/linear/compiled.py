"""Scores of many paragraphs at once, from the columns of :mod:`models.linear.lookup`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.heads import FloatArray, IntArray
from models.linear.layout import N_STANCES, N_TARGETS, STANCE_COLUMNS
from models.linear.lookup import Block, Found, Lookup
from models.linear.rows import Spaces
from models.linear.weights import Weights
from models.paragraph import Paragraph


class Compiled:
    """Vocabularies and weights, made ready for scoring.

    What it gives is what :class:`~models.linear.weights.Weights` gives of the rows of
    :class:`~models.linear.rows.Spaces`, but for the rounding of single precision. What all points of view share is
    added up once.

    Args:
        spaces: The vocabularies.
        weights: The weights of all heads.
    """

    def __init__(self, spaces: Spaces, weights: Weights) -> None:
        self._lookup, self._weights = Lookup(spaces), weights
        self._idf = np.concatenate([spaces.words.weights_, spaces.near.weights_, spaces.shape.weights_]).astype(float)
        # Where a column of words or shapes stands among the document's.
        self._place = np.arange(len(self._idf))
        self._place[spaces.n_target :] -= len(spaces.near)

    def scores(self, paragraphs: Sequence[Paragraph]) -> FloatArray:
        """Return the scores of all heads, shape (n, 45); a row depends on its paragraph alone, to the last bit."""
        n = len(paragraphs)
        if not n:
            return np.zeros((0, len(self._weights.offset)))
        ends, columns = self._rows(self._lookup(paragraphs), n)
        values = self._idf[columns]
        in_rows = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
        squares = np.bincount(in_rows, values**2, len(ends) - 1).astype(np.float64)
        shape, document, common, masked, near = (block.rows(n) for block in Block)

        cut = ends[common.start]
        added = _product(values[:cut], self._place[columns[:cut]], ends[: common.start + 1], self._weights.document)
        scores: FloatArray = self._weights.offset + added[shape] / _lengths(squares[shape])
        scores += added[document] / _lengths(squares[document])

        added = np.zeros((len(squares), N_STANCES))
        added[common.start :] = _product(values[cut:], columns[cut:], ends[common.start :] - cut, self._weights.target)
        words = _lengths(np.repeat(squares[common], N_TARGETS) + squares[masked])
        stances = (np.repeat(added[common], N_TARGETS, axis=0) + added[masked]) / words
        stances += added[near] / _lengths(squares[near])
        scores[:, STANCE_COLUMNS] += stances.reshape(n, STANCE_COLUMNS.stop)
        return scores

    def _rows(self, found: Found, n: int) -> tuple[IntArray, IntArray]:
        """Return the rows of all blocks one after another: where each ends, and their columns.

        Columns rise within a row, each there once, so that a row adds up in the same order whatever stands beside it.
        """
        keys = np.sort(found.rows * len(self._idf) + found.columns)
        keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
        rows, columns = np.divmod(keys, len(self._idf))
        return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=Block.NEAR.rows(n).stop))]), columns


def _product(values: FloatArray, columns: IntArray, ends: IntArray, weights: NDArray[np.float32]) -> FloatArray:
    rows = values.astype(np.float32), columns.astype(np.int32), ends.astype(np.int32)
    found: FloatArray = (sparse.csr_matrix(rows, (len(ends) - 1, len(weights))) @ weights).astype(np.float64)
    return found


def _lengths(squares: FloatArray) -> FloatArray:
    """Return Euclidean lengths as a column; 1 for a row that is empty."""
    lengths: FloatArray = np.sqrt(np.where(squares > 0.0, squares, 1.0))[:, None]
    return lengths
