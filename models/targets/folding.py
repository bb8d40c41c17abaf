"""Folding of a text for matching, with the way back to the original's offsets."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from models.text.words import MARKS

_TABLE: Final = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ`´′", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **{
            chr(code): unicodedata.normalize("NFD", chr(code))[0]
            for block in (range(0xC0, 0x250), range(0x1E00, 0x1F00))
            for code in block
            if unicodedata.normalize("NFD", chr(code))[0].isascii()
        },
    }
)
_SPACES: Final = re.compile(r"\s")
_DROPPED: Final = re.compile(rf"(?<=\s)\s+|[{MARKS}\u00ad\u200b\u2060\ufeff]+")


class Folded:
    """A text in small letters, without diacritics, with plain apostrophes, hyphens and single spaces.

    Attributes:
        text: The folded text.
    """

    __slots__ = ("_offsets", "_original", "text")

    def __init__(self, original: str) -> None:
        self._original = original
        self._offsets: list[int] | None = None
        if original.isascii():
            kept = original
        else:
            kept = original.translate(_TABLE)
        if _DROPPED.search(kept):
            self._offsets = _kept_offsets(kept)
            kept = "".join([kept[offset] for offset in self._offsets])
        self.text = _SPACES.sub(" ", kept).lower()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original's offsets of ``text[start:end]``, combining marks after it included."""
        if self._offsets is None:
            return start, end
        stop = self._offsets[end - 1] + 1
        while stop < len(self._original) and unicodedata.combining(self._original[stop]):
            stop += 1
        return self._offsets[start], stop


def fold(text: str) -> str:
    """Return ``text`` folded, where its offsets do not matter."""
    return Folded(text).text


def _kept_offsets(text: str) -> list[int]:
    kept: list[int] = []
    start = 0
    for match in _DROPPED.finditer(text):
        kept.extend(range(start, match.start()))
        start = match.end()
    kept.extend(range(start, len(text)))
    return kept
