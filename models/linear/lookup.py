"""Vocabularies made ready for scoring: features found for many paragraphs at once.

:func:`models.features.extract` writes every feature out as a string, which is what fitting and explanations need and
most of what scoring would cost. Here words are numbers, a pair of words is one number made of two, and which columns
they have is looked up for all paragraphs together. Both find the same; a test holds them together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import count
from typing import Final, NamedTuple

import numpy as np

from models.features import NO_TARGET, Coded, Codes
from models.features.patterns import (
    MOST_MENTIONS,
    NAMES,
    NEXT,
    PERSONS,
    SELF,
    WINDOW,
    Shape,
    shape_features,
    term_features,
)
from models.heads import IntArray
from models.linear.layout import N_TARGETS
from models.linear.rows import Spaces
from models.paragraph import Paragraph

NOWHERE: Final = -1
"""Column of what is not a feature."""

_LAST: Final = np.iinfo(np.int64).max

_HERE, _SAME, _BEFORE, _AFTER = range(4)
_BACK: Final = (4, 5, 6)
_ON: Final = (7, 8, 9)
_PLACES: Final = {"s": _SAME, "-": _BEFORE, "+": _AFTER} | {
    f"{side}{step}": place for side, places in (("-", _BACK), ("+", _ON)) for step, place in enumerate(places, 1)
}
"""Where a word or pair may stand, as :func:`~models.features.patterns.near_features` marks it: in the paragraph, in a
mention's sentence, before and after a mention, so many steps from it."""

_REACH: Final = np.arange(1, WINDOW + 1)


class Block(IntEnum):
    """Kinds of rows. A paragraph has one of each of the first three, and one per target of the others."""

    SHAPE = 0
    DOCUMENT = 1
    """Words and pairs as they stand, and loaded terms."""
    COMMON = 2
    """Those of them without a mention."""
    MASKED = 3
    """Those with a mention, masked."""
    NEAR = 6
    """Words near a target's mentions."""

    def rows(self, n: int) -> slice:
        """Return which rows of ``n`` paragraphs are of this kind."""
        return slice(self * n, (self + (N_TARGETS if self >= Block.MASKED else 1)) * n)


class Found(NamedTuple):
    """Features of paragraphs, in any order and with repetitions.

    Attributes:
        rows: Number of each one's row, see :class:`Block`.
        columns: Number of its column.
    """

    rows: IntArray
    columns: IntArray


class Lookup:
    """Columns of the features of paragraphs: words and pairs first, then what stands near mentions, then shapes.

    Args:
        spaces: The vocabularies.
    """

    def __init__(self, spaces: Spaces) -> None:
        self._words, self._shape = spaces.words.columns_, spaces.shape.columns_
        self._first_near, self._first_shape = len(spaces.words), spaces.n_target
        told = [(_HERE, feature, column) for feature, column in self._words.items()]
        counts = np.full(MOST_MENTIONS + 1, NOWHERE)
        for name, column in spaces.near.columns_.items():
            where, _, feature = name.partition(":")
            if where in _PLACES:
                told.append((_PLACES[where], feature, self._first_near + column))
            else:
                counts[int(feature)] = self._first_near + column
        numbers: defaultdict[str, int] = defaultdict(count(1).__next__)
        words = [(place, numbers[feature], column) for place, feature, column in told]
        pairs = [
            (place, numbers[one], numbers[two], column)
            for place, feature, column in told
            for one, two in _halves(feature)
        ]
        self._codes, self._size = Codes(dict(numbers)), len(numbers) + 1
        self._single = np.full((len(_PLACES) + 1, self._size), NOWHERE, np.int32)
        places, found, columns = np.array(words, np.int64).reshape(-1, 3).T
        self._single[places, found] = columns
        places, left, right, columns = np.array(pairs, np.int64).reshape(-1, 4).T
        keys = (places * self._size + left) * self._size + right
        order = np.argsort(keys)
        # A last one that no pair has, for the search to end at.
        self._pairs, self._columns = np.append(keys[order], _LAST), np.append(columns[order], NOWHERE)
        self._masks = np.array([numbers.get(name, 0) for name in (SELF, *NAMES)])
        self._counts = counts

    def __call__(self, paragraphs: Sequence[Paragraph]) -> Found:
        """Find the features of ``n`` paragraphs."""
        coded, n = self._codes(paragraphs), len(paragraphs)
        mentions, mentioned = coded.mentions, coded.targets[coded.mentions]
        # The words from each target's point of view, shape (3, n_tokens).
        views = np.tile(coded.words, (N_TARGETS, 1))
        for target, view in enumerate(views):
            view[mentions] = np.where(mentioned == target, self._masks[0], self._masks[1 + mentioned])
        wanted = _Wanted(self._size)
        _common(wanted, coded, Block.COMMON * n + coded.rows)
        _with_mentions(wanted, coded, coded.words, Block.DOCUMENT * n + coded.rows)
        for target, view in enumerate(views):
            _with_mentions(wanted, coded, view, Block.MASKED * n + N_TARGETS * coded.rows + target)
        _near(wanted, coded, views, Block.NEAR * n)
        rows, columns = self._columns_of(wanted)
        shared = rows // n == Block.COMMON
        return _together(
            [
                Found(rows, columns),
                Found(rows[shared] - (Block.COMMON - Block.DOCUMENT) * n, columns[shared]),
                self._terms(paragraphs, Block.DOCUMENT * n),
                self._tallied(coded, n),
                self._shapes(coded, n),
            ]
        )

    def _columns_of(self, wanted: _Wanted) -> Found:
        """Look up words and pairs, and leave out those that are not features."""
        words, pairs = np.concatenate(wanted.words), np.concatenate(wanted.pairs)
        at = np.searchsorted(self._pairs, pairs)
        found = np.where(self._pairs[at] == pairs, self._columns[at], NOWHERE)
        columns = np.concatenate([self._single.ravel()[words], found])
        known = columns != NOWHERE
        return Found(np.concatenate([*wanted.word_rows, *wanted.pair_rows])[known], columns[known])

    def _terms(self, paragraphs: Sequence[Paragraph], first: int) -> Found:
        """Find loaded terms."""
        terms = ((row, name) for row, one in enumerate(paragraphs) if one.terms for name in term_features(one))
        found = [(first + row, self._words[name]) for row, name in terms if name in self._words]
        return Found(*np.array(found, np.int64).reshape(-1, 2).T)

    def _tallied(self, coded: Coded, n: int) -> Found:
        """Find how many mentions of each target there are."""
        columns = self._counts[np.minimum(coded.counts, MOST_MENTIONS)].ravel()
        known = columns != NOWHERE
        return Found(np.arange(Block.NEAR * n, Block.NEAR * n + N_TARGETS * n)[known], columns[known])

    def _shapes(self, coded: Coded, n: int) -> Found:
        """Find what tells of the paragraphs' shapes."""
        quoted = np.bincount(coded.rows[coded.quoted], minlength=n).tolist()
        speech = np.bincount(coded.rows[coded.speaks & ~coded.quoted], minlength=n).tolist()
        persons: list[set[tuple[str, bool]]] = [set() for _ in range(n)]
        for at in np.flatnonzero(coded.persons).tolist():
            persons[coded.rows[at]].add((PERSONS[coded.persons[at] - 1], bool(coded.quoted[at])))
        numbers = (
            coded.lengths.tolist(),
            quoted,
            speech,
            map(frozenset, persons),
            coded.closed.tolist(),
            coded.counts.tolist(),
            coded.first.tolist(),
        )
        found = [
            (Block.SHAPE * n + row, self._first_shape + self._shape[name])
            for row, shape in enumerate(map(Shape, *numbers))
            for name in shape_features(shape)
            if name in self._shape
        ]
        return Found(*np.array(found, np.int64).reshape(-1, 2).T)


