from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from models.encoder.calibration import COLUMNS, identity, probabilities
from models.encoder.windows import LONGEST, WINDOW, combined, windows
from models.heads import HeadProbabilities


@pytest.mark.parametrize("length", [0, 1, LONGEST])
def test_short_texts_are_read_in_one_pass(length: int) -> None:
    assert windows(length) == [(0, length)]


@pytest.mark.parametrize("length", [LONGEST + 1, 257, 320, 321, 1000, 5000])
def test_windows_cover_long_texts_and_overlap(length: int) -> None:
    spans = windows(length)
    assert spans[0][0] == 0
    assert spans[-1][1] == length
    assert all(end - start == WINDOW for start, end in spans)
    assert all(later[0] < earlier[1] for earlier, later in pairwise(spans))
    assert len(set(spans)) == len(spans)


def random_probabilities(n: int) -> HeadProbabilities:
    logits = np.random.default_rng(n).normal(0, 2, (n, sum(COLUMNS.values())))
    return probabilities(logits, {head: identity(head) for head in COLUMNS})


def test_one_window_is_left_alone() -> None:
    parts = random_probabilities(1)
    assert combined(parts) is parts


def test_a_target_in_any_window_is_in_the_paragraph() -> None:
    parts = random_probabilities(3)
    whole = combined(parts)
    assert whole.stance.shape == (1, 3, 4)
    np.testing.assert_allclose(whole.stance.sum(-1), 1)
    np.testing.assert_allclose(whole.voice.sum(-1), 1)
    np.testing.assert_allclose(whole.side.sum(-1), 1)
    np.testing.assert_array_equal(whole.stance[0, :, 3], parts.stance[:, :, 3].min(0))
    np.testing.assert_array_equal(whole.frames[0], parts.frames.max(0))


def test_equal_windows_give_what_each_gives() -> None:
    one = random_probabilities(1)
    twice = HeadProbabilities(*(np.repeat(getattr(one, head), 2, axis=0) for head in COLUMNS))
    for head in COLUMNS:
        np.testing.assert_allclose(getattr(combined(twice), head), getattr(one, head))
