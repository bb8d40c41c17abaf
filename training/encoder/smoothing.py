"""Smaller errors of int8 activations: outliers are divided out before a matrix product and multiplied into its weights.

One scale serves a whole activation tensor while it is quantized. After the GELU, single channels reach five times what
the others do and leave these a fifth of the steps. Weights have a scale for each output and bear it better. After
SmoothQuant (Xiao et al. 2023, https://arxiv.org/abs/2211.10438), with a limit in place of its exponent: channels that
stay below it are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

LIMIT: Final = 4.0
"""What a channel of a GELU's output may reach; of 2.5 to 9, this one changed the probabilities least."""

SMOOTHING: Final = "_smoothing"
"""What follows the name of a matrix in that of the factors of its inputs."""

Feed = Mapping[str, NDArray[np.int64]]


def smooth(model: ModelProto, samples: Iterable[Feed]) -> int:
    """Change ``model`` in place so that what follows a GELU has no outliers; its results stay the same.

    Args:
        model: A network in single precision.
        samples: Inputs by name, to read from them what channels reach.

    Returns:
        How many channels were scaled.
    """
    products = _after_gelu(model)
    reached = _reached(model, [node.input[0] for node in products], samples)
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    scaled = 0
    for node, most in zip(products, reached, strict=True):
        scales = np.maximum(1.0, most / LIMIT).astype(np.float32)
        if not (scales > 1).any():
            continue
        scaled += int((scales > 1).sum())
        weight = weights[node.input[1]]
        weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight) * scales[:, None], weight.name))
        _divide(model, node, scales)
    return scaled


def _after_gelu(model: ModelProto) -> list[NodeProto]:
    gelus = {name for node in model.graph.node if node.op_type == "Gelu" for name in node.output}
    weights = {tensor.name for tensor in model.graph.initializer}
    return [
        node
        for node in model.graph.node
        if node.op_type == "MatMul" and node.input[0] in gelus and node.input[1] in weights
    ]


def _reached(model: ModelProto, names: list[str], samples: Iterable[Feed]) -> list[NDArray[np.float32]]:
    """Return the largest magnitude of each channel of some inner values."""
    probe = ModelProto()
    probe.CopyFrom(model)
    probe.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    session = onnxruntime.InferenceSession(probe.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[NDArray[np.float32]] = []
    for sample in samples:
        most = [np.abs(value).reshape(-1, value.shape[-1]).max(axis=0) for value in session.run(names, dict(sample))]
        found = most if not found else [np.maximum(one, two) for one, two in zip(found, most, strict=True)]
    return found


def _divide(model: ModelProto, node: NodeProto, scales: NDArray[np.float32]) -> None:
    name, source = node.input[1] + SMOOTHING, node.input[0]
    model.graph.initializer.append(numpy_helper.from_array(1 / scales, name))
    node.input[0] = f"{source}_smoothed_{node.name}"
    at = next(number for number, other in enumerate(model.graph.node) if other.name == node.name)
    model.graph.node.insert(at, helper.make_node("Mul", [source, name], [node.input[0]], name=f"{node.name}_smooth"))
    onnx.checker.check_model(model)
