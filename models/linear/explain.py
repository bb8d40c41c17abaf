"""Which words moved a stance label: a linear model's own sum, taken apart word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.classifier import Attribution
from models.features import FeatureSpace, Token, place, tokenize
from models.labels import Stance, Target
from models.linear.layout import N_STANCES
from models.linear.stacking import Stack
from models.linear.weights import Spaces, Weights
from models.paragraph import Paragraph

Placed = Sequence[tuple[str, list[int]]]


def attributions(
    paragraph: Paragraph,
    target: Target,
    label: Stance,
    *,
    spaces: Spaces,
    weights: Weights,
    stack: Stack,
    top: int,
) -> tuple[Attribution, ...]:
    """Return the ``top`` words that moved ``label`` toward ``target`` most, the strongest first.

    A feature's weight is what it adds to the log-odds of the label over the mean of all four; it is shared out evenly
    among the words that the feature is made of.
    """
    tokens, number = tokenize(paragraph), list(Target).index(target)
    toward = _direction(stack, list(Stance).index(label))
    own = weights.document[:, number * N_STANCES : (number + 1) * N_STANCES] @ toward
    shared = weights.target @ toward
    placed = place(tokens, number)
    totals = np.zeros(len(tokens))
    _add(totals, placed.document, spaces.document, own[: len(spaces.document)])
    _add(totals, placed.masked, spaces.masked, shared[: len(spaces.masked)])
    _add(totals, placed.near, spaces.near, shared[len(spaces.masked) :])
    return tuple(_strongest(tokens, totals, paragraph.text, top))


def _direction(stack: Stack, label: int) -> NDArray[np.float32]:
    """Return how the four scores move the label's log-odds over the mean of all labels."""
    matrix = stack.stance.matrix[:N_STANCES]
    direction: NDArray[np.float32] = (matrix[:, label] - matrix.mean(axis=1)).astype(np.float32)
    return direction


def _add(totals: NDArray[np.float64], placed: Placed, space: FeatureSpace, weights: NDArray[np.float32]) -> None:
    values = space.transform([[name for name, _ in placed]])
    by_column = dict(zip(values.indices.tolist(), (values.data * weights[values.indices]).tolist(), strict=True))
    times = Counter(name for name, _ in placed)
    for name, positions in placed:
        column = space.columns_.get(name)
        if column is not None:
            totals[positions] += by_column[column] / (times[name] * len(positions))


def _strongest(tokens: Sequence[Token], totals: NDArray[np.float64], text: str, top: int) -> list[Attribution]:
    found: list[Attribution] = []
    for at in np.argsort(-np.abs(totals), kind="stable"):
        token = tokens[at]
        if len(found) == top or totals[at] == 0.0:
            break
        if any(char.isalnum() for char in token.word):
            found.append(Attribution(token.start, token.end, text[token.start : token.end], float(totals[at])))
    return found