class _Wanted:
    """Words and pairs to look up, all at once: a few long steps cost less than many short ones."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.word_rows, self.words, self.pair_rows, self.pairs = _lists(), _lists(), _lists(), _lists()

    def word(self, rows: IntArray, place: int, word: IntArray) -> None:
        """Want words in a place, each for its row."""
        self.word_rows.append(rows)
        self.words.append(place * self._size + word)

    def pair(self, rows: IntArray, place: int, one: IntArray, two: IntArray) -> None:
        """Want pairs of words in a place."""
        self.pair_rows.append(rows)
        self.pairs.append((place * self._size + one) * self._size + two)


def _lists() -> list[IntArray]:
    return []


def _common(wanted: _Wanted, coded: Coded, rows: IntArray) -> None:
    """Want words and pairs without a mention; ``rows`` tells the row of each token, here and below."""
    plain = coded.targets == NO_TARGET
    wanted.word(rows[plain], _HERE, coded.words[plain])
    at = np.flatnonzero(plain[:-1] & plain[1:])
    wanted.pair(rows[at], _HERE, coded.words[at], coded.words[at + 1])


def _with_mentions(wanted: _Wanted, coded: Coded, words: IntArray, rows: IntArray) -> None:
    """Want words and pairs with a mention, ``words`` masked or not."""
    at = coded.mentions
    wanted.word(rows[at], _HERE, words[at])
    wanted.pair(rows[at], _HERE, words[at - 1], words[at])
    at = at[coded.targets[at + 1] == NO_TARGET]
    wanted.pair(rows[at], _HERE, words[at], words[at + 1])


def _near(wanted: _Wanted, coded: Coded, views: IntArray, first: int) -> None:
    """Want what stands near the mentions of each target, and in their sentences."""
    at, targets = coded.mentions, coded.targets[coded.mentions]
    rows = first + coded.rows[at] * N_TARGETS + targets
    for place, steps, reach in ((_BEFORE, _BACK, -_REACH), (_AFTER, _ON, _REACH)):
        beside = views[targets[:, None], at[:, None] + reach]
        wanted.word(np.repeat(rows, WINDOW), place, beside.ravel())
        for step in range(NEXT):
            wanted.word(rows, steps[step], beside[:, step])
        for step in range(NEXT + 1):
            wanted.pair(rows, steps[step], beside[:, step], beside[:, step + 1])
    told = np.zeros((N_TARGETS, coded.sentences[-1] + 1), bool)
    told[targets, coded.sentences[at]] = True
    targets, at = np.nonzero(told[:, coded.sentences])
    wanted.word(first + coded.rows[at] * N_TARGETS + targets, _SAME, views[targets, at])


def _halves(feature: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs that a feature may be: the words of a name have spaces between them as those of a pair have."""
    at = feature.find(" ")
    while at >= 0:
        yield feature[:at], feature[at + 1 :]
        at = feature.find(" ", at + 1)


def _together(found: Sequence[Found]) -> Found:
    rows, columns = zip(*found, strict=True)
    return Found(np.concatenate(rows), np.concatenate(columns))
