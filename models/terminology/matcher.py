"""Finding terms: one automaton over forms, homonyms and cues, then boundaries, guards and the longest match."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from models.labels import Side
from models.spans import Span
from models.terminology.distance import is_distanced, is_gloss, is_other_name, shares_distance
from models.terminology.entries import Case, Form, Kind
from models.terminology.fold import foldings, hidden
from models.terminology.guards import Context
from models.terminology.tables import Terminology

# A name inside a web address, a handle or a file name is no word of the text.
_ADDRESS: Final = re.compile(
    r"://|^@|^www\.|\w@\w|\w\.(?:com|org|net|info|ua|ru|uk|eu|tv|io|html?|php|jpe?g|png|gif|svg|pdf|docx?|xlsx?|pptx?"
    r"|csv|json|txt|zip|mp[34]|mov)\b",
    re.I,
)
_ADDRESS_MARKS: Final = frozenset("@/._-?=&%")
_ADDRESS_REACH: Final = 100


class Term(NamedTuple):
    """A term found in a text.

    Attributes:
        start: First code point.
        end: One past its last code point.
        text: The term as it stands in the text.
        entry: Canonical name of its entry.
        kind: What sort of choice it is: spelling, renaming, event, status, actor or grammar.
        side: The side whose usage it is.
        counterpart: What the other side would write, if it has a word for it.
        distanced: Whether the text holds the term at arm's length: in quotation marks, or after "so-called".
    """

    start: int
    end: int
    text: str
    entry: str
    kind: str
    side: Side
    counterpart: str | None
    distanced: bool


class _Match(NamedTuple):
    start: int
    end: int
    readings: tuple[Form, ...]


class Matcher:
    """All forms, homonyms and cues of a terminology in one automaton.

    Example:
        >>> from models.terminology import Matcher, Terminology
        >>> [term.text for term in Matcher(Terminology.load()).find("From Kiev to Lviv")]
        ['Kiev', 'Lviv']
    """

    def __init__(self, terminology: Terminology) -> None:
        self._guards: Final = terminology.guards
        groups: dict[str, list[str]] = defaultdict(list)
        for group, words in terminology.cues.items():
            for word in words:
                groups[word].append(group)
        patterns = list(dict.fromkeys((*terminology.forms, *terminology.homonyms, *groups)))
        # A homonym has no readings, and being found is its whole effect; a cue is nothing but its groups.
        self._readings: Final = [
            () if pattern in terminology.homonyms else terminology.forms.get(pattern) for pattern in patterns
        ]
        self._groups: Final = [tuple(groups.get(pattern, ())) for pattern in patterns]
        self._automaton: Final = AhoCorasick(patterns, implementation=Implementation.DFA)

    def find(self, text: str, quotes: Sequence[Span] = ()) -> tuple[Term, ...]:
        """Return the terms of ``text`` in order, without overlaps, the longest at each place.

        ``quotes`` are the quoted spans of the text, in order; what stands in one is ``distanced``.
        """
        if gaps := hidden(text):
            return self._find_between(text, quotes, gaps)
        matches, cues = self._scan(text)
        context = Context(text, cues)
        found: list[Term] = []
        last = 0
        for match in matches:
            if match.start < last:
                continue
            form = self._reading(match, context)
            if form or not match.readings:
                last = match.end
            if form:
                found.append(_term(form, text, Span(match.start, match.end), quotes, found[-1] if found else None))
        return tuple(found)

    def _find_between(self, text: str, quotes: Sequence[Span], gaps: Collection[int]) -> tuple[Term, ...]:
        """Find the terms as they read without the characters at ``gaps``, which would hide words from the guards."""
        places = [at for at in range(len(text)) if at not in gaps]
        shown = [Span(bisect_left(places, quote.start), bisect_left(places, quote.end)) for quote in quotes]
        terms = self.find("".join(text[at] for at in places), shown)
        spans = (Span(places[term.start], places[term.end - 1] + 1) for term in terms)
        return tuple(
            term._replace(start=span.start, end=span.end, text=text[span.start : span.end])
            for term, span in zip(terms, spans, strict=True)
        )

    def _scan(self, text: str) -> tuple[list[_Match], dict[str, list[int]]]:
        """Return all matches, the longest first at each place, and where the cues of each group begin."""
        matches: list[_Match] = []
        cues: dict[str, list[int]] = defaultdict(list)
        for folded in foldings(text):
            for number, start, end in self._automaton.find_matches_as_indexes(folded.text, overlapping=True):
                if not folded.is_word(start, end):
                    continue
                begin = folded.original_start(start)
                for group in self._groups[number]:
                    cues[group].append(begin)
                readings = self._readings[number]
                if readings is not None:
                    matches.append(_Match(begin, folded.original_end(end), readings))
        matches.sort(key=lambda match: (match.start, -match.end))
        for places in cues.values():
            places.sort()
        return matches, cues

    def _reading(self, match: _Match, context: Context) -> Form | None:
        """Return the first reading that the text's letter case and the guards allow."""
        for form in match.readings:
            if _case_fits(form, context.text, match) and all(
                self._guards[name].allows(context, Span(match.start, match.end)) for name in form.guards
            ):
                return None if _in_address(context.text, match.start, match.end) else form
        return None


def _term(form: Form, text: str, span: Span, quotes: Sequence[Span], before: Term | None) -> Term:
    distanced = _inherits_distance(form, text, span, quotes, before) or is_distanced(text, span, form.kind, quotes)
    return Term(*span, text[span.start : span.end], form.entry, form.kind, form.side, form.counterpart, distanced)


def _inherits_distance(form: Form, text: str, span: Span, quotes: Sequence[Span], before: Term | None) -> bool:
    if before is None:
        return False
    if form.entry == before.entry and form.side is not before.side and is_other_name(text, before.end, span.start):
        return True
    if not before.distanced:
        return False
    if is_gloss(text, before.end, span.start):
        return True
    bodies = form.kind == before.kind == Kind.STATUS
    return bodies and shares_distance(text, Span(before.start, before.end), span, quotes)


def _case_fits(form: Form, text: str, match: _Match) -> bool:
    if form.case is Case.ANY:
        return True
    if form.case is Case.CAPITAL:
        return text[match.start].isupper() or text.islower()
    return text[match.start : match.end] == form.text


def _in_address(text: str, start: int, end: int) -> bool:
    if not (_ADDRESS_MARKS.intersection(text[start - 1 : start]) or _ADDRESS_MARKS.intersection(text[end : end + 1])):
        return False
    before = text[max(0, start - _ADDRESS_REACH) : start].rpartition(" ")[2]
    after = text[end : end + _ADDRESS_REACH].partition(" ")[0]
    return _ADDRESS.search(before + text[start:end] + after) is not None
