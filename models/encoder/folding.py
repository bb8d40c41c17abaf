"""One typography and one spelling for what the encoder reads, with the way back to the original offsets.

Curly and straight quotes, kinds of dash and of space, and the spellings of one name are told apart by publishers and
not by what a sentence says: the encoder must not see them. The map of spellings is frozen with a model, so that a
later edit of the terminology tables can't move what a trained model reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final, NamedTuple

_FOLDS: Final = {
    '"': "“”„‟«»″〝〞＂",
    "'": "‘’‚‛′ʼ‹›`´＇",
    "-": "‐‑‒–—―−﹘﹣－",
    " ": "\t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000",
    "...": "…",
    "": "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff",
}
_TABLE: Final = {char: plain for plain, chars in _FOLDS.items() for char in chars}
_FOLDABLE: Final = re.compile(f"[{re.escape(''.join(_TABLE))}]")
# An uncased vocabulary can't tell "US" from "us"; the state is read as "USA".
_STATES: Final = re.compile(r"(?<![\w.])(?:U\.S\.A\.?|U\.S\.|US)(?!\w)")
_RUNS: Final = re.compile(r"--+| {2,}|''|^ +| +$")


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
        spellings: Variants and what each is read as; matched as whole words, whatever their case.
    """

    def __init__(self, spellings: Mapping[str, str]) -> None:
        self.spellings = {variant.lower(): canonical for variant, canonical in spellings.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        if not self.spellings:
            return None
        # Longest first: "Kiev Region" must not be taken for "Kiev".
        variants = sorted(map(re.escape, self.spellings), key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(variants)})(?!\w)", re.IGNORECASE)

    def __call__(self, text: str) -> Folded:
        """Return ``text`` folded; linear in its length."""
        folded = _replace(
            Folded(text, list(range(len(text))), list(range(1, len(text) + 1))),
            _FOLDABLE,
            lambda match: _TABLE[match[0]],
        )
        folded = _replace(folded, _RUNS, _collapse)
        folded = _replace(folded, _STATES, lambda _: "USA")
        if self._pattern is None:
            return folded
        return _replace(folded, self._pattern, lambda match: self.spellings[match[0].lower()])


def _collapse(match: re.Match[str]) -> str:
    run = match[0]
    if run[0] != " ":
        return '"' if run[0] == "'" else "-"
    return "" if match.start() == 0 or match.end() == len(match.string) else " "


def _replace(folded: Folded, pattern: re.Pattern[str], repl: Callable[[re.Match[str]], str]) -> Folded:
    """Substitute in the text, and keep for each new code point the original span that it stands for."""
    text, starts, ends = folded
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        new = repl(match)
        if new == match[0]:
            continue
        start, end = match.span()
        pieces += (text[done:start], new)
        new_starts += starts[done:start] + [starts[start]] * len(new)
        new_ends += ends[done:start] + [ends[end - 1]] * len(new)
        done = end
    if not pieces:
        return folded
    return Folded("".join([*pieces, text[done:]]), new_starts + starts[done:], new_ends + ends[done:])
