"""int8 weights whose rounding errors make up for one another.

Each weight of a matrix is rounded in turn, and what that changes of the product with the inputs is taken out of the
weights that are not rounded yet, as far as their inputs go along with its own (GPTQ, Frantar et al. 2022,
https://arxiv.org/abs/2210.17323). It costs nothing at run time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, numpy_helper

from training.encoder.smoothing import Feed, inner_values, products

STEPS: Final = 64
"""Steps on either side of zero: seven bits, which is what onnxruntime's ``reduce_range`` keeps."""

_DAMPING: Final = 0.01
"""Added to the diagonal of the inputs' products, as a share of its mean, so that they can be inverted."""


def round_weights(model: ModelProto, single: ModelProto, samples: Iterable[Feed]) -> None:
    """Round anew, in place, the weights of the matrix products of an int8 network.

    Args:
        model: ``single`` after onnxruntime's dynamic quantization, with a scale for each output.
        single: The network in single precision.
        samples: Inputs by name, to read from them which channels go together.
    """
    nodes = products(single)
    grams: list[Any] = [0.0] * len(nodes)
    for values in inner_values(single, [node.input[0] for node in nodes], samples):
        grams = [gram + value.T.astype(np.float64) @ value for gram, value in zip(grams, values, strict=True)]
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in single.graph.initializer}
    made = {tensor.name: tensor for tensor in model.graph.initializer}
    for node, gram in zip(nodes, grams, strict=True):
        name = node.input[1]
        integers, scales = made[f"{name}_quantized"], numpy_helper.to_array(made[f"{name}_scale"])
        found = rounded(weights[name], scales, gram)
        integers.CopyFrom(numpy_helper.from_array(found, integers.name))


def rounded(weight: NDArray[np.float32], scales: NDArray[np.float32], gram: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return a matrix in steps of its scales.

    Args:
        weight: (inputs, outputs).
        scales: What one step is worth, for each output.
        gram: Sum of the products of inputs with inputs, (inputs, inputs).
    """
    count = len(weight)
    order = np.argsort(-np.diag(gram))  # those that matter most come first, while there are others to make up for them
    left = weight[order].astype(np.float64)
    damped = gram[np.ix_(order, order)] + np.eye(count) * (_DAMPING * np.diag(gram).mean() + 1e-12)
    # Row by row, the Cholesky factor of the inverse says how an error is best spread over the rows that are left.
    spread = np.linalg.cholesky(np.linalg.inv(damped)).T
    found = np.empty(weight.shape, np.int8)
    for row in range(count):
        steps = np.clip(np.round(left[row] / scales), -STEPS, STEPS)
        found[order[row]] = steps
        error = (left[row] - steps * scales) / spread[row, row]
        left[row + 1 :] -= np.outer(spread[row, row + 1 :], error)
    return found
