"""Outliers leave the activations, and the results stay what they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from models.encoder import NETWORK  # noqa: E402
from training.encoder.export import export_float, quantize  # noqa: E402
from training.encoder.network import StanceNetwork  # noqa: E402
from training.encoder.restore import restored  # noqa: E402
from training.encoder.smoothing import LIMIT, smooth  # noqa: E402


def logits(path: Path, feed: dict[str, np.ndarray]) -> np.ndarray:
    found: np.ndarray = onnxruntime.InferenceSession(str(path)).run(None, feed)[0]
    return found


@pytest.fixture(scope="module")
def network() -> StanceNetwork:
    torch.manual_seed(4)
    network = StanceNetwork(layers=2).eval()
    with torch.no_grad():
        network.layers[0].widened.bias[7] = 60.0  # a channel far above the others
        network.layers[0].narrowed.weight[:, 7] *= 0.05
        for name, value in network.named_parameters():
            if "norm" in name:  # those of a new network are all the same, and the export would keep one of them
                value.add_(0.1 * torch.randn(value.shape))
    return network


@pytest.fixture(scope="module")
def feed() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    return {"ids": rng.integers(0, 200, (1, 30)), "targets": rng.integers(0, 4, (1, 30))}


@pytest.fixture(scope="module")
def single(network: StanceNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("network") / "single.onnx"
    export_float(network, path)
    return path


def test_results_stay_and_outliers_go(single: Path, feed: dict[str, np.ndarray], tmp_path: Path) -> None:
    model = onnx.load(single)
    assert smooth(model, [feed]) >= 1
    onnx.save(model, tmp_path / "smooth.onnx")
    np.testing.assert_allclose(logits(tmp_path / "smooth.onnx", feed), logits(single, feed), atol=2e-4)
    assert smooth(model, [feed]) == 0  # no channel goes beyond the limit any more
    factors = [onnx.numpy_helper.to_array(one) for one in model.graph.initializer if one.name.endswith("_smoothing")]
    assert min(float(one.min()) for one in factors) < LIMIT / 50


def test_int8_errs_less_and_can_be_restored(single: Path, feed: dict[str, np.ndarray], tmp_path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize(single, tmp_path / NETWORK, [feed])
    kinds = ["MatMul", "Gemm", "Gather"]
    settings = {"op_types_to_quantize": kinds, "per_channel": True, "reduce_range": True}
    quantize_dynamic(single, tmp_path / "rough.onnx", weight_type=QuantType.QInt8, **settings)
    exact = logits(single, feed)
    errors = [np.abs(logits(tmp_path / name, feed) - exact).mean() for name in (NETWORK, "rough.onnx")]
    assert errors[0] < errors[1]
    again = restored(tmp_path / NETWORK)
    before = onnx.load(single)
    weights = {one.name: onnx.numpy_helper.to_array(one) for one in before.graph.initializer}
    matrix = next(w for w in weights.values() if w.shape == (1536, 384))
    found = again.layers[0].narrowed.weight.detach().numpy().T
    # Weights make up for the errors of others, and some move by more than half a step for that.
    np.testing.assert_allclose(found, matrix, atol=np.abs(matrix).max() / 15)
