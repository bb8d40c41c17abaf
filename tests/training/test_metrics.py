"""Measures against scikit-learn's, and intervals against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, confusion_matrix, f1_score

from training.metrics import (
    Resampling,
    calibration_error,
    confusions,
    f1_of_confusions,
    f1_of_outcomes,
    interval,
    kappa,
    micro_f1,
    outcomes,
)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


def test_f1_is_scikit_learn_s(random: np.random.Generator) -> None:
    gold, found = random.integers(0, 4, (200, 3)), random.integers(0, 4, (200, 3))
    totals = confusions(gold, found, 4).sum(axis=0)
    np.testing.assert_array_equal(totals, confusion_matrix(gold.ravel(), found.ravel()))
    np.testing.assert_allclose(f1_of_confusions(totals), f1_score(gold.ravel(), found.ravel(), average=None))


def test_multilabel_f1_is_scikit_learn_s(random: np.random.Generator) -> None:
    gold, found = random.random((200, 5)) < 0.2, random.random((200, 5)) < 0.3
    totals = outcomes(gold, found).sum(axis=0)
    np.testing.assert_allclose(f1_of_outcomes(totals), f1_score(gold, found, average=None))
    assert micro_f1(totals) == pytest.approx(f1_score(gold, found, average="micro"))


def test_kappa_is_scikit_learn_s(random: np.random.Generator) -> None:
    gold = random.integers(0, 4, 300)
    found = np.where(random.random(300) < 0.6, gold, random.integers(0, 4, 300))
    counts = confusions(gold, found, 4).sum(axis=0)
    assert kappa(counts) == pytest.approx(cohen_kappa_score(gold, found))
    assert kappa(np.stack([counts, np.diag([5, 0, 0, 0])]))[1] == 0


def test_a_class_that_is_neither_there_nor_claimed_has_f1_zero() -> None:
    assert f1_of_confusions(np.array([[3, 0], [0, 0]])).tolist() == [1.0, 0.0]


def test_resampling_starts_with_the_sample_and_keeps_documents_whole() -> None:
    groups = np.array([7, 7, 3, 7])
    totals = Resampling(groups, draws=50).totals(np.array([[1, 0], [1, 0], [0, 5], [1, 0]]))
    assert totals[0].tolist() == [3, 5]
    assert totals.shape == (51, 2)
    assert {tuple(row) for row in totals[1:].tolist()} == {(3, 5), (6, 0), (0, 10)}


def test_the_same_seed_draws_the_same() -> None:
    groups, counts = np.arange(30), np.arange(30)[:, None]
    one, other = Resampling(groups, 20, seed=5), Resampling(groups, 20, seed=5)
    np.testing.assert_array_equal(one.totals(counts), other.totals(counts))
    assert (Resampling(groups, 20, seed=6).totals(counts) != one.totals(counts)).any()


def test_an_interval_leaves_out_the_lowest_and_the_highest_fortieth_of_the_draws() -> None:
    draws = np.arange(1001) / 1000
    assert interval(np.array([0.9, *draws[::-1]])) == pytest.approx((0.9, 0.025, 0.975))


def test_the_value_itself_is_no_draw() -> None:
    assert interval(np.array([0.9, 0.2, 0.2, 0.2])) == pytest.approx((0.9, 0.2, 0.2))


def test_intervals_cover_the_truth_about_as_often_as_they_say(random: np.random.Generator) -> None:
    covered = 0
    for trial in range(200):
        right = random.random(150) < 0.7
        counts = np.stack([right, ~right], axis=1).astype(np.int64)
        totals = Resampling(np.arange(150), 200, seed=trial).totals(counts)
        low, high = interval(totals[:, 0] / totals.sum(axis=1))[1:]
        covered += low <= 0.7 <= high
    assert 0.88 <= covered / 200 <= 0.99


def test_documents_of_like_paragraphs_widen_the_interval(random: np.random.Generator) -> None:
    right = np.repeat(random.random(40) < 0.6, 10)
    counts = right[:, None].astype(np.int64)
    widths = []
    for groups in (np.arange(400), np.repeat(np.arange(40), 10)):
        found = interval(Resampling(groups, 400).totals(counts)[:, 0] / 400)
        widths.append(found.high - found.low)
    assert widths[1] > 2 * widths[0]


def test_calibration_error_of_the_honest_and_of_the_overconfident(random: np.random.Generator) -> None:
    claimed = random.random(20_000)
    outcome = random.random(20_000) < claimed
    assert calibration_error(claimed, outcome) < 0.02
    assert calibration_error(np.clip(claimed + 0.2, 0, 1), outcome) == pytest.approx(0.18, abs=0.03)


def test_calibration_error_counted_by_hand() -> None:
    # In order, 0.1 0.6 0.7 | 0.8 0.9: two of the first three came true, none of the last two.
    claimed = np.array([0.9, 0.1, 0.8, 0.6, 0.7])
    outcome = np.array([False, False, False, True, True])
    assert calibration_error(claimed, outcome, bins=2) == pytest.approx((3 * (2 / 3 - 1.4 / 3) + 2 * 0.85) / 5)
    assert calibration_error(claimed, outcome, bins=1) == pytest.approx(0.62 - 0.4)


def test_the_order_of_rows_does_not_change_the_calibration_error(random: np.random.Generator) -> None:
    claimed = np.linspace(0, 1, 300)
    outcome = random.random(300) < claimed**2
    order = random.permutation(300)
    assert calibration_error(claimed[order], outcome[order]) == pytest.approx(calibration_error(claimed, outcome))


def test_calibration_error_of_little_or_nothing() -> None:
    assert calibration_error(np.zeros(0), np.zeros(0, bool)) == 0.0
    assert calibration_error(np.array([1.0]), np.array([False])) == 1.0
