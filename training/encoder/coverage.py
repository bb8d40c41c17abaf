"""Abstaining: how accurate stances are, and how many are left, when the least confident ones are set aside."""

from __future__ import annotations

from typing import Final

import numpy as np

from models.heads import FloatArray, IntArray
from models.labels import Stance

_ABSENT: Final = list(Stance).index(Stance.ABSENT)
_SHARES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def accuracy_by_coverage(stance: FloatArray, gold: IntArray) -> dict[str, float]:
    """Return the accuracy on the most confident share of stances toward targets that are predicted present.

    Args:
        stance: Probabilities, ndarray of shape (n, 4).
        gold: Labels, ndarray of shape (n,).
    """
    confidence, right = _predicted_present(stance, gold)
    order = np.argsort(-confidence, kind="stable")
    return {
        f"{share:.0%}": round(float(right[order[: max(1, int(share * len(order)))]].mean()), 4) for share in _SHARES
    }


def abstain_threshold(stance: FloatArray, gold: IntArray, accuracy: float) -> float:
    """Return the least confidence from which stances toward present targets reach ``accuracy``.

    Arguments as for :func:`accuracy_by_coverage`; the highest confidence looked at where none reaches it.
    """
    confidence, right = _predicted_present(stance, gold)
    limits = [round(float(limit), 2) for limit in np.arange(0.30, 0.96, 0.01)]
    reached = (limit for limit in limits if (kept := confidence >= limit).any() and right[kept].mean() >= accuracy)
    return next(reached, limits[-1])


def _predicted_present(stance: FloatArray, gold: IntArray) -> tuple[FloatArray, FloatArray]:
    found = stance.argmax(-1)
    named = found != _ABSENT
    return stance[named].max(-1), (found == gold)[named].astype(np.float64)
