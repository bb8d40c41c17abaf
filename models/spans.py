"""Spans of text, in code points, and their conversion to UTF-16 code units."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points, ``text[start:end]``."""

    start: int
    end: int


class Utf16Map:
    """Converts code-point offsets of one text to UTF-16 code units (JavaScript's unit).

    Costs nothing a text without astral characters, and one binary search an offset otherwise.
    """

    __slots__ = ("_astral",)

    def __init__(self, text: str) -> None:
        # A code point above the Basic Multilingual Plane takes two units: remember where those stand.
        self._astral = [] if text.isascii() else [i for i, char in enumerate(text) if char > "\uffff"]

    def __call__(self, offset: int) -> int:
        """Return ``offset`` (code points from the start of the text) in UTF-16 units."""
        return offset + bisect_left(self._astral, offset) if self._astral else offset
