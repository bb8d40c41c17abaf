"""Which words moved a stance label: a linear model's own sum, taken apart word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.classifier import Attribution
from models.features import FeatureSpace, Token, place, tokenize
from models.heads import FloatArray
from models.linear.layout import N_STANCES, N_TARGETS
from models.linear.weights import Spaces, Weights
from models.paragraph import Paragraph

Placed = Sequence[tuple[str, list[int]]]


def attributions(
    paragraph: Paragraph, direction: FloatArray, spaces: Spaces, weights: Weights, top: int
) -> tuple[Attribution, ...]:
    """Return the ``top`` words that moved a label most, the strongest first.

    A feature counts for what it adds to the log-odds of the label over the mean of all labels; that is shared out
    evenly among the words it is made of. Punctuation and what stands in no word, such as length, are left out.

    Args:
        paragraph: The paragraph.
        direction: How each of the 45 scores moves the label, shape (45,).
        spaces: The vocabularies.
        weights: The weights of all heads.
        top: How many words to return.
    """
    tokens = tokenize(paragraph)
    totals = np.zeros(len(tokens))
    for target in range(N_TARGETS):
        placed = place(tokens, target)
        shared = weights.target @ direction[target * N_STANCES : (target + 1) * N_STANCES].astype(np.float32)
        _add(totals, placed.masked, spaces.masked, shared[: len(spaces.masked)])
        _add(totals, placed.near, spaces.near, shared[len(spaces.masked) :])
        if target == 0:  # the document's own features are the same for each
            _add(totals, placed.document, spaces.document, weights.document @ direction.astype(np.float32))
    return tuple(_strongest(tokens, totals, paragraph.text, top))


def _add(totals: FloatArray, placed: Placed, space: FeatureSpace, weights: NDArray[np.float32]) -> None:
    values = space.transform([[name for name, _ in placed]])
    by_column = dict(zip(values.indices.tolist(), (values.data * weights[values.indices]).tolist(), strict=True))
    times = Counter(name for name, _ in placed)
    for name, positions in placed:
        column = space.columns_.get(name)
        if column is not None:
            totals[positions] += by_column[column] / (times[name] * len(positions))


def _strongest(tokens: Sequence[Token], totals: FloatArray, text: str, top: int) -> list[Attribution]:
    found: list[Attribution] = []
    for at in np.argsort(-np.abs(totals), kind="stable"):
        token = tokens[at]
        if len(found) == top or totals[at] == 0.0:
            break
        if any(char.isalnum() for char in token.word):
            found.append(Attribution(token.start, token.end, text[token.start : token.end], float(totals[at])))
    return found
