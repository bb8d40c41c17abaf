"""Distance: whether a text uses a term as its own or holds it at arm's length."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from models.spans import Span
from models.terminology.entries import Kind

_NAMED: Final = frozenset({Kind.SPELLING, Kind.RENAMING})
# How much text before and after a term a distancing phrase may take up, in code points.
_REACH: Final = 90
_OPEN_MARKS: Final = "“\"„«‘'❝‚"
_CLOSE_MARKS: Final = "”\"“»’'❞‘"

_NAMES: Final = r"(?:call|term|label|brand|dub|styl|style)(?:s|ed|led|med|bed|d|ing|ling|ming|bing)?"
_DESCRIBES: Final = r"(?:describ|portray|characteri[sz]|present|refer|fram|cast)(?:e|es|ed|s|red|ing|ring)?(?:\s+to)?"
_WORD: Final = r"[\w’'‘´`ʼ′.-]+"
_NOUN: Final = rf"(?!(?:is|are|was|were|has|have|had|will|and|but|that|which|who)\b){_WORD}"
_ADJECTIVE: Final = rf"(?!(?:of|in|on|to|for|by|with|from|at|and|but|that|who|which|is|was|are|were)\b){_WORD},?"

# What must end right before a term.
_BEFORE: Final = re.compile(
    rf"""
    \b (?: so[-‐‑–\s]called\)? | quote[-‐‑–\s]unquote | self[-‐‑–\s](?:proclaimed|declared|styled|described)
      | (?:alleged|purported|supposed|unrecogni[sz]ed)
      | under\s+the\s+(?:guise|pretext|banner)\s+of
      # what Moscow calls, which the Kremlin likes to call
      # but not the war in an interview in which he called it a crime
      | (?:what|(?<!\b(?:in|on|at)\s)(?:which|whom))\s+(?:{_WORD}\s+){{1,5}}?
        (?:(?:likes?|prefers?|insists?)\s+(?:on|to)\s+)?{_NAMES}
      # what he said was a
      | what\s+(?:{_WORD}\s+){{1,5}}?(?:says?|said|claims?|claimed|insists?|insisted)\s+(?:is|are|was|were)
      # a war that Moscow prefers to call a
      | (?:prefers?|likes?|chooses?|chose|insists?)\s+(?:to\s+call|on\s+calling)(?=\s+(?:an?|its)\s)
      # calls it a, calls itself the, dubbed the invasion a
      | {_NAMES}\s+(?:it|this|that|them|itself|himself|themselves
        |(?:the|its|his|their|this|these)\s+(?:{_NOUN}\s+){{0,4}}?{_NOUN})
      # describes the war as a, refers to its attack as a
      | {_DESCRIBES}\s+(?:{_WORD},?\s+){{0,8}}?as
      # known in Russia as
      | known\s+(?:in|to|by|among)\s+(?:{_WORD}\s+){{1,3}}?as
      | (?:euphemism|byword|shorthand)\s+(?:for|of)
      # in Kremlin-speak, the war is a
      | in\s+(?:the\s+)?(?:Kremlin|Moscow|Russian|official)(?:[’']s)?[-\s](?:official\s+)?
        (?:speak|newspeak|parlance|terminology|jargon|lexicon|language)
        (?:,\s+(?:(?:{_WORD}\s+){{1,8}}?(?:is|was|means?))?|\s+(?:is|was))?
      # uses the term, its preferred term
      | (?:the|preferred|favou?red|official)\s+(?:terms?|phrases?|words?|expression|label|euphemism|name)(?:\s+for|,)?
    )
    \s+ (?:(?:a|an|the|its|his|her|their|our|my|this)\s+ (?:{_ADJECTIVE}\s+){{0,2}})* [“"'‘«„]? $
    """,
    re.IGNORECASE | re.VERBOSE,
)
# No phrase of these is without one of these letters, which are found in a fraction of the time.
_HINT: Final = re.compile(
    "call|term|label|brand|dub|styl|describ|portray|characteri|present|refer|fram|cast|known|euphemism|byword|shorthand"
    "|speak|parlance|jargon|lexicon|language|phrase|word|expression|name|quote|self|alleged|purported|supposed|recogni"
    "|guise|pretext|banner|what"
)
# What must follow right after it: "as Moscow calls it", "in the Kremlin's parlance".
_AFTER: Final = re.compile(
    rf"""
    [”"'’»]? \s* [,(—–-]? \s*
    (?: (?:or\s+)?as\s+(?:{_WORD}\s+){{1,4}}?(?:{_NAMES}|puts?|refers?|describes?|likes?|prefers?)\b
      | (?:so\s+)?(?:in|to\s+use)\s+(?:the\s+)?(?:{_WORD}\s+){{1,3}}?
        (?:words?|parlance|terminology|jargon|lexicon|language)\b
      | in\s+(?:the\s+)?[\w’']+-speak\b
      | (?:{_WORD}\s+){{1,4}}?(?:euphemism|byword|shorthand)\s+for\b
      | \[?sic!?[)\]]
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
_CALLED: Final = re.compile(
    r"\b(?:called|named|labelled|labeled|branded|termed|styled)\s+(?:an?|the|its|his)\s+$", re.IGNORECASE
)
_BY: Final = re.compile(r"[”\"'’»]?\s+(?:by\s+(?:the\s+)?[A-Z]|in\s+(?:Russia|Moscow)\b)")
# What may stand between two names that one word distances: "the self-proclaimed Donetsk (DPR) and Luhansk republics".
_AND: Final = re.compile(r"\)?,?\s+and\s+(?:the\s+)?|\s?/\s?")
# What may stand between a name and its abbreviation: "Donetsk People's Republic (DPR)".
# and, where the name was in quotation marks, “special military operation”, or SVO.
_BEFORE_GLOSS: Final = re.compile(r"[”\"]?\s*\((?:or\s+)?[“\"]?|,?[”\"],?\s+or\s+[“\"]?(?=[A-Z]{3}\b)")
# A name that is told, not used: "the spelling Kiev", "formerly Dnepropetrovsk", "Bakhmut (Russian: Artyomovsk)".
_TOLD_BEFORE: Final = re.compile(
    r"""
    (?: \bthe\s+(?:(?:old|older|Russian|Soviet|Soviet-era|former|English|usual)\s+){0,2}
        (?:spellings?|transliterations?|romani[sz]ations?)(?:,|\s+of)?
      | \b(?:formerly|previously|once|then|also|still)[\s-]+known\s+as
      | (?:[,(—–-]\s*|\b(?:is|are|was|were|town|city|village)\s+)(?:formerly|previously|once|then|also|still)[\s-]+
        (?:called|named|spelled|spelt)
      | [,(—–-]\s*(?:formerly|previously)
      | \bknown\s+(?:in|to|by|among)\s+(?:[\w’'-]+\s+){1,3}?as
      | [,(]\s*(?:or\s+)?(?:in\s+)?Russian(?:\s+(?:name|spelling))?\s*[:,]
    )
    \s+ [“"'‘«„]? $
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LAST_WORDS: Final = frozenset(
    {"spelling", "spellings", "transliteration", "transliterations", "romanization", "romanizations", "romanisation"}
    | {"romanisations", "of", "as", "called", "named", "spelled", "spelt"}
)
_TOLD_AFTER: Final = re.compile(
    r"""
    [”"'’»]?,? \s* \(? (?: in\s+Russian (?=\s*\))
      | (?:is|was|being|as)?\s*the\s+(?:Russian|Soviet|Soviet-era)(?:-language)?\s+
        (?:name|spelling|form|transliteration|version)\s+(?:of|for)\b )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What may stand between two spellings of a name, the second of which is but told: "Kyiv, not Kiev", "Odessa (Odesa)".
_OTHER_NAME: Final = re.compile(
    r"[”\"’]?(?:,?\s+(?:and\s+)?(?:not|rather\s+than|instead\s+of)|\s*\((?:or|aka|formerly)?)\s*[“\"‘]?"
)


def is_distanced(text: str, span: Span, kind: str, quotes: Sequence[Span]) -> bool:
    """Tell whether the term at ``span`` stands in quotation marks or is introduced as another's word.

    ``quotes`` are the quoted spans of the text, in order. A spelling is not introduced as another's word: in "what
    Moscow calls Kyiv's aggression" nobody is named anew.
    """
    if _is_quoted(text, span, quotes):
        return True
    before, after = text[max(0, span.start - _REACH) : span.start], text[span.end : span.end + _REACH]
    if kind != Kind.SPELLING and _HINT.search(before.lower()) and _BEFORE.search(before):
        return True
    if kind == Kind.EVENT and (_DUBBED.search(before) or (_CALLED.search(before) and _BY.match(after))):
        return True
    if kind in _NAMED and ((_leads_to_name(before) and _TOLD_BEFORE.search(before)) or _TOLD_AFTER.match(after)):
        return True
    return _AFTER.match(after) is not None


def _leads_to_name(before: str) -> bool:
    # A look at the last word spares nearly all names the search.
    word = before.rstrip(" \t\r\n“\"'‘«„").rpartition(" ")[2].lower()
    return word.endswith((":", ",", "formerly", "previously")) or word in _LAST_WORDS


def is_gloss(text: str, end: int, start: int) -> bool:
    """Tell whether the term at ``start`` stands in brackets right behind the one that ends at ``end``."""
    gloss = _BEFORE_GLOSS.match(text, end)
    return gloss is not None and gloss.end() == start


def is_other_name(text: str, end: int, start: int) -> bool:
    """Tell whether the name at ``start`` is but told as the other one of that which ends at ``end``."""
    return _OTHER_NAME.fullmatch(text, end, start) is not None


def shares_distance(text: str, first: Span, second: Span, quotes: Sequence[Span]) -> bool:
    """Tell whether what distances the term at ``first`` holds for the one at ``second``, joined to it by "and"."""
    return _AND.fullmatch(text, first.end, second.start) is not None and not _is_quoted(text, first, quotes)


def _is_quoted(text: str, span: Span, quotes: Sequence[Span]) -> bool:
    at = bisect_right(quotes, span)
    if any(quote.start <= span.start and span.end <= quote.end for quote in quotes[max(0, at - 1) : at + 1]):
        return True
    start, end = span
    return start > 0 and end < len(text) and text[start - 1] in _OPEN_MARKS and text[end] in _CLOSE_MARKS
