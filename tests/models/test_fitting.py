"""Learning from what is only believed: the more a label leads, the more it counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from models.labels import HEADS
from models.linear.fitting import certain, fit_plane
from models.linear.layout import N_COLUMNS
from tests.models.corpus import labelled
from training.teacher import WIDTHS


def test_certain_labels_are_zeros_and_ones_in_the_order_of_the_heads() -> None:
    _, y = labelled()
    beliefs = certain(y)
    assert beliefs.shape == (len(y), N_COLUMNS)
    assert sum(WIDTHS) == N_COLUMNS == sum(len(labels) for labels in HEADS.values())
    stance, voice, side, frames, narratives = np.split(beliefs, np.cumsum(WIDTHS)[:-1], axis=1)
    np.testing.assert_array_equal(stance.reshape(-1, 3, 4).argmax(-1), y.stance)
    np.testing.assert_array_equal(voice.argmax(-1), y.voice)
    np.testing.assert_array_equal(side.argmax(-1), y.side)
    np.testing.assert_array_equal(frames, y.frames)
    np.testing.assert_array_equal(narratives, y.narratives)


def test_a_belief_of_one_half_counts_for_nothing() -> None:
    X = sparse.csr_matrix(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]))
    sure = fit_plane(X[:2], np.array([1.0, 0.0]), 1.0, 0)
    undecided = fit_plane(X, np.array([1.0, 0.0, 0.5 + 1e-9, 0.5 - 1e-9]), 1.0, 0)
    np.testing.assert_allclose(undecided.normal, sure.normal, atol=0.02)
    assert undecided.offset == pytest.approx(sure.offset, abs=0.02)


def test_the_side_that_leads_by_more_wins() -> None:
    X = sparse.csr_matrix(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    for first, second in ((0.9, 0.3), (0.7, 0.1)):
        plane = fit_plane(X, np.array([first, second, 0.5]), 10.0, 0)
        assert (plane.normal[0] + plane.offset > 0) == (first - 0.5 > 0.5 - second)
