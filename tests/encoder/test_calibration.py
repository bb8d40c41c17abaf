from __future__ import annotations

import numpy as np
import pytest

from models.encoder.calibration import COLUMNS, fit_scalings, heads_of, identity, probabilities
from models.heads import FloatArray, HeadLabels

ROWS = 2000


@pytest.fixture(scope="module")
def drawn() -> tuple[FloatArray, HeadLabels]:
    """Logits twice too large, and labels drawn from what they should have been."""
    rng = np.random.default_rng(1)
    true = rng.normal(0, 1.5, (ROWS, sum(COLUMNS.values())))
    right = probabilities(true, {head: identity(head) for head in COLUMNS})

    def draw(values: FloatArray) -> FloatArray:
        return (rng.random((*values.shape[:-1], 1)) > values.cumsum(-1)).sum(-1).clip(0, 3)

    labels = HeadLabels(
        draw(right.stance),
        draw(right.voice),
        draw(right.side),
        rng.random(right.frames.shape) < right.frames,
        rng.random(right.narratives.shape) < right.narratives,
    )
    return 2 * true, labels


def test_temperature_is_found(drawn: tuple[FloatArray, HeadLabels]) -> None:
    scalings = fit_scalings(*drawn, strength=0.1)
    for head in COLUMNS:
        assert scalings[head].slope == pytest.approx(0.5, abs=0.06), head
        assert np.abs(scalings[head].bias - scalings[head].bias.mean()).max() < 0.4


def test_a_strong_prior_changes_nothing(drawn: tuple[FloatArray, HeadLabels]) -> None:
    scalings = fit_scalings(*drawn, strength=1e9)
    for head in COLUMNS:
        assert scalings[head].slope == pytest.approx(1, abs=1e-3)
        np.testing.assert_allclose(scalings[head].bias, 0, atol=1e-3)


def test_heads_are_cut_in_order() -> None:
    heads = heads_of(np.arange(45.0)[None])
    assert heads["stance"].shape == (1, 3, 4)
    np.testing.assert_array_equal(heads["stance"][0, 1], [4, 5, 6, 7])
    assert heads["narratives"][0].tolist() == list(range(34, 45))
