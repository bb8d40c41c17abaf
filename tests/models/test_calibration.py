"""Calibration maps: probabilities that mean what they say."""

from __future__ import annotations

import numpy as np
import pytest

from models.calibration import MatrixScaling, PlattScaling, affine, best_threshold, sigmoid, softmax


def test_softmax_and_sigmoid_stand_extreme_scores() -> None:
    np.testing.assert_allclose(softmax([[1e9, 0.0], [-1e9, -1e9]]), [[1.0, 0.0], [0.5, 0.5]])
    np.testing.assert_allclose(sigmoid([-1e9, 0.0, 1e9]), [0.0, 0.5, 1.0])


def test_matrix_scaling_undoes_overconfidence() -> None:
    generator = np.random.default_rng(0)
    truth = generator.normal(size=(4000, 3))
    labels = np.array([generator.choice(3, p=row) for row in softmax(truth)])
    scaling = MatrixScaling.fit(truth * 7, labels, 3)
    assert np.abs(scaling(truth * 7) - softmax(truth)).mean() < 0.02


@pytest.mark.parametrize("present", [[1], [0, 2], [0, 1, 2]])
def test_matrix_scaling_knows_classes_without_examples(present: list[int]) -> None:
    scores = np.random.default_rng(0).normal(size=(60, 4))
    labels = np.array(present * (60 // len(present)))
    found = MatrixScaling.fit(scores, labels, 4)(scores)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert set(found.argmax(axis=1)) <= set(present)
    np.testing.assert_allclose(found.mean(axis=0)[present], 1 / len(present), atol=0.02)


def test_weights_shift_probability_to_rare_classes() -> None:
    scores = np.random.default_rng(0).normal(size=(300, 2))
    labels = np.r_[np.zeros(270, int), np.ones(30, int)]
    plain = MatrixScaling.fit(scores, labels, 2)(scores)
    raised = MatrixScaling.fit(scores, labels, 2, np.where(labels == 1, 9.0, 1.0))(scores)
    assert raised[:, 1].mean() > plain[:, 1].mean() + 0.2


def test_platt_scaling_meets_the_frequency_of_each_label() -> None:
    scores = np.random.default_rng(0).normal(size=(2000, 2))
    labels = np.random.default_rng(1).random((2000, 2)) < sigmoid(scores * [3, 1] + [-1, 2])
    found = PlattScaling.fit(scores, labels)
    np.testing.assert_allclose(found.slopes, [3, 1], atol=0.5)
    np.testing.assert_allclose(found(scores).mean(axis=0), labels.mean(axis=0), atol=0.01)


@pytest.mark.parametrize("label", [True, False])
def test_platt_scaling_of_a_constant_label_is_constant(label: bool) -> None:
    found = PlattScaling.fit(np.array([[1.0], [-3.0]]), np.array([[label], [label]]))(np.array([[-5.0], [5.0]]))
    np.testing.assert_allclose(found, float(label), atol=1e-6)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 16, 65])
def test_a_row_is_mapped_the_same_whatever_its_neighbours(size: int) -> None:
    generator = np.random.default_rng(size)
    rows, matrix, offset = generator.normal(size=(70, 57)), generator.normal(size=(57, 4)), generator.normal(size=4)
    together = softmax(affine(rows, matrix, offset))
    np.testing.assert_allclose(affine(rows, matrix, offset), rows @ matrix + offset)
    for first in range(0, 70, size):
        apart = softmax(affine(rows[first : first + size], matrix, offset))
        assert np.array_equal(apart, together[first : first + size])


def test_the_best_threshold_separates() -> None:
    found = np.array([[0.1, 0.62], [0.58, 0.2], [0.3, 0.4]])
    assert 0.4 < best_threshold(found, found > 0.5) < 0.59
