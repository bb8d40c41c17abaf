"""Folding of a text for matching, with the way back to the original's offsets."""

from __future__ import annotations

import re
import unicodedata
from itertools import compress
from typing import Final

from models.text.words import MARKS

_TABLE: Final = str.maketrans(
    {
        **dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd"),  # lone surrogates, which no UTF-8 matcher takes
        **dict.fromkeys("’‘ʼ`´′", "'"),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys(filter(str.isspace, map(chr, range(0x3001))), " "),
        **{
            chr(code): unicodedata.normalize("NFD", chr(code))[0]
            for block in (range(0xC0, 0x250), range(0x1E00, 0x1F00))
            for code in block
            if unicodedata.normalize("NFD", chr(code))[0].isascii()
        },
    }
)
"""Apostrophes, hyphens and dashes, spaces, and Latin letters with diacritics, each to one plain code point."""

_TRANSLATED: Final = re.compile("[^ -_a-~]+")
"""Runs of what the table may change: all but ASCII letters, digits and signs other than the backtick."""

_SPACES: Final = re.compile("  +")
_UNSEEN: Final = re.compile(rf"[{MARKS}\u00ad\u200b\u2060\ufeff]+")


class Folded:
    """A text in small letters, without diacritics, with plain apostrophes, hyphens and single spaces.

    Attributes:
        text: The folded text.
    """

    __slots__ = ("_offsets", "_original", "text")

    def __init__(self, original: str) -> None:
        # ASCII texts are translated fast; in others, all but a few code points can do without a look into the table.
        plain = original.translate(_TABLE) if original.isascii() else _TRANSLATED.sub(_translated, original)
        self._original = original
        self._offsets = _kept_offsets(plain)
        if self._offsets is not None:
            plain = "".join([plain[offset] for offset in self._offsets])
        self.text = plain.lower()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original's offsets of ``text[start:end]``, combining marks after it included."""
        if self._offsets is None:
            return start, end
        stop = self._offsets[end - 1] + 1
        while stop < len(self._original) and unicodedata.combining(self._original[stop]):
            stop += 1
        return self._offsets[start], stop

    def original(self, start: int, end: int) -> str:
        """Return ``text[start:end]`` as the original writes it; an empty text beyond its end."""
        return self._original[slice(*self.span(start, end))] if start < end <= len(self.text) else ""


def fold(text: str) -> str:
    """Return ``text`` folded, where its offsets do not matter."""
    return Folded(text).text


def _translated(match: re.Match[str]) -> str:
    return match[0].translate(_TABLE)


def _kept_offsets(text: str) -> list[int] | None:
    """Return the offsets of all but invisible code points and the rest of each run of spaces; None if that is all."""
    drops = [match.span() for match in _UNSEEN.finditer(text)] if not text.isascii() else []
    if "  " in text:
        drops += [(start + 1, end) for start, end in (match.span() for match in _SPACES.finditer(text))]
    if not drops:
        return None
    kept = bytearray(b"\1") * len(text)
    for start, end in drops:
        kept[start:end] = bytes(end - start)
    return list(compress(range(len(text)), kept))
