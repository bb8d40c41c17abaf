"""One typography and one spelling for what the encoder reads, with the way back to the original offsets.

Curly and straight quotes, kinds of dash and of space, and the spellings of one name are told apart by publishers and
not by what a sentence says: the encoder must not see them. The map of spellings is frozen with a model, so that a
later edit of the terminology tables can't move what a trained model reads; of the targets' tables it takes only whether
"US" is the state.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from models.targets import find_mentions

_FOLDS: Final = {
    '"': "“”„‟«»″〝〞＂",
    "'": "‘’‚‛′ʼ‹›`´＇",
    "-": "‐‑‒–—―−﹘﹣－",
    " ": "\t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000",
    "...": "…",
    "ff": "ﬀ",
    "fi": "ﬁ",
    "fl": "ﬂ",
    "ffi": "ﬃ",
    "ffl": "ﬄ",
    "st": "ﬅﬆ",
    "": "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff",
}
_TABLE: Final = {char: plain for plain, chars in _FOLDS.items() for char in chars}
_FOLDABLE: Final = re.compile(f"[{re.escape(''.join(_TABLE))}]")
# An uncased vocabulary can't tell "US" from "us"; the state is read as "USA". Where the gazetteer finds no mention,
# "US" is the pronoun in capitals or part of another name ("TELL US WHY", "the US Open"), and stays.
_STATES: Final = re.compile(r"(?<![\w.])(?:U\.S\.A\.?|U\.S\.|US)(?!\w)")
_AMBIGUOUS: Final = "US"
_RUNS: Final = re.compile(r"--+| {2,}|''|^ +| +$")
# What a list or a mail puts before a paragraph says nothing. It is that only where a word follows, and not a month.
_BULLET: Final = re.compile(
    r"""
    ^[ ]*+
    (?: [•‣▪●◦·*>-] [ ]*+ | \d{1,2}[.)] [ ]++ (?!(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)) )++
    (?<=[ ]) (?= [^\W\d_] | ["'(\[] )
    """,
    re.VERBOSE,
)


class Folded(NamedTuple):
    """A text as the encoder reads it.

    Attributes:
        text: The folded text.
        starts: For each code point of ``text``, where in the original it, or what it stands for, begins.
        ends: Likewise, where that ends.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of ``text[start:end]``, which is not empty."""
        return self.starts[start], self.ends[end - 1]


class Folder:
    """Folds typography, then spellings.

    Args:
        spellings: Variants and what each is read as; matched as whole words, the longest first, whatever their case.
    """

    def __init__(self, spellings: Mapping[str, str]) -> None:
        self._canonical = list(spellings.values())
        self._automaton = AhoCorasick([_lower(variant) for variant in spellings], implementation=Implementation.DFA)

    def __call__(self, text: str) -> Folded:
        """Return ``text`` folded; linear in its length."""
        folded = Folded(text, list(range(len(text))), list(range(1, len(text) + 1)))
        for pattern, fold in _RULES:
            folded = _replace(folded, [(*match.span(), fold(match)) for match in pattern.finditer(folded.text)])
        folded = _replace(folded, _states(folded, text))
        return _replace(folded, self._spellings(folded.text))

    def _spellings(self, text: str) -> Iterator[tuple[int, int, str]]:
        matches = [
            (start, -end, number)
            for number, start, end in self._automaton.find_matches_as_indexes(_lower(text), overlapping=True)
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
        ]
        done = 0
        for start, minus_end, number in sorted(matches):
            if start >= done:
                done = -minus_end
                yield start, done, self._canonical[number]


def _lower(text: str) -> str:
    # A few letters have lower cases of two code points, which would shift all offsets after them.
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(one if len(one := c.lower()) == 1 else c for c in text)


def _collapse(match: re.Match[str]) -> str:
    run = match[0]
    if run[0] != " ":
        return '"' if run[0] == "'" else "-"
    return "" if match.start() == 0 or match.end() == len(match.string) else " "


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (_FOLDABLE, lambda match: _TABLE[match[0]]),
    (_BULLET, lambda _: ""),
    (_RUNS, _collapse),
)


def _states(folded: Folded, original: str) -> list[tuple[int, int, str]]:
    names = list(_STATES.finditer(folded.text))
    mentioned: set[int] = set()
    if any(name[0] == _AMBIGUOUS for name in names):
        mentioned.update(mention.start for mention in find_mentions(original))
    return [
        (*name.span(), "USA") for name in names if name[0] != _AMBIGUOUS or folded.starts[name.start()] in mentioned
    ]


def _replace(folded: Folded, changes: Iterable[tuple[int, int, str]]) -> Folded:
    """Replace spans of the text, and keep for each new code point the original span that it stands for."""
    text, starts, ends = folded
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    done = 0
    for start, end, new in changes:
        pieces += (text[done:start], new)
        new_starts += starts[done:start] + [starts[start]] * len(new)
        new_ends += ends[done:start] + [ends[end - 1]] * len(new)
        done = end
    if not done:
        return folded
    return Folded("".join([*pieces, text[done:]]), new_starts + starts[done:], new_ends + ends[done:])
