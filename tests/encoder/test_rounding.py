"""Rounded weights make up for one another's errors, on the inputs that they were rounded for."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from training.encoder.rounding import STEPS, rounded


def test_products_err_less_than_with_each_weight_rounded_to_the_nearest() -> None:
    rng = np.random.default_rng(2)
    weight = rng.normal(size=(48, 20)).astype(np.float32)
    inputs = rng.normal(size=(500, 12)) @ rng.normal(size=(12, 48)) + 0.1 * rng.normal(size=(500, 48))
    scales = (np.abs(weight).max(axis=0) / STEPS).astype(np.float32)
    found = rounded(weight, scales, inputs.T @ inputs)
    assert found.dtype == np.int8
    assert np.abs(found).max() <= STEPS
    nearest = np.round(weight / scales)
    errors = [np.abs(inputs @ (steps * scales - weight)).mean() for steps in (found, nearest)]
    assert errors[0] < 0.7 * errors[1]


def test_inputs_that_are_never_there_change_nothing() -> None:
    weight = np.ones((4, 3), np.float32)
    scales = np.full(3, 1 / STEPS, np.float32)
    assert (rounded(weight, scales, np.zeros((4, 4))) == STEPS).all()
