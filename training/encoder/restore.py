"""From a shipped network back to one that can be trained, with what int8 kept of the weights.

The checkpoint of the run that made a model is the better start; this one is for who has the model and not the run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from models.errors import StandpointError
from training.encoder.network import StanceNetwork, layer_count
from training.encoder.smoothing import SMOOTHING

Array = NDArray[Any]

_PREFIX: Final = "network."
_TRAINED_ONLY: Final = frozenset({"directed.weight", "directed.bias", "news_bias"})
"""What serving has no use for, so that no network file holds it."""


class RestoreError(StandpointError):
    """A file is not a network that training could go on from."""


def restored(path: Path, dropout: float = 0.1) -> StanceNetwork:
    """Return the network of an int8 ONNX file, ready to train; what serves training alone is as in a new network.

    Args:
        path: ``network.onnx`` of a model.
        dropout: Dropout while training.

    Raises:
        RestoreError: There is no such file, or it lacks weights that the network has.
    """
    if not path.exists():
        raise RestoreError(f"{path.parent}: neither a run (checkpoint.pt) nor an encoder ({path.name}) is there")
    graph = onnx.load(path).graph
    constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = _affine(graph, constants) | _plain(graph, constants)
    network = StanceNetwork(dropout=dropout, layers=layer_count(found))
    wanted = set(dict(network.named_parameters())) - _TRAINED_ONLY
    missing = sorted(wanted - set(found))
    if missing:
        raise RestoreError(f"{path}: no weights for {', '.join(missing)}; is it the network of a shipped encoder?")
    state = network.state_dict()
    new = {name: torch.tensor(found[name]).reshape(state[name].shape) for name in wanted}
    network.load_state_dict(state | new)
    return network


def _affine(graph: onnx.GraphProto, constants: dict[str, Array]) -> dict[str, Array]:
    """Return weights and biases of the layers that multiply: a bias is named, and leads back to its weights."""
    made_by = {output: node for node in graph.node for output in node.output}
    found: dict[str, Array] = {}
    for node in graph.node:
        for bias in node.input:
            if node.op_type == "Add" and bias in constants and bias.endswith(".bias"):
                product = next(name for name in node.input if name != bias)
                while (before := made_by[product]).op_type != "MatMulInteger":
                    product = before.input[0]
                name = bias.removeprefix(_PREFIX)
                matrix = before.input[1].removesuffix("_quantized")
                weight = _dequantized(constants, matrix)
                if matrix + SMOOTHING in constants:
                    weight = weight * constants[matrix + SMOOTHING][:, None]
                found |= {name: constants[bias], name.removesuffix("bias") + "weight": weight.T.copy()}
    return found


def _plain(graph: onnx.GraphProto, constants: dict[str, Array]) -> dict[str, Array]:
    """Return the norms, the embeddings and the leanings of the pool."""
    found = {
        name.removeprefix(_PREFIX): array
        for name, array in constants.items()
        if "norm." in name or name == f"{_PREFIX}positions.weight"
    }
    for name in ("words.weight", "mentions.weight"):
        if f"{_PREFIX}{name}_quantized" in constants:
            found[name] = _dequantized(constants, _PREFIX + name)
    # The leanings lose their names in the export; they are the only constants of their shape, in this order.
    leanings = [
        constants[name] for node in graph.node if node.op_type == "Mul" for name in node.input if name in constants
    ]
    leanings = [one for one in leanings if one.ndim == 4]
    return found | dict(zip(("pool.own", "pool.other"), leanings, strict=False))


def _dequantized(constants: dict[str, Array], name: str) -> Array:
    integers, zero = (constants[f"{name}_{part}"].astype(np.float32) for part in ("quantized", "zero_point"))
    result: Array = (integers - zero) * constants[f"{name}_scale"]
    return result
