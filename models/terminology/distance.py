"""Distance: whether a text uses a term as its own or holds it at arm's length."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from models.spans import Span
from models.terminology.entries import Kind

_REACH: Final = 90
_OPEN_MARKS: Final = "“\"„«‘'"
_CLOSE_MARKS: Final = "”\"“»’'"

_NAMING: Final = r"(?:call|term|label|brand|dub|style)(?:s|ed|led|med|bed|d|ing|ling|ming|bing)?"
_DESCRIBING: Final = r"(?:describ(?:e|es|ed|ing)|refer(?:s|red|ring)?\s+to|portray(?:s|ed|ing)?|characteri[sz](?:e|es|ed|ing)|present(?:s|ed|ing)?|known|framed|framing)"
_DETERMINERS: Final = r"(?:(?:a|an|the|its|his|her|their|our|my|this|as|is|was|being)\s+)*"

# What must end right before a term, determiners and an opening quotation mark aside.
_BEFORE: Final = re.compile(
    rf"(?:\bso[-‐‑–\s]called|\bself[-‐‑–\s](?:proclaimed|declared|styled)|\b(?:alleged|purported|supposed|quote[-\s]unquote)"
    rf"|\bunder\s+the\s+(?:guise|pretext|banner)\s+of"
    rf"|\b(?:what|which|whom)\s+(?:[\w’'.-]+\s+){{1,5}}?(?:{_NAMING}|(?:likes?|prefers?|insists?)\s+(?:on\s+)?(?:to\s+)?{_NAMING})"
    rf"|\b{_NAMING}\s+(?:it|this|that|them|him|(?:the|its|his|their|this|these)\s+(?:[\w’'-]+\s+){{0,4}}?[\w’'-]+)"
    rf"|\b{_DESCRIBING}\s+(?:[\w’'-]+\s+){{0,7}}?as"
    rf"|\b(?:euphemism|byword|code|shorthand|term|phrase|name|word|words)(?:\s+for|,)?)"
    rf"\s+{_DETERMINERS}[“\"'‘«„]?$",
    re.IGNORECASE,
)
# What must follow right after it.
_AFTER: Final = re.compile(
    rf"[”\"'’»]?\s*[,(—–-]?\s*(?:(?:or\s+)?(?:so\s+|as)\s+(?:[\w’'.-]+\s+){{1,4}}?(?:{_NAMING}|puts?|refers?|describes?|likes?|prefers?)\b"
    rf"|in\s+(?:the\s+)?(?:[\w’'.-]+\s+){{1,3}}?(?:words?|parlance|terminology|jargon|phrase|language|lexicon|speak)\b)",
    re.IGNORECASE,
)


def is_distanced(text: str, span: Span, kind: str, quotes: Sequence[Span]) -> bool:
    """Tell whether the term at ``span`` stands in quotation marks or is introduced as another's word.

    A spelling is not introduced as another's word: in "what Moscow calls Kyiv's aggression" nobody is named anew.
    """
    if _is_quoted(text, span, quotes):
        return True
    if kind != Kind.SPELLING and _BEFORE.search(text[max(0, span.start - _REACH) : span.start]):
        return True
    return _AFTER.match(text[span.end : span.end + _REACH]) is not None


def _is_quoted(text: str, span: Span, quotes: Sequence[Span]) -> bool:
    at = bisect_right(quotes, span)
    if any(quote.start <= span.start and span.end <= quote.end for quote in quotes[max(0, at - 1) : at + 1]):
        return True
    start, end = span
    return 0 < start and end < len(text) and text[start - 1] in _OPEN_MARKS and text[end] in _CLOSE_MARKS
