"""Dropout whose mask costs next to nothing on a CPU, where torch's own draws its numbers one after another."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

_LEVELS: Final = 256


class Dropout(nn.Module):
    """Sets values to zero at random while training and scales the others up, as ``torch.nn.Dropout`` does.

    Args:
        probability: Share of values to drop, 0–1; taken to the nearest of 256 levels.
    """

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.level = round(probability * _LEVELS)

    def forward(self, values: Tensor) -> Tensor:
        """Return ``values`` with some of them dropped, all of them outside training."""
        if not self.training or not self.level:
            return values
        # Seeded from torch's generator, so that a run that is resumed from its state drops the same values.
        generator = np.random.Generator(np.random.SFC64(int(torch.randint(2**62, ()))))
        drawn = torch.frombuffer(bytearray(generator.bytes(values.numel())), dtype=torch.uint8)
        kept = (drawn.view(values.shape) >= self.level).to(values.dtype)
        return values * (kept * (_LEVELS / (_LEVELS - self.level)))
