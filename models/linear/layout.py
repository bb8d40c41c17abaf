"""Where each head's scores stand among the columns of the weight matrices."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from models.heads import HeadLabels, IntArray
from models.labels import HEADS, MULTILABEL_HEADS, Stance, Target

N_TARGETS: Final = len(Target)
N_STANCES: Final = len(Stance)
STANCE_COLUMNS: Final = slice(0, N_TARGETS * N_STANCES)


class Head(NamedTuple):
    """One head beside the stances.

    Attributes:
        name: Its name in :data:`models.labels.HEADS`.
        columns: Its columns among all scores of a paragraph.
        exclusive: Whether exactly one of its labels holds.
    """

    name: str
    columns: slice
    exclusive: bool

    def labels(self, y: HeadLabels) -> IntArray:
        """Return its gold labels: class numbers, or zeros and ones of shape (n, n_labels)."""
        return np.asarray(getattr(y, self.name), dtype=np.int64)


def _other_heads() -> tuple[Head, ...]:
    heads, at = [], STANCE_COLUMNS.stop
    for name, labels in HEADS.items():
        if not name.startswith("stance."):
            heads.append(Head(name, slice(at, at + len(labels)), name not in MULTILABEL_HEADS))
            at += len(labels)
    return tuple(heads)


OTHER_HEADS: Final = _other_heads()
N_COLUMNS: Final = OTHER_HEADS[-1].columns.stop


def target_rows(rows: IntArray) -> IntArray:
    """Return the rows of a matrix with one row per paragraph and target, for the given paragraphs."""
    return (rows[:, None] * N_TARGETS + np.arange(N_TARGETS)).ravel()
