"""Quoted spans of one paragraph, from its own text alone.

Double marks are matched first, with a stack; single marks are looked for in what is left, because most of them are
apostrophes. Marks whose direction depends on the language („ “ and » «) or that have none (") are read by their
neighbours: a mark after a space and before a word opens.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

from models.spans import Span

_DOUBLE: Final = re.compile(r"[\"“”„‟«»＂❝❞]|``|''")
_SINGLE: Final = re.compile(r"['‘’‚‛‹›]")

_CLOSED_BY: Final = {
    "“": "”“\"", "„": "“”„\"", "‟": "”", "«": "»", "»": "«", "\"": "\"”", "＂": "＂", "``": "''", "''": "''", "”": "”",
    "❝": "❞", "❞": "",
}  # fmt: skip
_SENTENCE_ENDS: Final = (".", "!", "?", "…")
_LOOK_BACK: Final = 4
_OPENS_BEFORE: Final = frozenset("([{<—–-/“”„‟«»\"＂‘’‚'`:;=")
_ELISIONS: Final = re.compile(r"(?:\d\ds|em|tis|twas|til|till|n|bout|cos)\b", re.IGNORECASE)
# What is as often the first word of a quote: a year without its century, and words without their first letters.
_PERHAPS_ELISIONS: Final = re.compile(r"(?:\d\d|cause|round|im|er)\b", re.IGNORECASE)
_FEET_AND_INCHES: Final = re.compile(r"\d['′’] ?\d{1,2}(?:\.\d+)?\Z")


class _Mark(NamedTuple):
    """One quotation mark and what its neighbors say about its direction."""

    start: int
    end: int
    char: str
    may_open: bool
    may_close: bool
    after: str


def find_quotes(text: str) -> tuple[Span, ...]:
    """Return the outermost quoted spans of a paragraph in order, marks included.

    Straight, curly, low-9 and guillemet marks, double and single, nested. An opening double mark without a close runs
    to the end of the paragraph (a quote that goes on in the next); a closing curly mark or guillemet before any
    opening one runs from the start. Apostrophes and inch marks are not quotes.
    """
    doubles = _double_quotes(text)
    return _with_single_quotes(text, doubles)


def _marks(text: str, pattern: re.Pattern[str]) -> list[_Mark]:
    marks = []
    for match in pattern.finditer(text):
        start, end = match.span()
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        opens = (before.isspace() or before in _OPENS_BEFORE) and not after.isspace()
        closes = not before.isspace() and not after.isalnum()
        marks.append(_Mark(start, end, match.group(), opens, closes, after))
    return marks


def _double_quotes(text: str) -> list[Span]:
    spans: list[Span] = []
    stack: list[_Mark] = []
    seen_any = False
    marks = _marks(text, _DOUBLE)
    reopening = _lacking_a_close(marks)
    for mark in marks:
        if stack and mark.char in reopening and mark.char == stack[-1].char and _begins_sentence(text, mark):
            continue
        if _is_inches(text, mark, bool(stack) and (mark.char != '"' or stack[-1].char == '"')):
            continue
        if stack and _closes(mark, stack[-1]):
            opener = stack.pop()
            if not stack:
                spans.append(Span(opener.start, mark.end))
        elif _opens(mark, bool(stack)):
            stack.append(mark)
        elif not stack and not seen_any and mark.may_close and mark.char != "''":
            spans.append(Span(0, mark.end))
        seen_any = True
    if stack:
        spans.append(Span(stack[0].start, len(text.rstrip())))
    return spans


def _lacking_a_close(marks: list[_Mark]) -> set[str]:
    """Return the opening marks of which a paragraph has more than of their closes.

    A quote of several paragraphs opens each of them and is closed once. Where such paragraphs were merged into one
    line, a mark that opens a sentence inside a quote goes on with it: nested, it would leave the quote open to the end.
    """
    count = Counter(mark.char for mark in marks)
    lacking = {"“"} if count["“"] > count["”"] else set()
    return lacking | {'"'} if count['"'] % 2 else lacking


def _begins_sentence(text: str, mark: _Mark) -> bool:
    before = text[max(0, mark.start - _LOOK_BACK) : mark.start].rstrip()
    return mark.may_open and not mark.may_close and before.endswith(_SENTENCE_ENDS)


def _is_inches(text: str, mark: _Mark, is_open: bool) -> bool:
    if mark.char not in {'"', "”", "''"} or not mark.start or not text[mark.start - 1].isdigit():
        return False
    return not is_open or _FEET_AND_INCHES.search(text, max(0, mark.start - 8), mark.start) is not None


def _closes(mark: _Mark, opener: _Mark) -> bool:
    """Tell whether ``mark`` closes ``opener``, the innermost open quote."""
    if mark.char not in _CLOSED_BY[opener.char]:
        return False
    if mark.char in {opener.char, "“"}:
        # A mark that can do both closes unless it plainly opens a nested quote.
        return mark.may_close or not mark.may_open
    if '"' in {mark.char, opener.char} and mark.char != opener.char:
        # Straight and curly marks are mixed by accident: only what plainly closes does.
        return mark.may_close and not mark.may_open
    return True


def _opens(mark: _Mark, is_nested: bool) -> bool:
    if mark.char == "“" and mark.may_close and not is_nested and mark.after in ",.;:!?)":
        return False  # the end of a German quote that began in the paragraph before
    if mark.char in {"“", "„", "‟", "«", "``", "❝"}:
        return True
    if mark.char in {"»", "”", "''", "❞"}:
        return mark.may_open and not is_nested and not mark.may_close
    return mark.may_open or (not is_nested and not mark.may_close)


def _with_single_quotes(text: str, doubles: list[Span]) -> tuple[Span, ...]:
    """Add the single-quoted spans that lie outside the double ones; one that holds double ones replaces them."""
    singles: list[Span] = []
    opener: _Mark | None = None
    marks = _outside(_marks(text, _SINGLE), doubles)
    firm = _next_firm_close(text, marks)
    for place, mark in enumerate(marks):
        if opener is None:
            if _opens_single(text, mark) and (firm[place + 1] or not _may_be_elision(text, marks, place)):
                opener = mark
        elif _closes_single(mark, opener) and not (_is_plural_possessive(text, mark) and firm[place + 1]):
            singles.append(Span(opener.start, mark.end))
            opener = None
    if opener is not None and opener.char == "‘" and not text[: opener.start].strip():
        singles.append(Span(opener.start, len(text.rstrip())))
    return tuple(_outermost(sorted([*doubles, *singles])))


def _outside(marks: list[_Mark], spans: list[Span]) -> list[_Mark]:
    outside = []
    rest = iter(spans)
    span = next(rest, None)
    for mark in marks:
        while span is not None and span.end <= mark.start:
            span = next(rest, None)
        if span is None or mark.start < span.start:
            outside.append(mark)
    return outside


def _opens_single(text: str, mark: _Mark) -> bool:
    if mark.char in "’›" or not mark.may_open:
        return False
    return _ELISIONS.match(text, mark.end) is None


def _may_be_elision(text: str, marks: list[_Mark], place: int) -> bool:
    """Tell whether a mark may stand for letters left out; one that is curly and has a close hardly does."""
    mark = marks[place]
    if _PERHAPS_ELISIONS.match(text, mark.end) is None:
        return False
    later = (marks[at] for at in range(place + 1, len(marks)))
    turns = (other for other in later if _opens_single(text, other) or _closes_single(other))
    follows = next(turns, None)
    return mark.char != "‘" or follows is None or not _closes_single(follows)


def _closes_single(mark: _Mark, opener: _Mark | None = None) -> bool:
    # ‘ opens, but for the end of ‚a German quote‘.
    german = mark.char == "‘" and opener is not None and opener.char == "‚"
    return mark.may_close and (german or mark.char not in "‘‚‹")


def _is_plural_possessive(text: str, mark: _Mark) -> bool:
    """Tell whether a mark reads like the apostrophe of ``soldiers' families``."""
    after = text[mark.end : mark.end + 2]
    return text[mark.start - 1] in "sS" and after[:1] == " " and after[1:].isalpha()


def _next_firm_close(text: str, marks: list[_Mark]) -> list[bool]:
    """For each place, tell whether a close that is not a possessive comes at or after it, before the next opening."""
    firm = [False] * (len(marks) + 1)
    for place in range(len(marks) - 1, -1, -1):
        mark = marks[place]
        if _closes_single(mark):
            firm[place] = not _is_plural_possessive(text, mark) or firm[place + 1]
        else:
            firm[place] = not _opens_single(text, mark) and firm[place + 1]
    return firm


def _outermost(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
