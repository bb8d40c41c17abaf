"""From a training checkpoint to the ONNX network that is shipped: int8 weights, activations quantized at run time."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from training.encoder.checkpoints import read_checkpoint
from training.encoder.network import StanceNetwork, layer_count
from training.encoder.rounding import round_weights
from training.encoder.smoothing import Feed, smooth

OPSET: Final = 20
"""The first with a GELU of its own, which onnxruntime runs in one step."""
LONGEST: Final = 512


class Flat(nn.Module):
    """The network without padding, its heads side by side: (n, 12 + 4 + 4 + 14 + 11)."""

    def __init__(self, network: StanceNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, targets: Tensor) -> Tensor:
        """Return all logits; stance comes target by target."""
        outputs = self.network(ids, targets, torch.ones_like(ids, dtype=torch.bool))
        heads = (outputs.stance.flatten(1), outputs.voice, outputs.side, outputs.frames, outputs.narratives)
        return torch.cat(heads, dim=-1)


def averaged_network(run: Path) -> StanceNetwork:
    """Return the network of a run with the moving average of its weights.

    Raises:
        RunError: There is no checkpoint in ``run``, or it can't be read.
    """
    state = read_checkpoint(run)
    network = StanceNetwork(state["network"]["words.weight"].shape[0], layers=layer_count(state["network"]))
    network.load_state_dict(state["network"] | state["average"])
    return network.eval()


def export_float(network: StanceNetwork, path: Path) -> None:
    """Write the network as ONNX in single precision."""
    ids = torch.randint(1000, 20000, (2, 40))
    targets = torch.zeros_like(ids)
    shape = {0: torch.export.Dim("batch", min=1, max=LONGEST), 1: torch.export.Dim("length", min=6, max=LONGEST)}
    with warnings.catch_warnings():
        # The exporter warns that the second input shares the axes of the first, which is meant.
        warnings.filterwarnings("ignore", message=".*axis name.*")
        warnings.filterwarnings("ignore", message=".*LeafSpec.*", category=FutureWarning)  # torch's own, of itself
        torch.onnx.export(
            Flat(network).eval(),
            (ids, targets),
            path,
            input_names=["ids", "targets"],
            output_names=["logits"],
            dynamic_shapes={"ids": shape, "targets": shape},
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def quantize(source: Path, destination: Path, samples: Iterable[Feed]) -> None:
    """Write ``source`` with int8 weights, a scale for each output channel; ``samples`` show what values reach.

    Weights keep to seven bits: before VNNI, x86 adds pairs of u8 x s8 products in 16 bits, which full-range weights
    would saturate.
    """
    feeds = list(samples)
    with tempfile.TemporaryDirectory() as scratch:
        prepared = Path(scratch) / "prepared.onnx"
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        model = onnx.load(prepared)
        smooth(model, feeds)
        onnx.save(model, prepared)
        quantize_dynamic(
            prepared,
            destination,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
    small = onnx.load(destination)
    round_weights(small, model, feeds)
    onnx.save(small, destination)
