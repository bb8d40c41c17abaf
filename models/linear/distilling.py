"""Fitting the weights of all heads to beliefs: to whole distributions over labels, as a teacher gives them.

A support vector machine is told on which side of a plane a paragraph lies; this is told how far, which is what a
teacher knows beyond a label (distillation: Hinton, Vinyals, Dean 2015, https://arxiv.org/abs/1503.02531). It is
multinomial and binary logistic regression with soft labels, minimized by L-BFGS (Liu & Nocedal 1989,
https://doi.org/10.1007/BF01589116) over features scaled by their curvature: a word in every second paragraph and one in
ten of them all are then learned as fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit, log_expit, log_softmax

from models.heads import FloatArray
from models.linear.fitting import Costs
from models.linear.layout import N_STANCES, N_TARGETS, OTHER_HEADS, STANCE_COLUMNS
from models.linear.projection import DenseRows
from models.linear.rows import SparseRows
from models.linear.weights import Weights

_CURVATURE: Final = 0.1
"""About the mean of p (1 - p) over labels: how much a score's square weighs in the loss."""

_MEMORY: Final = 10
"""Steps that L-BFGS remembers."""

FloatMatrix = NDArray[np.float32]
Matrix: TypeAlias = FloatMatrix | sparse.csr_matrix


class Group(NamedTuple):
    """Columns of scores that are one distribution, or labels that hold each by itself."""

    columns: slice
    exclusive: bool


@dataclass(frozen=True, slots=True)
class Design:
    """A matrix of features, ready to be multiplied from either side.

    Attributes:
        rows: ndarray or csr_matrix of float32, shape (n_rows, n_features).
        columns: Its transpose; of a sparse matrix by rows as well.
        scale: What a feature's weight is multiplied by to be about as curved as the others', shape (n_features, 1).
    """

    rows: Matrix
    columns: Matrix
    scale: FloatMatrix

    @classmethod
    def of(cls, rows: Matrix, penalty: float) -> Self:
        """Return the design of ``rows`` with weights that are held near zero by ``penalty``."""
        if isinstance(rows, np.ndarray):
            columns, squares = rows.T, np.square(rows).mean(axis=0)
        else:
            columns, squares = rows.T.tocsr(), np.asarray(rows.multiply(rows).mean(axis=0)).ravel()
        scale = 1 / np.sqrt(_CURVATURE * squares + penalty)
        return cls(rows, columns, scale[:, None].astype(np.float32))


def fit_beliefs(rows: SparseRows, dense: DenseRows, beliefs: FloatArray, penalties: Costs, steps: int) -> Weights:
    """Return weights whose probabilities come closest to ``beliefs``, those of sparse columns before those of dense.

    Args:
        rows: Features of ``n`` paragraphs.
        dense: Their dense columns.
        beliefs: Probability of each label, shape (n, 45), columns as in :mod:`models.linear.layout`.
        penalties: Weight of the weights' squares beside the mean loss of a paragraph.
        steps: How many steps to take at most.
    """
    document, target = [rows.document, dense.document], [rows.target, dense.target]
    stances = [Group(slice(at * N_STANCES, (at + 1) * N_STANCES), exclusive=True) for at in range(N_TARGETS)]
    rest = STANCE_COLUMNS.stop
    others = [Group(slice(head.columns.start - rest, head.columns.stop - rest), head.exclusive) for head in OTHER_HEADS]
    of_stances, stance_offset = minimized([*document, *target], beliefs[:, :rest], stances, penalties.stance, steps)
    of_others, offset = minimized(document, beliefs[:, rest:], others, penalties.others, steps)
    return Weights(
        np.hstack([np.vstack(of_stances[: len(document)]), np.vstack(of_others)]),
        np.vstack(of_stances[len(document) :]),
        np.concatenate([stance_offset, offset]),
    )


def minimized(
    matrices: Sequence[Matrix], beliefs: FloatArray, groups: Sequence[Group], penalty: float, steps: int
) -> tuple[list[FloatMatrix], FloatArray]:
    """Return the weights of each matrix and the offsets whose scores fit ``beliefs`` best.

    Args:
        matrices: Features; one of k times as many rows as ``beliefs`` gives k-ths of its columns, row by row.
        beliefs: Probabilities, shape (n, n_columns).
        groups: What the columns are.
        penalty: Weight of the weights' squares.
        steps: How many steps to take at most.
    """
    n, width = beliefs.shape
    designs = [Design.of(matrix, penalty) for matrix in matrices]
    wanted = beliefs.astype(np.float32)
    shapes = [(design.rows.shape[1], width * n // design.rows.shape[0]) for design in designs]
    ends = np.cumsum([one * other for one, other in shapes])

    def unpacked(packed: FloatArray) -> tuple[list[FloatMatrix], FloatMatrix]:
        *blocks, offset = np.split(packed.astype(np.float32), ends)
        return [
            block.reshape(shape) * design.scale for block, shape, design in zip(blocks, shapes, designs, strict=True)
        ], offset

    def objective(packed: FloatArray) -> tuple[float, FloatArray]:
        weights, offset = unpacked(packed)
        scores = np.tile(offset, (n, 1))
        for design, weight in zip(designs, weights, strict=True):
            scores += (design.rows @ weight).reshape(n, width)
        loss, slopes = loss_of(scores, wanted, groups)
        parts = [
            design.scale * (design.columns @ slopes.reshape(design.rows.shape[0], -1) + penalty * weight)
            for design, weight in zip(designs, weights, strict=True)
        ]
        value = loss + penalty / 2 * sum(float(np.square(weight, dtype=np.float64).sum()) for weight in weights)
        return value, np.concatenate([*map(np.ravel, parts), slopes.sum(axis=0)]).astype(np.float64)

    found = minimize(
        objective,
        np.zeros(ends[-1] + width),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "maxcor": _MEMORY},
    )
    weights, offset = unpacked(found.x)
    return weights, offset.astype(np.float64)


def loss_of(scores: FloatMatrix, beliefs: FloatMatrix, groups: Sequence[Group]) -> tuple[float, FloatMatrix]:
    """Return the mean over rows of the cross-entropy of all groups together, and its slope in each score."""
    total, slopes = 0.0, np.empty_like(scores)
    for columns, exclusive in groups:
        here, wanted = scores[:, columns], beliefs[:, columns]
        if exclusive:
            logs = log_softmax(here, axis=1)
            total -= float((wanted * logs).sum(dtype=np.float64))
            slopes[:, columns] = wanted.sum(axis=1, keepdims=True) * np.exp(logs) - wanted
        else:
            logs = wanted * log_expit(here) + (1 - wanted) * log_expit(-here)
            total -= float(logs.sum(dtype=np.float64))
            slopes[:, columns] = expit(here) - wanted
    return total / len(scores), slopes / np.float32(len(scores))
