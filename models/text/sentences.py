"""Sentence boundaries of English news prose, by rule.

The rules are those of Grefenstette & Tapanainen (1994), "What is a word, what is a sentence?": a full stop ends a
sentence unless it belongs to a known abbreviation or an initial, and what follows begins like a sentence.
"""

from __future__ import annotations

import re
from typing import Final

from models.spans import Span
from models.text.wordlists import WORDS
from models.text.words import trimmed

_NEVER_LAST: Final = WORDS["never_last"]
"""Abbreviations that stand before what they belong to, so that no sentence ends with them."""

_MAYBE_LAST: Final = WORDS["maybe_last"]
"""Abbreviations that may end a sentence: they do if the next word begins one."""

_STARTERS: Final = WORDS["starters"]
"""Lower-cased words that open a sentence far oftener than they follow an abbreviation as part of a name."""

_CLOSERS: Final = "\"'”’»)\\]"
_OPENERS: Final = "\"'“‘«„([—–-"
_END: Final = re.compile(rf"(?<![.!?…])[.!?…]++[{_CLOSERS}]*+(?=\s|\Z)|\n\s*?\n|\u2029")
_TOKEN_BEFORE: Final = re.compile(r"[\w.]{1,12}\Z")
_TOKEN_AFTER: Final = re.compile(rf"\s*+[{_OPENERS}]*+(\w*+)")


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences of ``text`` in order, without the white space between them.

    Closing quotes and brackets stay with their sentence. Text without any full stop is one sentence.
    """
    spans = []
    start = 0
    for match in _END.finditer(text):
        if _ends_sentence(text, match):
            spans.append(trimmed(text, start, match.end()))
            start = match.end()
    spans.append(trimmed(text, start, len(text)))
    return [span for span in spans if span.start < span.end]


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark[0].isspace():
        return True
    after = _following_word(text, match.end())
    if after[:1].islower():
        # "Stop!" he said; U.S. forces; wait ... what: the sentence goes on.
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    before = _TOKEN_BEFORE.search(text, max(0, match.start() - 12), match.start())
    return before is None or not _is_abbreviation(before.group(), after)


def _following_word(text: str, offset: int) -> str:
    match = _TOKEN_AFTER.match(text, offset)
    return match.group(1) if match else ""


def _is_abbreviation(before: str, after: str) -> bool:
    """Tell whether the full stop after ``before`` only abbreviates it, given the next word ``after``."""
    token = before.lower().lstrip(".")
    if token in _NEVER_LAST:
        # "no." and "sat." are also words: as such they are written small and do end sentences.
        return (
            token not in {"no", "sat", "sun", "mar", "art", "fig", "p", "c", "v"}
            or before[0].isupper()
            or after[:1].isdigit()
        )
    if len(token) == 1 and token.isalpha() and before[0].isupper() and before != "I":
        return after.lower() not in _STARTERS
    if token in _MAYBE_LAST or re.fullmatch(r"(?:[a-z]\.)+[a-z]", token):
        return bool(after) and after.lower() not in _STARTERS
    return False
