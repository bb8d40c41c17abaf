"""Words, and where one may cut between code points."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from models.spans import Span

BLANK: Final = "\ufeff\u200b\u2060\u00ad"
"""Invisible characters that count as white space at the edges of a paragraph, beside ``str.isspace``."""

MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
"""The blocks of combining marks that occur in news text, for use inside a character class."""

_WORD: Final = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*+(?:['’\-‐‑][^\W_](?:[^\W_]|[{MARKS}])*+)*+")

_JOINS_BACK: Final = frozenset("\u200d\ufe0e\ufe0f")
_SKIN_TONES: Final = ("\U0001f3fb", "\U0001f3ff")


def word_spans(text: str) -> list[Span]:
    """Return the words of ``text`` in order.

    A word is a run of letters, digits and their combining marks, with apostrophes and hyphens between such runs
    (``don't``, ``Russian-backed``).
    """
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def trimmed(text: str, start: int, end: int) -> Span:
    """Return ``start``..``end`` without the white space (and invisible characters) at its edges."""
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return Span(start, end)


def safe_cut(text: str, cut: int, start: int) -> int:
    """Return the last offset in (``start``, ``cut``] that splits no character, or ``cut`` if there is none.

    ``start`` must itself be the start of a character. A character is what a reader takes for one: a letter with its
    combining marks, an emoji with its modifiers, a flag.
    """
    for offset in range(cut, start, -1):
        if not _joined(text, offset, start):
            return offset
    return cut


def _is_blank(char: str) -> bool:
    return char.isspace() or char in BLANK


def _joined(text: str, offset: int, start: int) -> bool:
    """Tell whether the code points around ``offset`` are one character."""
    if not 0 < offset < len(text):
        return False
    before, after = text[offset - 1], text[offset]
    return (
        unicodedata.category(after).startswith("M")
        or after in _JOINS_BACK
        or before == "\u200d"
        or _SKIN_TONES[0] <= after <= _SKIN_TONES[1]
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
        or (_is_regional(after) and _regionals_before(text, offset, start) % 2 == 1)
    )


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _regionals_before(text: str, offset: int, start: int) -> int:
    """Count the regional indicators right before ``offset``: two make a flag."""
    count = 0
    while offset - count > start and _is_regional(text[offset - count - 1]):
        count += 1
    return count
