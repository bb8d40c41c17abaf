"""Terminology: the spellings and loaded words by which a text sides with one account of the war.

>>> from models.terminology import canonical_spelling, find_terms
>>> [(term.text, term.entry, term.side.value) for term in find_terms("The mayor of Kiev spoke.")]
[('Kiev', 'Kyiv', 'russian')]
>>> canonical_spelling("KIEV and Kharkov")
'KYIV and Kharkiv'
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from models.spans import Span
from models.terminology.canonical import Canonicalizer
from models.terminology.entries import Case, Entry, Form, Kind
from models.terminology.matcher import Matcher, Term
from models.terminology.plot import adoption_svg
from models.terminology.report import Adoption, Count, TermReport
from models.terminology.tables import Terminology

__all__ = [
    "Adoption",
    "Canonicalizer",
    "Case",
    "Count",
    "Entry",
    "Form",
    "Kind",
    "Matcher",
    "Term",
    "TermReport",
    "Terminology",
    "adoption_svg",
    "canonical_spelling",
    "find_terms",
    "variants_map",
]


@cache
def _terminology() -> Terminology:
    return Terminology.load()


@cache
def _matcher() -> Matcher:
    return Matcher(_terminology())


@cache
def _canonicalizer() -> Canonicalizer:
    return Canonicalizer(_terminology())


def find_terms(text: str, quotes: Sequence[Span] = ()) -> tuple[Term, ...]:
    """Return the loaded terms and spellings of a paragraph, in order and without overlaps.

    Offsets are code points of ``text``. ``quotes`` are its quoted spans, in order. Linear in the text's length.
    """
    return _matcher().find(text, quotes)


def canonical_spelling(text: str) -> str:
    """Return ``text`` with all variants of each name in one spelling, letter case kept; twice changes nothing more."""
    return _canonicalizer()(text)


def variants_map() -> dict[str, str]:
    """Return the variants that :func:`canonical_spelling` replaces, folded, with what each becomes."""
    return dict(_canonicalizer().variants)
