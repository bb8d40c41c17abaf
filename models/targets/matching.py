"""Occurrences of forms in a text: word boundaries, capitals, and what is known while they are gone through."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final, NamedTuple

from models.labels import Target
from models.targets.folding import Folded

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_NEARBY: Final = 40
"""Code points on each side of a name in which the capitals around it are looked at."""


_CLAUSE_MARKS: Final = 8
"""Code points before a name in which the end of the clause before is looked for."""
_BEFORE_WORD: Final = " \"'“«([*_"
_CLAUSE_ENDS: Final = (",", ".", "!", "?", ":", ";", "/", "|", " -")


class Mention(NamedTuple):
    """A mention of a target, ``text == paragraph[start:end]``, offsets in code points."""

    start: int
    end: int
    text: str
    target: Target


class Hit(NamedTuple):
    """An occurrence of a form in the folded text, at word boundaries."""

    start: int
    end: int
    form: str


class Scan:
    """What is known of one text while its hits are gone through."""

    __slots__ = ("_blocked", "_text", "end", "folded", "known", "mentions")

    def __init__(self, text: str, folded: Folded, blocked: list[tuple[int, int]]) -> None:
        self._text = text
        self._blocked = blocked
        self.folded = folded
        self.end = 0
        self.known: dict[str, Target | None] = {}
        self.mentions: list[Mention] = []

    def original(self, hit: Hit) -> str:
        """Return a hit as the text writes it."""
        return original(self._text, self.folded, hit)

    def accept(self, start: int, end: int, target: Target) -> None:
        """Note a mention at these offsets of the folded text, without the hyphen at the end of a prefix ("Russo-")."""
        low, high = self.folded.span(start, end - (self.folded.text[end - 1] == "-"))
        self.mentions.append(Mention(low, high, self._text[low:high], target))
        self.end = end

    def is_blocked(self, hit: Hit) -> bool:
        """Tell whether a hit overlaps a blocked span without containing it and more."""
        if not self._blocked:
            return False
        place = bisect_left(self._blocked, (hit.end, 0)) - 1
        if place < 0 or self._blocked[place][1] <= hit.start:
            return False
        start, end = self._blocked[place]
        return not (hit.start <= start and end <= hit.end and hit.end - hit.start > end - start)

    def is_before_name(self, hit: Hit) -> bool:
        """Tell whether a capitalized word follows."""
        start = hit.end + (self.folded.text[hit.end : hit.end + 1] == " ")
        return start < len(self.folded.text) and self.is_capital(start)

    def is_capital(self, start: int) -> bool:
        """Tell whether the code point at ``start`` of the folded text is a capital in the text."""
        return self._text[self.folded.span(start, start + 1)[0]].isupper()

    def begins_clause(self, hit: Hit) -> bool:
        """Tell whether a hit begins the text or a clause: nothing, a stop or a dash before it."""
        before = self.folded.text[max(0, hit.start - _CLAUSE_MARKS) : hit.start].rstrip(_BEFORE_WORD)
        return not before or before.endswith(_CLAUSE_ENDS)

    def words_around(self, hit: Hit) -> tuple[list[str], list[str]]:
        """Return up to two words before and two after, as the text writes them."""
        low, high = self.folded.span(hit.start, hit.end)
        before = _LETTERS.findall(self._text[max(0, low - _NEARBY) : low])
        return before[-2:], _LETTERS.findall(self._text[high : high + _NEARBY])[:2]


def at_boundaries(text: str, start: int, end: int) -> bool:
    """Tell whether a match neither begins nor ends inside a word."""
    if start and text[start].isalnum():
        before = text[start - 1]
        if before.isalnum() or before == "_" or (before == "'" and text[start - 2 : start - 1].isalnum()):
            return False
    return end == len(text) or not (text[end].isalnum() or text[end] == "_") or not text[end - 1].isalnum()


def original(text: str, folded: Folded, hit: Hit) -> str:
    """Return a hit as ``text`` writes it."""
    low, high = folded.span(hit.start, hit.end)
    return text[low:high]


def fits(form: str, original: str) -> bool:
    """Tell whether each capital of ``form`` is a capital in the text."""
    if form.islower() or original.isupper():
        return True
    if len(form) == len(original):
        return all(there.isupper() for here, there in zip(form, original, strict=True) if here.isupper())
    return sum(map(str.isupper, original)) >= sum(map(str.isupper, form))


def merged_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, those that overlap joined."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
