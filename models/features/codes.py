"""Tokens as numbers, those of many paragraphs end to end: what scoring reads in the place of strings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.features.patterns import PERSONS, SPEECH, WINDOW
from models.features.tokens import (
    ABBREVIATIONS,
    NO_TARGET,
    SENTENCE_ENDS,
    TOKEN,
    canonical_name,
    canonical_word,
    pieces,
)
from models.labels import Target
from models.paragraph import Paragraph

UNKNOWN: Final = 0
"""Number of a token that no feature is made of, and of what stands between two paragraphs."""

_KNOWN: Final = 1 << 16

# The flags of a token, below its number.
_ENDS, _PERIOD, _SHORT, _SPEAKS = 1, 2, 4, 8
_PERSON: Final = 4
_NUMBER: Final = 8
_GAP: Final = [_ENDS] + [0] * (WINDOW - 1)


class Coded(NamedTuple):
    """The tokens of ``n`` paragraphs as columns of numbers; ``WINDOW`` unknown ones stand before and after each.

    Attributes:
        words: Number of each token, see :class:`Codes`; shape (n_tokens,), like all that follow.
        targets: Number of the target that each mentions, or :data:`~models.features.tokens.NO_TARGET`.
        rows: Number of each one's paragraph.
        sentences: Number of each one's sentence, counted through all paragraphs.
        quoted: Whether each stands inside quotation marks.
        speaks: Whether each is a word of speech.
        persons: Number of each in :data:`~models.features.patterns.PERSONS`, counted from 1, or 0.
        mentions: Positions of the mentions among all tokens, shape (n_mentions,).
        lengths: Tokens of each paragraph, shape (n,), like all that follow but for ``counts``.
        closed: Sentences of each paragraph that end before its last token.
        counts: Mentions of each target in each paragraph, shape (n, 3).
        first: Number of the target that is mentioned first, or NO_TARGET.
    """

    words: NDArray[np.int64]
    targets: NDArray[np.int64]
    rows: NDArray[np.int64]
    sentences: NDArray[np.int64]
    quoted: NDArray[np.bool_]
    speaks: NDArray[np.bool_]
    persons: NDArray[np.int64]
    mentions: NDArray[np.int64]
    lengths: NDArray[np.int64]
    closed: NDArray[np.int64]
    counts: NDArray[np.int64]
    first: NDArray[np.int64]


class Codes:
    """Numbers of words.

    Args:
        words: Canonical forms with their numbers, from 1; others are :data:`UNKNOWN`.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self._words = _Packed(words, canonical_word)
        self._names = _Packed(words, canonical_name)

    def __call__(self, paragraphs: Sequence[Paragraph]) -> Coded:
        """Return the tokens of paragraphs, as :func:`~models.features.tokens.tokenize` finds them."""
        packed, parts, lengths = _GAP.copy(), [(WINDOW, NO_TARGET, False)], []
        word, name = self._words.__getitem__, self._names.__getitem__
        for paragraph in paragraphs:
            text, before = paragraph.text, len(packed)
            for start, end, target, quoted in pieces(paragraph):
                if target == NO_TARGET:
                    found = [*map(word, TOKEN.findall(text, start, end))]
                else:
                    found = [name(text[start:end])]
                packed += found
                parts.append((len(found), target, quoted))
            lengths.append(len(packed) - before)
            packed += _GAP
            parts.append((WINDOW, NO_TARGET, False))
        return _unpacked(packed, parts, lengths)


class _Packed(dict[str, int]):
    """Number and flags of each token as it is written, found when it is first met."""

    def __init__(self, words: Mapping[str, int], canonical: Callable[[str], str]) -> None:
        super().__init__()
        self._numbers, self._canonical = words, canonical

    def __missing__(self, written: str) -> int:
        word = self._canonical(written)
        flags = _ENDS * (word in SENTENCE_ENDS) | _PERIOD * (word == ".") | _SPEAKS * (word in SPEECH)
        flags |= _SHORT * (len(word) == 1 or word in ABBREVIATIONS)
        person = PERSONS.index(word) + 1 if word in PERSONS else 0
        packed = self._numbers.get(word, UNKNOWN) << _NUMBER | person << _PERSON | flags
        if len(self) >= _KNOWN:  # texts name ever new things
            self.clear()
        self[written] = packed
        return packed


def _unpacked(packed: list[int], parts: Iterable[tuple[int, int, bool]], lengths: list[int]) -> Coded:
    tokens = np.array(packed, np.int64)
    sizes, targets, quoted = (np.array(column, np.int64) for column in zip(*parts, strict=True))
    found = np.array(lengths, np.int64)
    # A full stop after an abbreviation or an initial ends nothing.
    short = np.concatenate([[0], tokens[:-1]]) & _SHORT
    ends = (tokens & _ENDS).astype(bool) & ~((tokens & _PERIOD).astype(bool) & (short > 0))
    sentences: NDArray[np.int64] = np.cumsum(ends) - ends
    # A paragraph's tokens stand after a gap of WINDOW and the paragraphs before it, each with a gap.
    starts = np.cumsum(found + WINDOW) - found
    closed = np.where(found > 0, sentences[starts + np.maximum(found, 1) - 1] - sentences[starts], 0)
    of_target = np.repeat(targets, sizes)
    rows = np.concatenate([np.zeros(WINDOW, np.int64), np.repeat(np.arange(len(found)), found + WINDOW)])
    mentions = np.flatnonzero(of_target != NO_TARGET)
    places = rows[mentions] * len(Target) + of_target[mentions]
    first = np.full(len(found), NO_TARGET)
    first[rows[mentions[::-1]]] = of_target[mentions[::-1]]
    return Coded(
        words=tokens >> _NUMBER,
        targets=of_target,
        rows=rows,
        sentences=sentences,
        quoted=np.repeat(quoted, sizes).astype(bool),
        speaks=(tokens & _SPEAKS).astype(bool),
        persons=(tokens >> _PERSON) & ((1 << (_NUMBER - _PERSON)) - 1),
        mentions=mentions,
        lengths=found,
        closed=closed,
        counts=np.bincount(places, minlength=len(found) * len(Target)).reshape(-1, len(Target)),
        first=first,
    )
