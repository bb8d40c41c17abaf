"""Long paragraphs, read in overlapping windows and put together by one rule."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.heads import FloatArray, HeadProbabilities
from models.labels import Side, Stance, Voice

LONGEST: Final = 240
"""Tokens read in one pass; nearly every news paragraph is shorter, and the network was trained on such."""

WINDOW: Final = 192
STRIDE: Final = 128


def windows(length: int) -> list[tuple[int, int]]:
    """Return the token spans to read of a text of ``length`` tokens: one, or windows that overlap by a third."""
    if length <= LONGEST:
        return [(0, length)]
    last = length - WINDOW
    return [(start, start + WINDOW) for start in [*range(0, last, STRIDE), last]]


def combined(parts: HeadProbabilities) -> HeadProbabilities:
    """Return the probabilities of one paragraph (n = 1) from those of its windows.

    What any window shows, the paragraph shows: the least P(absent) or P(none) of the windows stands, and the rest is
    shared out among the other labels as the windows do, each by how far it is from absent or none. A frame or a
    narrative gets its highest score.
    """
    if len(parts) == 1:
        return parts
    return HeadProbabilities(
        stance=_exclusive(parts.stance, tuple(Stance).index(Stance.ABSENT)),
        voice=_exclusive(parts.voice, tuple(Voice).index(Voice.NONE)),
        side=_exclusive(parts.side, tuple(Side).index(Side.NONE)),
        frames=parts.frames.max(0, keepdims=True),
        narratives=parts.narratives.max(0, keepdims=True),
    )


def _exclusive(values: FloatArray, nothing: int) -> FloatArray:
    # Summing the windows' own masses weighs each by 1 - P(nothing).
    shares: FloatArray = values.sum(0)
    shares[..., nothing] = 0.0
    least = values[..., nothing].min(0)
    shares *= ((1 - least) / np.maximum(shares.sum(-1), np.finfo(float).tiny))[..., None]
    shares[..., nothing] = least
    return shares[None]
