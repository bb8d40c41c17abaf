"""Probabilities from logits: one temperature per head and one bias per class, fitted by likelihood on held-out labels.

Vector scaling with one shared temperature per head (Guo et al., ICML 2017, https://arxiv.org/abs/1706.04599); biases
also undo the class weights and the sampling that the network was trained with. Multi-label heads get the same with
a logistic link (Platt scaling with one slope per head). A Gaussian prior holds what few labels can't tell at 1 and 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_expit, log_softmax, softmax

from models.heads import FloatArray, HeadLabels, HeadProbabilities
from models.labels import Frame, Narrative, Side, Stance, Target, Voice

COLUMNS: Final = {
    "stance": len(Target) * len(Stance),
    "voice": len(Voice),
    "side": len(Side),
    "frames": len(Frame),
    "narratives": len(Narrative),
}
"""Heads in the order of the network's output columns, and how many columns each takes."""


def heads_of(logits: FloatArray) -> dict[str, FloatArray]:
    """Cut the network's output of shape (n, 45) into heads; stance becomes (n, 3, 4)."""
    ends = np.cumsum(list(COLUMNS.values()))[:-1]
    heads = dict(zip(COLUMNS, np.split(logits, ends, axis=-1), strict=True))
    heads["stance"] = heads["stance"].reshape(*logits.shape[:-1], len(Target), len(Stance))
    return heads


@dataclass(frozen=True, slots=True)
class Scaling:
    """Scales one head's logits: ``slope * logits + bias``; the identity until fitted.

    Attributes:
        slope: Inverse temperature.
        bias: Array that broadcasts against the head's logits, less their first axis.
    """

    slope: float
    bias: FloatArray

    def __call__(self, logits: FloatArray) -> FloatArray:
        """Return scaled logits."""
        return self.slope * logits + self.bias


def identity(head: str) -> Scaling:
    """Return the scaling that changes nothing."""
    shape = (len(Target), len(Stance)) if head == "stance" else (COLUMNS[head],)
    return Scaling(1.0, np.zeros(shape))


def probabilities(logits: FloatArray, scalings: dict[str, Scaling]) -> HeadProbabilities:
    """Return calibrated probabilities for the network's output of shape (n, 45)."""
    scaled = {head: scalings[head](values) for head, values in heads_of(logits).items()}
    exclusive = {head: softmax(scaled[head], axis=-1) for head in ("stance", "voice", "side")}
    return HeadProbabilities(**exclusive, frames=expit(scaled["frames"]), narratives=expit(scaled["narratives"]))


def fit_scalings(logits: FloatArray, labels: HeadLabels, strength: float) -> dict[str, Scaling]:
    """Fit every head's scaling.

    Args:
        logits: ndarray of shape (n, 45).
        labels: Gold labels of the same ``n`` paragraphs.
        strength: Weight of the prior, in pseudo-observations: larger keeps closer to the identity.
    """
    heads = heads_of(logits)
    scalings = {}
    for head in ("stance", "voice", "side"):
        gold = getattr(labels, head)[..., None]
        scalings[head] = _fitted(heads[head], identity(head), _exclusive_loss(gold), strength)
    for head in ("frames", "narratives"):
        scalings[head] = _fitted(heads[head], identity(head), _multilabel_loss(getattr(labels, head)), strength)
    return scalings


Loss = Callable[[FloatArray], float]


def _exclusive_loss(gold: NDArray[np.int64]) -> Loss:
    return lambda logits: -float(np.take_along_axis(log_softmax(logits, axis=-1), gold, axis=-1).sum())


def _multilabel_loss(gold: NDArray[np.bool_]) -> Loss:
    sign = np.where(gold, 1.0, -1.0)
    return lambda logits: -float(log_expit(sign * logits).sum())


def _fitted(logits: FloatArray, start: Scaling, loss: Loss, strength: float) -> Scaling:
    def objective(parameters: FloatArray) -> float:
        bias = parameters[1:].reshape(start.bias.shape)
        return loss(np.exp(parameters[0]) * logits + bias) + strength * float(np.square(parameters).sum())

    found = minimize(objective, np.zeros(1 + start.bias.size), method="L-BFGS-B").x
    return Scaling(float(np.exp(found[0])), found[1:].reshape(start.bias.shape))
