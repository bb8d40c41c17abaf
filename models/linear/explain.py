"""Which words moved a stance label: a linear model's own sum, taken apart word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.classifier import Attribution
from models.features import FeatureSpace, Placed, place, token_spans, tokenize
from models.heads import FloatArray
from models.linear.layout import N_STANCES, N_TARGETS
from models.linear.rows import Spaces
from models.linear.weights import Weights
from models.paragraph import Paragraph
from models.spans import Span


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
        placed = place(paragraph, tokens, target)
        shared = weights.target @ direction[target * N_STANCES : (target + 1) * N_STANCES].astype(np.float32)
        _add(totals, placed.masked, spaces.words, shared[: len(spaces.words)])
        _add(totals, placed.near, spaces.near, shared[len(spaces.words) :])
        if target == 0:  # the document's own features are the same for each
            _add(totals, placed.document, spaces.words, weights.document @ direction.astype(np.float32))
    return tuple(_strongest(token_spans(paragraph), totals, paragraph.text, top))


def _add(totals: FloatArray, placed: Placed, space: FeatureSpace, weights: NDArray[np.float32]) -> None:
    times = Counter(name for name, _ in placed)
    columns = list(space.find(times))
    values = space.weights_[columns].astype(np.float64)
    values /= max(1e-9, float(np.sqrt(values @ values)))
    added = dict(zip(columns, (values * weights[columns]).tolist(), strict=True))
    for name, positions in placed:
        column = space.columns_.get(name)
        if column is not None and positions:
            totals[positions] += added[column] / (times[name] * len(positions))


def _strongest(spans: Sequence[Span], totals: FloatArray, text: str, top: int) -> list[Attribution]:
    found: list[Attribution] = []
    for at in np.argsort(-np.abs(totals), kind="stable"):
        start, end = spans[at]
        if len(found) == top or totals[at] == 0.0:
            break
        if any(map(str.isalnum, text[start:end])):
            found.append(Attribution(start, end, text[start:end], float(totals[at])))
    return found
