"""Vocabularies: from feature strings to columns and weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Self

import numpy as np
from numpy.typing import NDArray

Columns = dict[int, None]
"""Numbers of columns in the order found; a dictionary because that is Python's ordered set."""


class FeatureSpace:
    """The columns of one family of features, by name, each with its weight.

    Args:
        min_rows: A feature that stands in fewer rows of the fit is left out.

    Attributes:
        columns_: Number of the column of each feature.
        weights_: ndarray of float32, shape (n_columns,): inverse document frequencies.

    Example:
        >>> space = FeatureSpace(min_rows=1).fit([["war", "peace"], ["war"]])
        >>> space.columns_
        {'peace': 0, 'war': 1}
        >>> list(space.find(["war", "unseen", "war"]))
        [1]
    """

    def __init__(self, min_rows: int = 2) -> None:
        self.min_rows = min_rows
        self.columns_: dict[str, int] = {}
        self.weights_: NDArray[np.float32] = np.zeros(0, np.float32)

    def __len__(self) -> int:
        return len(self.columns_)

    def fit(self, rows: Iterable[Iterable[str]], always: Iterable[str] = ()) -> Self:
        """Choose the columns from the features of ``rows``; those in ``always`` need not stand in any."""
        frequency: Counter[str] = Counter()
        n_rows = 0
        for row in rows:
            frequency.update(set(row))
            n_rows += 1
        frequent = {feature for feature, count in frequency.items() if count >= self.min_rows}
        kept = sorted(frequent.union(always))
        counts = np.array([frequency[feature] for feature in kept], float)
        self.columns_ = {feature: column for column, feature in enumerate(kept)}
        # The smoothed inverse document frequency of scikit-learn's TfidfTransformer.
        self.weights_ = (np.log((1 + n_rows) / (1 + counts)) + 1).astype(np.float32)
        return self

    def find(self, features: Iterable[str], known: Columns | None = None) -> Columns:
        """Return the columns of ``features``, each once and in their order, after those in ``known``."""
        found = dict.fromkeys(map(self.columns_.get, features))
        found.pop(None, None)
        return known | found if known else found  # type: ignore[return-value]  # None is gone
