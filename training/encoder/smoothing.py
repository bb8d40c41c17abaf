"""Smaller errors of int8 activations: outliers are divided out before a matrix product and multiplied into its weights.

One scale serves a whole activation tensor while it is quantized. After the first norm of a layer, one channel reaches
ten times what the others do and leaves these a tenth of the steps; after the GELU, single ones reach five times as far.
Weights have a scale for each output and bear it better. After SmoothQuant (Xiao et al. 2023,
https://arxiv.org/abs/2211.10438), with a limit in place of its exponent: channels that stay below it are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

LIMIT: Final = 5.0
"""What a channel that goes into a matrix product may reach; of 3 to 6, this one changed the logits least."""

_TOLERANCE: Final = 1.001
"""Rounding leaves a channel that was scaled a little above the limit."""

SMOOTHING: Final = "_smoothing"
"""What follows the name of a matrix in that of the factors of its inputs."""

Feed = Mapping[str, NDArray[np.int64]]


def smooth(model: ModelProto, samples: Iterable[Feed]) -> int:
    """Change ``model`` in place so that no input of a matrix product has outliers; its results stay the same.

    Args:
        model: A network in single precision.
        samples: Inputs by name, to read from them what channels reach.

    Returns:
        How many channels were scaled.
    """
    nodes = products(model)
    most: list[NDArray[np.float32]] = [np.zeros(1, np.float32)] * len(nodes)
    for values in inner_values(model, [node.input[0] for node in nodes], samples):
        most = [np.maximum(one, np.abs(value).max(axis=0)) for one, value in zip(most, values, strict=True)]
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    scaled = 0
    for node, reached in zip(nodes, most, strict=True):
        scales = np.where(reached > LIMIT * _TOLERANCE, reached / LIMIT, 1).astype(np.float32)
        if not (scales > 1).any():
            continue
        scaled += int((scales > 1).sum())
        weight = weights[node.input[1]]
        weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight) * scales[:, None], weight.name))
        _divide(model, node, scales)
    return scaled


def products(model: ModelProto) -> list[NodeProto]:
    """Return the products of a network's inner values with weights."""
    weights = {tensor.name for tensor in model.graph.initializer}
    return [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in weights]


def inner_values(model: ModelProto, names: Sequence[str], samples: Iterable[Feed]) -> Iterator[list[NDArray[Any]]]:
    """Yield, for each sample, the inner values of these names, each (tokens, channels)."""
    probe = ModelProto()
    probe.CopyFrom(model)
    inner = list(dict.fromkeys(names))
    probe.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in inner)
    session = onnxruntime.InferenceSession(probe.SerializeToString(), providers=["CPUExecutionProvider"])
    for sample in samples:
        found = dict(zip(inner, session.run(inner, dict(sample)), strict=True))
        yield [found[name].reshape(-1, found[name].shape[-1]) for name in names]


def _divide(model: ModelProto, node: NodeProto, scales: NDArray[np.float32]) -> None:
    name, source = node.input[1] + SMOOTHING, node.input[0]
    model.graph.initializer.append(numpy_helper.from_array(1 / scales, name))
    node.input[0] = f"{source}_smoothed_{node.name}"
    at = next(number for number, other in enumerate(model.graph.node) if other.name == node.name)
    model.graph.node.insert(at, helper.make_node("Mul", [source, name], [node.input[0]], name=f"{node.name}_smooth"))
    onnx.checker.check_model(model)
