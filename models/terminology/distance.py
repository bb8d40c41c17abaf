"""Distance: whether a text uses a term as its own or holds it at arm's length."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from models.spans import Span

_REACH: Final = 70
# Scare quotes stand around a word or two; within a longer quotation the term is the speaker's own.
_LONGEST_SCARE_QUOTE: Final = 60

_OPENING: Final = re.compile(
    r"(?:\bso[-\s]called|\b(?:what|which|that)\s+(?:[\w’']+\s+){1,4}?(?:calls?|called|terms?|termed|describes?|described\sas|"
    r"dubs?|dubbed|labels?|labell?ed|refers?\sto\sas|referred\sto\sas|describes?\sas)"
    r"|\b(?:euphemistically|officially|falsely)\s+(?:called|known\sas|termed|dubbed|described\sas)"
    r"|\b(?:it|he|she|they|Moscow|Russia|(?:the\s)?Kremlin|Putin)\s+(?:calls|call|terms|dubs|refers\sto\sas|describes\sas)"
    r"|\bself-(?:proclaimed|declared|styled))"
    r"(?:\s+(?:a|an|the|its|his|their|is|as))*(?:\s+[“\"'‘«])?\s*$",
    re.IGNORECASE,
)
_OPEN_MARKS: Final = "“\"„«‘'"
_CLOSE_MARKS: Final = "”\"“»’'"


def is_distanced(text: str, start: int, end: int, quotes: Sequence[Span]) -> bool:
    """Tell whether the term at ``text[start:end]`` is quoted at arm's length or introduced as another's word."""
    if _in_short_quote(start, end, quotes) or _tightly_quoted(text, start, end):
        return True
    return _OPENING.search(text, max(0, start - _REACH), start) is not None


def _in_short_quote(start: int, end: int, quotes: Sequence[Span]) -> bool:
    at = bisect_right(quotes, (start, end))
    for quote in quotes[max(0, at - 1) : at + 1]:
        if quote.start <= start and end <= quote.end and quote.end - quote.start <= _LONGEST_SCARE_QUOTE:
            return True
    return False


def _tightly_quoted(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1] in _OPEN_MARKS and text[end] in _CLOSE_MARKS
