"""Cutting plain text into paragraphs.

Two habits have to be told apart. Most pages give one paragraph a line, with or without blank lines between; mail
and old wire copy wrap every paragraph at a fixed width, mostly with blank lines between. Lines are joined only where
the block that they stand in shows the second habit (:func:`_is_wrapped_prose`), or the whole text does
(:func:`_is_hard_wrapped`); otherwise each line is a paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import Final

from models.spans import Span
from models.text.sentences import sentence_spans
from models.text.words import safe_cut, trimmed

SPLIT_ABOVE: Final = 1200
"""A paragraph longer than this (code points) is cut at sentence ends into balanced pieces no longer than this."""

_WIDEST_WRAP: Final = 120
"""No mail or wire program wraps wider than this (code points); longer lines are paragraphs."""

_NARROWEST_WRAP: Final = 50
"""Shorter lines (code points) may be of verse or a list: they tell nothing by themselves."""

_WRAPPED_SHARE: Final = 0.8
"""Share of a text's line breaks that must look like wrapping: leaves room for headings, lists and signatures."""

_FEWEST_BREAKS: Final = 2
"""Breaks in mid-sentence that a block must have to show by itself that it is wrapped; one may be chance."""

_SPACE: Final = re.compile(r"\s+")
_ITEM: Final = re.compile(r"(?:[•‣▪*>–—-]|\d{1,2}[.)]|[A-Z][\w.'’ -]{0,30}:)\s")
_COLUMNS: Final = re.compile(r"\S(?: {3,}|\t)\S")
_SENTENCE_END: Final = re.compile(r"[.!?…:][\"'”’»)\]]*\Z")


def split_paragraphs(text: str) -> list[Span]:
    """Return the paragraphs of ``text`` in order, white space at their edges excluded.

    Lines end at LF, CR LF, CR, U+2028, U+2029 and whatever else :meth:`str.splitlines` ends them at.
    Blank lines always separate paragraphs; single line breaks do unless they come from wrapping at a fixed width. A
    paragraph longer than :data:`SPLIT_ABOVE` is cut at sentence ends, or at white space where there is none.
    """
    blocks = _blocks(text)
    if _is_hard_wrapped(text, blocks):
        spans = [Span(block[0].start, block[-1].end) for block in blocks]
    else:
        spans = [span for block in blocks for span in _paragraphs(text, block)]
    return [piece for span in spans for piece in _pieces(text, span)]


def _blocks(text: str) -> list[list[Span]]:
    """Return the lines of ``text``, trimmed, grouped by the blank lines (or U+2029) between them."""
    blocks: list[list[Span]] = [[]]
    offset = 0
    for line in text.splitlines(keepends=True):
        span = trimmed(text, offset, offset + len(line))
        offset += len(line)
        if span.start < span.end:
            blocks[-1].append(span)
        if (span.start == span.end or line.endswith("\u2029")) and blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _is_hard_wrapped(text: str, blocks: list[list[Span]]) -> bool:
    """Tell whether the line breaks inside the blocks come from wrapping at a fixed width.

    Blank lines between tell that single line breaks are no paragraphs' ends, so a text without any does not show it.
    """
    if len(blocks) < 2:
        return False
    width = max(line.end - line.start for block in blocks for line in block)
    breaks = [pair for block in blocks for pair in pairwise(block)]
    if width > _WIDEST_WRAP or not breaks:
        return False
    wrapped = sum(_is_wrap(text, above, below, width) for above, below in breaks)
    ended = sum(_ends_sentence(text, above) for above, _ in breaks)
    return wrapped >= _WRAPPED_SHARE * len(breaks) and ended < _WRAPPED_SHARE * len(breaks)


def _is_wrapped_prose(text: str, block: list[Span]) -> bool:
    """Tell whether a block by itself is prose wrapped at a fixed width: full lines that break off in mid-sentence.

    Lists, the turns of a conversation and tables are told from it by their lines, and so are remarks, verse and
    captions, whose lines end before they are full.
    """
    width = max(line.end - line.start for line in block)
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return False
    if any(_ITEM.match(text, *line) or _COLUMNS.search(text, *line) for line in block):
        return False
    breaks = [pair for pair in pairwise(block) if not _ends_sentence(text, pair[0])]
    if breaks and breaks[0][0] == block[0] and not _is_wrap(text, *breaks[0], width):
        del breaks[0]  # a heading
    midway = sum(_is_midway(text, above, below) for above, below in breaks)
    if midway < _FEWEST_BREAKS or 2 * midway < len(breaks) or 2 * len(breaks) < len(block) - 1:
        return False
    return all(_is_full(text, above, below, width) for above, below in breaks)


def _paragraphs(text: str, block: list[Span]) -> list[Span]:
    """Return a block's lines, or the paragraphs that they were wrapped from.

    Such a paragraph ends with a line that had room for more, and so does a heading.
    """
    if not _is_wrapped_prose(text, block):
        return block
    width = max(line.end - line.start for line in block)
    spans = [block[0]]
    for above, below in pairwise(block):
        if (above == block[0] or _ends_sentence(text, above)) and not _is_wrap(text, above, below, width):
            spans.append(below)
        else:
            spans[-1] = Span(spans[-1].start, below.end)
    return spans


def _is_wrap(text: str, above: Span, below: Span, width: int) -> bool:
    """Tell whether the break between two lines may come from wrapping: by width, or in the middle of a sentence."""
    return _is_full(text, above, below, width) or _is_midway(text, above, below)


def _is_full(text: str, above: Span, below: Span, width: int) -> bool:
    """Tell whether a wrapping program would break after ``above``: the first word of ``below`` did not fit."""
    space = _SPACE.search(text, below.start, below.end)
    first_word = (space.start() if space else below.end) - below.start
    return above.end - above.start + 1 + first_word > width


def _ends_sentence(text: str, line: Span) -> bool:
    return _SENTENCE_END.search(text, max(line.start, line.end - 4), line.end) is not None


def _is_midway(text: str, above: Span, below: Span) -> bool:
    return text[below.start].islower() and text[above.end - 1] not in ".!?…:"


def _pieces(text: str, span: Span) -> list[Span]:
    """Return ``span`` whole, or cut into balanced pieces of at most ``SPLIT_ABOVE`` code points."""
    if span.end - span.start <= SPLIT_ABOVE:
        return [span]
    ends = [span.start + sentence.end for sentence in sentence_spans(text[span.start : span.end])]
    pieces = []
    start = span.start
    while span.end - start > SPLIT_ABOVE:
        left = -(-(span.end - start) // SPLIT_ABOVE)
        cut = _best_cut(text, start, (span.end - start) // left, ends)
        pieces.append(trimmed(text, start, cut))
        start = trimmed(text, cut, span.end).start
    pieces.append(Span(start, span.end))
    return [piece for piece in pieces if piece.start < piece.end]


def _best_cut(text: str, start: int, size: int, ends: list[int]) -> int:
    """Return the cut nearest to ``start + size``: a sentence end, else white space, else between two characters."""
    aim, low, high = start + size, start + size // 2, start + SPLIT_ABOVE
    candidates = ends[bisect_right(ends, low) : bisect_right(ends, high)]
    if not candidates:
        candidates = [match.start() for match in _SPACE.finditer(text, low, high)]
    if not candidates:
        return safe_cut(text, aim, start)
    place = bisect_left(candidates, aim)
    return min(candidates[max(0, place - 1) : place + 1], key=lambda cut: abs(cut - aim))
