"""Learning labels, and learning what is only believed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from models.labels import HEADS
from models.linear.distilling import Group, loss_of, minimized
from models.linear.fitting import certain, fit_plane
from models.linear.layout import N_COLUMNS
from tests.models.corpus import labelled
from training.teacher import WIDTHS

ALONE = [Group(slice(0, 1), exclusive=False)]


def test_certain_labels_are_zeros_and_ones_in_the_order_of_the_heads() -> None:
    _, y = labelled()
    known = certain(y)
    assert known.shape == (len(y), N_COLUMNS)
    assert sum(WIDTHS) == N_COLUMNS == sum(len(labels) for labels in HEADS.values())
    stance, voice, side, frames, narratives = np.split(known, np.cumsum(WIDTHS)[:-1], axis=1)
    np.testing.assert_array_equal(stance.reshape(-1, 3, 4).argmax(-1), y.stance)
    np.testing.assert_array_equal(voice.argmax(-1), y.voice)
    np.testing.assert_array_equal(side.argmax(-1), y.side)
    np.testing.assert_array_equal(frames, y.frames)
    np.testing.assert_array_equal(narratives, y.narratives)


@pytest.mark.parametrize("known", [[0.0, 0.0], [1.0, 1.0]])
def test_a_label_of_none_or_all_is_a_constant(known: list[float]) -> None:
    plane = fit_plane(sparse.csr_matrix(np.eye(2)), np.array(known), 1.0, 0)
    assert not plane.normal.any()
    assert plane.offset == (1.0 if known[0] else -1.0)


@pytest.mark.parametrize("make", [sparse.csr_matrix, np.asarray])
def test_beliefs_are_learned_as_they_are(make: type) -> None:
    X = make(np.eye(3, dtype=np.float32))
    groups = [Group(slice(0, 2), exclusive=True), Group(slice(2, 3), exclusive=False)]
    beliefs = np.array([[0.9, 0.1, 0.5], [0.4, 0.6, 0.2], [0.5, 0.5, 0.99]])
    (weights,), offset = minimized([X], beliefs, groups, 1e-7, 100)
    scores = weights + offset
    np.testing.assert_allclose(np.exp(scores[:, 0]) / np.exp(scores[:, :2]).sum(axis=1), beliefs[:, 0], atol=0.01)
    np.testing.assert_allclose(1 / (1 + np.exp(-scores[:, 2])), beliefs[:, 2], atol=0.01)


def test_a_design_of_more_rows_gives_its_share_of_the_columns_row_by_row() -> None:
    """Three rows a paragraph, one weight for all of them: what is learned of one target holds for the others."""
    X = sparse.csr_matrix(np.array([[1.0], [0.0], [-1.0], [0.0], [1.0], [0.0]], np.float32))
    groups = [Group(slice(at, at + 1), exclusive=False) for at in range(3)]
    beliefs = np.array([[0.9, 0.5, 0.1], [0.5, 0.9, 0.5]])
    (weights,), offset = minimized([X], beliefs, groups, 1e-7, 100)
    assert weights.shape == (1, 1)
    assert weights[0, 0] == pytest.approx(np.log(9), abs=0.05)
    np.testing.assert_allclose(offset, 0.0, atol=0.05)


def test_a_penalty_holds_weights_back() -> None:
    X, beliefs = np.array([[1.0], [-1.0]], np.float32), np.array([[0.99], [0.01]])
    sizes = [float(np.abs(minimized([X], beliefs, ALONE, penalty, 100)[0][0][0, 0])) for penalty in (1e-6, 0.1, 1.0)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 4
    assert sizes[-1] < 1


def test_the_slope_is_that_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    groups = [Group(slice(0, 4), exclusive=True), Group(slice(4, 6), exclusive=False)]
    scores, beliefs = rng.normal(size=(5, 6)), np.hstack([rng.dirichlet(np.ones(4), 5), rng.random((5, 2))])
    _, slopes = loss_of(scores, beliefs, groups)
    for row in range(5):
        for column in range(6):
            up, down = scores.copy(), scores.copy()
            up[row, column] += 1e-5
            down[row, column] -= 1e-5
            expected = (loss_of(up, beliefs, groups)[0] - loss_of(down, beliefs, groups)[0]) / 2e-5
            assert slopes[row, column] == pytest.approx(expected, abs=1e-6)


def test_scores_without_bound_give_finite_losses() -> None:
    groups = [Group(slice(0, 2), exclusive=True), Group(slice(2, 3), exclusive=False)]
    loss, slopes = loss_of(np.array([[1e4, -1e4, 1e4]]), np.array([[1.0, 0.0, 1.0]]), groups)
    assert loss == pytest.approx(0.0)
    assert np.isfinite(slopes).all()
