"""Word vectors from the corpus itself, so that what is learned on one word holds for words used alike.

Positive pointwise mutual information of words within a few words of each other, cut down to its leading singular
vectors: Levy, Goldberg & Dagan 2015 (https://aclanthology.org/Q15-1016/), whose context smoothing and symmetric
weighting of singular values are used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

REACH: Final = 4
"""How many words apart two words may stand to count as each other's context."""

_SMOOTHING: Final = 0.75
_POWER_ITERATIONS: Final = 3
_BATCH: Final = 10_000

Vectors = dict[str, NDArray[np.float32]]


def word_vectors(texts: Sequence[Sequence[str]], size: int, min_count: int, seed: int) -> Vectors:
    """Return vectors of unit length for the words of ``texts``.

    Args:
        texts: Words of each text, in order.
        size: Length of a vector.
        min_count: Words that occur less often get none; neither do punctuation marks and numbers.
        seed: Seed of the singular value decomposition.
    """
    counts = Counter(word for text in texts for word in text)
    words = sorted(word for word, count in counts.items() if count >= min_count and any(map(str.isalpha, word)))
    size = min(size, len(words) - 1)
    if size < 1:
        return {}
    numbers = {word: number for number, word in enumerate(words)}
    associations = _associations(_cooccurrences(texts, numbers))
    left, values, _ = randomized_svd(associations, size, n_iter=_POWER_ITERATIONS, random_state=seed)
    vectors = left * np.sqrt(values)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return dict(zip(words, vectors.astype(np.float32), strict=True))


def _cooccurrences(texts: Sequence[Sequence[str]], numbers: dict[str, int]) -> sparse.csr_matrix:
    """Return how often each two words stand within reach, symmetric, of shape (n_words, n_words)."""
    total = sparse.csr_matrix((len(numbers), len(numbers)), dtype=np.float32)
    for first in range(0, len(texts), _BATCH):
        pairs = [pair for text in texts[first : first + _BATCH] for pair in _pairs(text, numbers)]
        if pairs:
            one, other = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
            total = total + sparse.csr_matrix((np.ones(len(one), np.float32), (one, other)), total.shape)
    return total + total.T


def _pairs(text: Sequence[str], numbers: dict[str, int]) -> Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    known = np.array([numbers.get(word, -1) for word in text], np.int64)
    for step in range(1, min(REACH, len(known) - 1) + 1):
        one, other = known[:-step], known[step:]
        both = (one >= 0) & (other >= 0)
        yield one[both], other[both]


def _associations(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the positive part of each pair's pointwise mutual information."""
    entries = counts.tocoo()
    totals = np.asarray(counts.sum(axis=1)).ravel().astype(np.float64)
    contexts = totals**_SMOOTHING
    contexts *= totals.sum() / max(contexts.sum(), 1e-9)
    values = np.log(entries.data * totals.sum() / (totals[entries.row] * contexts[entries.col]))
    kept = values > 0
    pairs = (entries.row[kept], entries.col[kept])
    return sparse.csr_matrix((values[kept].astype(np.float32), pairs), counts.shape)
