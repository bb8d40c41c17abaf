"""Distance: whether a text uses a term as its own or holds it at arm's length."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from models.spans import Span
from models.terminology.entries import Kind

# How much text before and after a term a distancing phrase may take up, in code points.
_REACH: Final = 90
_OPEN_MARKS: Final = "“\"„«‘'"
_CLOSE_MARKS: Final = "”\"“»’'"

_NAMES: Final = r"(?:call|term|label|brand|dub|style)(?:s|ed|led|med|bed|d|ing|ling|ming|bing)?"
_DESCRIBES: Final = r"(?:describ|portray|characteri[sz]|present|refer|fram|cast)(?:e|es|ed|s|red|ing|ring)?(?:\s+to)?"
_WORD: Final = r"[\w’'.-]+"
_NOUN: Final = rf"(?!(?:is|are|was|were|has|have|had|will|and|but|that|which|who)\b){_WORD}"
_ADJECTIVE: Final = rf"(?!(?:of|in|on|to|for|by|with|from|at|and|but|that|who|which|is|was|are|were)\b){_WORD},?"

# What must end right before a term.
_BEFORE: Final = re.compile(
    rf"""
    (?: \bso[-‐‑–\s]called | \bself[-‐‑–\s](?:proclaimed|declared|styled|described)
      | \b(?:alleged|purported|supposed|unrecogni[sz]ed)
      | \bunder\s+the\s+(?:guise|pretext|banner)\s+of
      # what Moscow calls, which the Kremlin likes to call
      | \b(?:what|which|whom)\s+(?:{_WORD}\s+){{1,5}}?(?:(?:likes?|prefers?|insists?)\s+(?:on|to)\s+)?{_NAMES}
      # calls it a, dubbed the invasion a
      | \b{_NAMES}\s+(?:it|this|that|them|(?:the|its|his|their|this|these)\s+(?:{_NOUN}\s+){{0,4}}?{_NOUN})
      # describes the war as a, refers to its attack as a
      | \b{_DESCRIBES}\s+(?:{_WORD},?\s+){{0,8}}?as
      # known in Russia as
      | \bknown\s+(?:in|to|by|among)\s+(?:{_WORD}\s+){{1,3}}?as
      | \b(?:euphemism|byword|shorthand)\s+for
      # uses the term
      | \bthe\s+(?:terms?|phrases?|words?|expression|label|euphemism|name)(?:\s+for|,)?
    )
    \s+ (?:(?:a|an|the|its|his|her|their|our|my|this)\s+ (?:{_ADJECTIVE}\s+){{0,2}})* [“"'‘«„]? $
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What must follow right after it: "as Moscow calls it", "in the Kremlin's parlance".
_AFTER: Final = re.compile(
    rf"""
    [”"'’»]? \s* [,(—–-]? \s*
    (?: (?:or\s+)?as\s+(?:{_WORD}\s+){{1,4}}?(?:{_NAMES}|puts?|refers?|describes?|likes?|prefers?)\b
      | (?:so\s+)?(?:in|to\s+use)\s+(?:the\s+)?(?:{_WORD}\s+){{1,3}}?(?:words?|parlance|terminology|jargon|lexicon)\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# "Dubbed a special military operation", "officially a"; "called" needs by whom.
_DUBBED: Final = re.compile(
    r"\b(?:(?:dubbed|termed|(?:officially|euphemistically)(?:,|\s+(?:called|named|known\s+as|described\s+as|labelled))?)"
    r"\s+(?:an?|the|its|his)|euphemistically(?:\s+\w+)?)\s+$",
    re.IGNORECASE,
)
_CALLED: Final = re.compile(r"\b(?:called|named|labelled|labeled)\s+(?:an?|the|its|his)\s+$", re.IGNORECASE)
_BY: Final = re.compile(r"[”\"'’»]?\s+by\s+(?:the\s+)?[A-Z]")
# What may stand between two names that one word distances: "the self-proclaimed Donetsk (DPR) and Luhansk republics".
_AND: Final = re.compile(r"\)?,?\s+and\s+(?:the\s+)?")
# What may stand between a name and its abbreviation: "Donetsk People's Republic (DPR)".
_BEFORE_GLOSS: Final = re.compile(r"[”\"]?\s*\([“\"]?")


def is_distanced(text: str, span: Span, kind: str, quotes: Sequence[Span]) -> bool:
    """Tell whether the term at ``span`` stands in quotation marks or is introduced as another's word.

    ``quotes`` are the quoted spans of the text, in order. A spelling is not introduced as another's word: in "what
    Moscow calls Kyiv's aggression" nobody is named anew.
    """
    if _is_quoted(text, span, quotes):
        return True
    before, after = text[max(0, span.start - _REACH) : span.start], text[span.end : span.end + _REACH]
    if kind != Kind.SPELLING and _BEFORE.search(before):
        return True
    if kind == Kind.EVENT and (_DUBBED.search(before) or (_CALLED.search(before) and _BY.match(after))):
        return True
    return _AFTER.match(after) is not None


def is_gloss(text: str, end: int, start: int) -> bool:
    """Tell whether the term at ``start`` stands in brackets right behind the one that ends at ``end``."""
    return _BEFORE_GLOSS.fullmatch(text, end, start) is not None


def shares_distance(text: str, first: Span, second: Span, quotes: Sequence[Span]) -> bool:
    """Tell whether what distances the term at ``first`` holds for the one at ``second``, joined to it by "and"."""
    return _AND.fullmatch(text, first.end, second.start) is not None and not _is_quoted(text, first, quotes)


def _is_quoted(text: str, span: Span, quotes: Sequence[Span]) -> bool:
    at = bisect_right(quotes, span)
    if any(quote.start <= span.start and span.end <= quote.end for quote in quotes[max(0, at - 1) : at + 1]):
        return True
    start, end = span
    return start > 0 and end < len(text) and text[start - 1] in _OPEN_MARKS and text[end] in _CLOSE_MARKS
