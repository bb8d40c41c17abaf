"""Terms and mentions marked in the text of a paragraph, as safe HTML."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from markupsafe import Markup, escape

from models.targets import Mention
from models.terminology import Term


def highlight(text: str, terms: Sequence[Term], mentions: Sequence[Mention]) -> Markup:
    """Return ``text`` escaped, each term in a ``mark`` and each mention in a ``span``.

    A mention that is part of a longer term is left to the term: its mark keeps the term's words together. ``terms``
    and ``mentions`` are in order, each without overlaps.
    """
    tags: list[tuple[int, bool, int, Markup]] = []
    for mention in mentions:
        if _stands_around(mention, terms):
            tags.append((mention.start, True, 0, Markup('<span class="mention {}">').format(mention.target)))
            tags.append((mention.end, False, 0, Markup("</span>")))
    for term in terms:
        tags.append((term.start, True, 1, _mark(term)))
        tags.append((term.end, False, -1, Markup("</mark>")))
    # At one place what ends comes before what starts, inner ends before outer ones and outer starts before inner.
    tags.sort(key=lambda tag: tag[:3])
    parts = []
    at = 0
    for place, _, _, tag in tags:
        parts += [escape(text[at:place]), tag]
        at = place
    return Markup("").join([*parts, escape(text[at:])])


def _stands_around(mention: Mention, terms: Sequence[Term]) -> bool:
    """Tell whether every term that overlaps ``mention`` lies within it."""
    first = bisect_left(terms, mention.start, key=lambda term: term.end - 1)
    for term in terms[first:]:
        if term.start >= mention.end:
            break
        if term.start < mention.start or term.end > mention.end:
            return False
    return True


def _mark(term: Term) -> Markup:
    note = f"{term.kind}, {term.side.capitalize()} usage"
    if term.counterpart:
        note += f"; the other side: {term.counterpart}"
    if term.distanced:
        note += "; not in the text’s own voice"
    distanced = " distanced" if term.distanced else ""
    return Markup('<mark class="{}{}" title="{}">').format(term.side, distanced, note)
