"""One loss over all heads; rows without a label of a head do not count there.

Exclusive heads are learned by cross-entropy with smoothed labels (Szegedy et al. 2016, https://arxiv.org/abs/1512.00567),
multi-label heads by binary cross-entropy; rare classes and positive labels weigh more.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from training.encoder.batches import Batch
from training.encoder.data import MISSING
from training.encoder.network import Outputs, StanceNetwork
from training.teacher import WIDTHS

STANCE_WEIGHTS: Final = (1.5, 0.9, 1.15, 0.8)
"""Mild, about the fourth root of inverse frequency: full balancing would cost calibration."""

SIDE_WEIGHTS: Final = (1.1, 1.1, 1.6, 0.9)
VOICE_WEIGHTS: Final = (1.1, 1.0, 1.5, 0.9)
FRAME_WEIGHT: Final = 1.3
NARRATIVE_WEIGHT: Final = 2.0
"""What a label that applies counts beside one that does not: few of the frames and fewer of the narratives apply."""

SMOOTHING: Final = 0.03
"""Share of each exclusive label that is spread over all classes."""

HEAD_WEIGHTS: Final = {"stance": 3.0, "voice": 0.9, "side": 1.0, "frames": 0.8, "narratives": 0.5, "directed": 1.0}

_LEAST_LABELED: Final = 0.3
"""A head's mean is taken over its labeled rows, or over this share of the batch if that is more: a lone labeled row
must not outweigh the others."""


def total_loss(network: StanceNetwork, outputs: Outputs, batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """Return the weighted sum of the heads' losses, and each by name for the log."""
    stance = outputs.stance + batch.news[:, None, None] * network.news_bias
    weights = batch.weight.repeat_interleave(3)
    rows = torch.arange(len(batch.pair))[:, None]
    directed = network.directed(outputs.hidden[rows, batch.pair].flatten(1))
    losses = {
        "stance": _exclusive(stance.flatten(0, 1), batch.stance.flatten(), weights, STANCE_WEIGHTS),
        "voice": _exclusive(outputs.voice, batch.voice, batch.weight, VOICE_WEIGHTS),
        "side": _exclusive(outputs.side, batch.side, batch.weight, SIDE_WEIGHTS),
        "frames": _multilabel(outputs.frames, batch.frames, batch.weight, FRAME_WEIGHT),
        "narratives": _multilabel(outputs.narratives, batch.narratives, batch.weight, NARRATIVE_WEIGHT),
        "directed": _exclusive(directed, batch.directed, batch.weight, None),
    }
    taught = _taught(outputs, batch.teacher, batch.weight)
    losses |= {f"taught {name}": loss for name, loss in taught.items()}
    total = torch.stack([HEAD_WEIGHTS[name.removeprefix("taught ")] * loss for name, loss in losses.items()]).sum()
    return total, {name: float(loss.detach()) for name, loss in losses.items()}


def _taught(outputs: Outputs, teacher: Tensor, weight: Tensor) -> dict[str, Tensor]:
    """Return the cross-entropy of each head against a teacher's whole distribution."""
    stance, voice, side, frames, narratives = torch.split_with_sizes(teacher, WIDTHS, dim=1)
    pairs = {"voice": (outputs.voice, voice), "side": (outputs.side, side)}
    losses = {"stance": _soft(outputs.stance, stance.view(-1, 3, 4)).mean(1)}
    losses |= {name: _soft(logits, wanted) for name, (logits, wanted) in pairs.items()}
    losses |= {"frames": _soft_multilabel(outputs.frames, frames)}
    losses |= {"narratives": _soft_multilabel(outputs.narratives, narratives)}
    known = (~teacher[:, 0].isnan()).float() * weight
    return {name: (loss * weight).sum() / _counted(known) for name, loss in losses.items()}


def _soft(logits: Tensor, wanted: Tensor) -> Tensor:
    return -(wanted.nan_to_num() * logits.log_softmax(-1)).sum(-1)


def _soft_multilabel(logits: Tensor, wanted: Tensor) -> Tensor:
    each = functional.binary_cross_entropy_with_logits(logits, wanted.nan_to_num(), reduction="none")
    return (each * ~wanted.isnan()).sum(1)


def _exclusive(logits: Tensor, labels: Tensor, weight: Tensor, classes: tuple[float, ...] | None) -> Tensor:
    each = functional.cross_entropy(
        logits,
        labels,
        weight=None if classes is None else torch.tensor(classes),
        ignore_index=MISSING,
        label_smoothing=SMOOTHING,
        reduction="none",
    )
    return (each * weight).sum() / _counted((labels != MISSING).float() * weight)


def _multilabel(logits: Tensor, labels: Tensor, weight: Tensor, positive: float) -> Tensor:
    known = ~labels.isnan()
    each = functional.binary_cross_entropy_with_logits(
        logits, labels.nan_to_num(), pos_weight=torch.tensor(positive), reduction="none"
    )
    rows = (each * known).sum(1) * weight
    return rows.sum() / _counted(known.any(1).float() * weight)


def _counted(weights: Tensor) -> Tensor:
    """Return what a head's losses are divided by, from its rows' weights, 0 where a row has no label."""
    return weights.sum().clamp(min=_LEAST_LABELED * len(weights))
