"""Runs the exported network, one text a call, in whatever process asks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.heads import FloatArray

if TYPE_CHECKING:
    import onnxruntime


class NetworkSession:
    """An onnxruntime session over a model's bytes, made at the first call of each process.

    The weights are int8 and activations are quantized at run time with one scale a tensor: a batch would share that
    scale among its texts. One text a call, without padding, makes a result depend on its text alone, bit for bit, and
    costs nothing on one thread. A session is never taken across a fork: a child makes its own.
    """

    def __init__(self, network: bytes) -> None:
        self._network = network
        self._session: onnxruntime.InferenceSession | None = None
        self._process = 0

    def __call__(self, ids: Sequence[int], targets: Sequence[int]) -> FloatArray:
        """Return the logits, ndarray of shape (45,), of one framed text."""
        inputs = {"ids": np.array([ids], np.int64), "targets": np.array([targets], np.int64)}
        (logits,) = self._own_session().run(["logits"], inputs)
        return np.asarray(logits[0], np.float64)

    def _own_session(self) -> onnxruntime.InferenceSession:
        if self._session is None or self._process != os.getpid():
            self._session, self._process = _session(self._network), os.getpid()
        return self._session


def _session(network: bytes) -> onnxruntime.InferenceSession:
    # The import alone starts a thread. A process forked from one that has it waits at its exit for a thread that it
    # does not have, and dies of it; so nothing is imported before the process that will score.
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Fused with the sum before it, onnxruntime normalizes a layer number by number on CPUs: 15 % of the time.
    return onnxruntime.InferenceSession(
        network, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )
