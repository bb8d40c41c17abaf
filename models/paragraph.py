"""A paragraph prepared once: everything that heads, terms and explanations read."""

from __future__ import annotations

from dataclasses import dataclass

from models.spans import Span
from models.targets import Mention, find_mentions
from models.terminology import Term, find_terms
from models.text import find_quotes


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with what was found in it; all offsets are code points of ``text``.

    Attributes:
        text: The paragraph as the client sent it.
        quotes: Quoted spans, in order, marks included; outermost only.
        mentions: Mentions of the three targets, in order, without overlaps.
        terms: Loaded terms and spellings, in order, without overlaps.
    """

    text: str
    quotes: tuple[Span, ...]
    mentions: tuple[Mention, ...]
    terms: tuple[Term, ...]


def prepare(text: str) -> Paragraph:
    """Find the quotes, mentions and terms of one paragraph, from its own text alone."""
    quotes = find_quotes(text)
    return Paragraph(text, quotes, find_mentions(text), find_terms(text, quotes))
