"""Fitting the weights of all heads to labels, by one-vs-rest linear support vector machines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.svm import LinearSVC

from models.heads import FloatArray, HeadLabels
from models.linear.layout import N_COLUMNS, N_STANCES, N_TARGETS, OTHER_HEADS, STANCE_COLUMNS
from models.linear.rows import SparseRows
from models.linear.weights import Weights

_TOLERANCE: Final = 1e-2
_SHARE: Final = 1 / 4  # of all rows that those with a label count for, however few they are …
_LARGEST_WEIGHT: Final = 10.0  # … up to this weight a row

Progress = Callable[[str], None]


class Costs(NamedTuple):
    """A setting of the stance heads and of all others: the penalty of an error (scikit-learn's C), or of weights."""

    stance: float
    others: float


class Plane(NamedTuple):
    """A separating plane: ``features @ normal + offset`` is positive for rows that have the label."""

    normal: FloatArray
    offset: float


def certain(y: HeadLabels) -> FloatArray:
    """Return labels as probabilities of 0 and 1, shape (n, 45)."""
    found = np.zeros((len(y), N_COLUMNS))
    found[:, STANCE_COLUMNS] = np.eye(N_STANCES)[y.stance].reshape(len(y), -1)
    for head in OTHER_HEADS:
        labels, width = head.labels(y), head.columns.stop - head.columns.start
        found[:, head.columns] = np.eye(width)[labels] if head.exclusive else labels
    return found


def fit_weights(rows: SparseRows, known: FloatArray, costs: Costs, seed: int, n_jobs: int = 1) -> Weights:
    """Return weights fitted to all of ``rows``.

    Args:
        rows: Features of ``n`` paragraphs.
        known: Whether each has each label, 0 or 1, shape (n, 45); from :func:`certain`.
        costs: Penalties of an error.
        seed: Seed of the solver's order of rows.
        n_jobs: How many labels are fitted at once.
    """
    weights = Weights.zeros(rows)
    stances = sparse.hstack([per_target(rows.document), rows.target], format="csr")
    tasks = [(stances, column, costs.stance) for column in known[:, STANCE_COLUMNS].reshape(-1, N_STANCES).T]
    tasks += [(rows.document, column, costs.others) for column in known[:, STANCE_COLUMNS.stop :].T]
    planes = Parallel(n_jobs)(delayed(fit_plane)(X, column, cost, seed) for X, column, cost in tasks)
    _spread_stances(weights, planes[:N_STANCES])
    for column, plane in enumerate(planes[N_STANCES:], STANCE_COLUMNS.stop):
        weights.document[:, column], weights.offset[column] = plane
    return weights


def fit_plane(X: sparse.csr_matrix, known: FloatArray, cost: float, seed: int) -> Plane:
    """Separate the rows with the label from those without; together they weigh as if each label had an even share.

    Args:
        X: Features, shape (n, n_features).
        known: Whether a row has the label, 0 or 1, shape (n,).
        cost: Penalty of an error, scikit-learn's C.
        seed: Seed of the solver's order of rows.
    """
    labels = known.astype(bool)
    positive = int(labels.sum())
    if not labels.any() or labels.all():
        return Plane(np.zeros(X.shape[1]), 1.0 if positive else -1.0)
    weight = min(_LARGEST_WEIGHT, max(1.0, _SHARE * len(labels) / positive))
    model = LinearSVC(C=cost, class_weight={True: weight, False: 1.0}, tol=_TOLERANCE, random_state=seed)
    model.fit(X, labels)
    return Plane(model.coef_[0], float(model.intercept_[0]))


def per_target(document: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return three rows per paragraph, one for each target, with the document features in that target's own columns."""
    n, width = document.shape
    entries = document.tocoo()
    targets = np.repeat(np.arange(N_TARGETS), entries.nnz)
    rows = np.tile(entries.row, N_TARGETS) * N_TARGETS + targets
    columns = np.tile(entries.col, N_TARGETS) + targets * width
    shape = (n * N_TARGETS, width * N_TARGETS)
    return sparse.csr_matrix((np.tile(entries.data, N_TARGETS), (rows, columns)), shape)


def _spread_stances(weights: Weights, planes: list[Plane]) -> None:
    """Put the weights of the stance planes where they belong: those of each target's own, and the shared ones."""
    own = len(weights.document)
    for stance, plane in enumerate(planes):
        for target in range(N_TARGETS):
            column = target * N_STANCES + stance
            weights.document[:, column] = plane.normal[target * own : (target + 1) * own]
            weights.offset[column] = plane.offset
        weights.target[:, stance] = plane.normal[N_TARGETS * own :]
