"""Batches of about one length and a bounded number of tokens, as tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from models.encoder.inputs import InputEncoder
from models.labels import Frame, Narrative
from training.encoder.data import Example
from training.teacher import WIDTHS

MAX_TOKENS: Final = 256
"""Longer texts are cut in training (none of the paragraphs is); serving reads them in windows."""

_MULTIPLE: Final = 8
_HIDDEN_IN: Final = 0.5


@dataclass(frozen=True)
class Batch:
    """Tensors of ``n`` examples; labels that are missing are -100, or NaN for multi-label heads and the teacher."""

    ids: Tensor
    targets: Tensor
    mask: Tensor
    stance: Tensor
    voice: Tensor
    side: Tensor
    frames: Tensor
    narratives: Tensor
    directed: Tensor
    pair: Tensor
    news: Tensor
    weight: Tensor
    teacher: Tensor


def batches(
    examples: Sequence[Example],
    encoder: InputEncoder,
    tokens: int,
    rng: np.random.Generator | None = None,
    hide: float = 0.0,
) -> list[list[tuple[Example, list[int], list[int]]]]:
    """Group examples of like length, each group of at most ``tokens`` tokens; shuffled if ``rng`` is given.

    With ``rng``, every other paragraph that has labels of all heads loses a share ``hide`` of its tokens, mentions
    excepted, so that it is not learned by heart.
    """
    framed = []
    for example in examples:
        read = encoder(example.text, example.marks)
        ids, targets = read.ids[:MAX_TOKENS], read.targets[:MAX_TOKENS]
        if rng is not None and hide and (example.frames or example.teacher) and rng.random() < _HIDDEN_IN:
            hidden = (rng.random(len(ids)) < hide).tolist()
            ids = [
                encoder.mask if gone and not target else one
                for one, target, gone in zip(ids, targets, hidden, strict=True)
            ]
        framed.append((example, *encoder.framed(ids, targets)))
    noise = rng.normal(0, 3, len(framed)) if rng is not None else np.zeros(len(framed))
    order = np.argsort([len(ids) for _, ids, _ in framed] + noise, kind="stable")
    groups: list[list[tuple[Example, list[int], list[int]]]] = [[]]
    longest = 0
    for i in order:
        longest = max(longest, len(framed[i][1]))
        if groups[-1] and longest * (len(groups[-1]) + 1) > tokens:
            groups.append([])
            longest = len(framed[i][1])
        groups[-1].append(framed[i])
    groups = [group for group in groups if group]
    if rng is not None:
        groups = [groups[i] for i in rng.permutation(len(groups))]
    return groups


def collate(group: Sequence[tuple[Example, list[int], list[int]]]) -> Batch:
    """Pad one group to its longest example, and on to a multiple of eight: each shape takes a CPU time to prepare."""
    longest = -(-max(len(ids) for _, ids, _ in group) // _MULTIPLE) * _MULTIPLE
    shape = (len(group), longest)
    ids, targets, mask = (np.zeros(shape, dtype) for dtype in (np.int64, np.int64, np.bool_))
    for row, (_, tokens, marked) in enumerate(group):
        ids[row, : len(tokens)], targets[row, : len(tokens)], mask[row, : len(tokens)] = tokens, marked, True
    rows = [example for example, _, _ in group]
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(targets),
        torch.from_numpy(mask),
        torch.tensor([example.stance for example in rows]),
        torch.tensor([example.voice for example in rows]),
        torch.tensor([example.side for example in rows]),
        _multilabel([example.frames for example in rows], len(Frame)),
        _multilabel([example.narratives for example in rows], len(Narrative)),
        torch.tensor([example.directed for example in rows]),
        torch.tensor([example.pair for example in rows]),
        torch.tensor([example.news for example in rows]),
        torch.tensor([example.weight for example in rows], dtype=torch.float32),
        _multilabel([example.teacher for example in rows], sum(WIDTHS)),
    )


def _multilabel(rows: Sequence[tuple[float, ...] | None], width: int) -> Tensor:
    missing = (float("nan"),) * width
    return torch.tensor([missing if row is None else row for row in rows], dtype=torch.float32)
