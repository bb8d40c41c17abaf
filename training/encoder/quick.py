"""A few scores while training: cheap, uncalibrated, on the torch network itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from sklearn.metrics import f1_score

from models.encoder.inputs import InputEncoder
from training.encoder.batches import batches, collate
from training.encoder.data import Example
from training.encoder.network import StanceNetwork


def logits(network: StanceNetwork, examples: Sequence[Example], encoder: InputEncoder) -> dict[str, np.ndarray]:
    """Return the network's logits of every head in the order of ``examples``."""
    numbered = {id(example): row for row, example in enumerate(examples)}
    found: dict[str, np.ndarray] = {}
    with torch.inference_mode():
        for group in batches(examples, encoder, 4096):
            batch = collate(group)
            outputs = network(batch.ids, batch.targets, batch.mask)
            rows = [numbered[id(example)] for example, _, _ in group]
            for head in ("stance", "voice", "side", "frames", "narratives"):
                values = getattr(outputs, head).double().numpy()
                found.setdefault(head, np.empty((len(examples), *values.shape[1:])))[rows] = values
    return found


def quick_scores(network: StanceNetwork, examples: Sequence[Example], encoder: InputEncoder) -> dict[str, float]:
    """Return macro-F1 of stance (pooled over targets), voice and side, and micro-F1 at 0.5 of frames and narratives."""
    scores = logits(network, examples, encoder)
    gold = np.array([example.stance for example in examples])
    classes = f1_score(
        gold.ravel(), scores["stance"].argmax(-1).ravel(), average=None, labels=range(4), zero_division=0.0
    )
    result = {"stance": classes.mean(), "favor": classes[0], "neutral": classes[1], "against": classes[2]}
    for head in ("voice", "side"):
        labels = [getattr(example, head) for example in examples]
        result[head] = f1_score(labels, scores[head].argmax(-1), average="macro", labels=range(4), zero_division=0.0)
    for head in ("frames", "narratives"):
        result[head] = f1_score(
            [getattr(example, head) for example in examples], scores[head] > 0, average="micro", zero_division=0.0
        )
    return {name: round(float(value), 4) for name, value in result.items()}
