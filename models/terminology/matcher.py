"""Finding terms: one automaton over forms, homonyms and cues, then boundaries, guards and the longest match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from models.labels import Side
from models.spans import Span
from models.terminology.distance import is_distanced
from models.terminology.entries import Case, Form
from models.terminology.fold import Folded
from models.terminology.guards import Context
from models.terminology.tables import Terminology


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
        distanced: Whether the text holds the term at arm's length: in scare quotes, or after "so-called".
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
    form: Form | None


class Matcher:
    """All forms, homonyms and cues of a terminology in one automaton.

    Example:
        >>> from models.terminology import Matcher, Terminology
        >>> [term.text for term in Matcher(Terminology.load()).find("From Kiev to Lviv")]
        ['Kiev', 'Lviv']
    """

    def __init__(self, terminology: Terminology) -> None:
        self._guards = terminology.guards
        groups: dict[str, list[str]] = defaultdict(list)
        for group, words in terminology.cues.items():
            for word in words:
                groups[word].append(group)
        self._patterns: Final = list({**terminology.forms, **dict.fromkeys(terminology.homonyms), **groups})
        self._forms: Final = [terminology.forms.get(pattern) for pattern in self._patterns]
        self._silent: Final = [pattern in terminology.homonyms for pattern in self._patterns]
        self._groups: Final = [tuple(groups.get(pattern, ())) for pattern in self._patterns]
        self._automaton: Final = AhoCorasick(self._patterns, implementation=Implementation.DFA)

    def find(self, text: str, quotes: Sequence[Span] = ()) -> tuple[Term, ...]:
        """Return the terms of ``text`` in order, without overlaps, the longest at each place.

        ``quotes`` are the quoted spans of the text, in order; what stands in a short one is ``distanced``.
        """
        folded = Folded(text)
        matches, context = self._scan(folded)
        found, last = [], 0
        for match in matches:
            if match.start < last:
                continue
            start, end = folded.original_start(match.start), folded.original_end(match.end)
            if match.form and not self._is_meant(match.form, text[start:end], match, context):
                continue
            last = match.end
            if form := match.form:
                distanced = is_distanced(text, start, end, quotes)
                term = Term(start, end, text[start:end], form.entry, form.kind, form.side, form.counterpart, distanced)
                found.append(term)
        return tuple(found)

    def _scan(self, folded: Folded) -> tuple[list[_Match], Context]:
        matches: list[_Match] = []
        cues: dict[str, list[int]] = defaultdict(list)
        for number, start, end in self._automaton.find_matches_as_indexes(folded.text, overlapping=True):
            if not folded.is_word(start, end):
                continue
            for group in self._groups[number]:
                cues[group].append(start)
            if self._silent[number] or self._forms[number]:
                matches.append(_Match(start, end, self._forms[number]))
        # The longest first at each place; homonyms (no form) win over forms of the same length.
        matches.sort(key=lambda match: (match.start, -match.end))
        for places in cues.values():
            places.sort()
        return matches, Context(folded.text, cues)

    def _is_meant(self, form: Form, written: str, match: _Match, context: Context) -> bool:
        if not _case_fits(form, written):
            return False
        return all(self._guards[name].allows(context, match.start, match.end) for name in form.guards)


def _case_fits(form: Form, written: str) -> bool:
    if form.case is Case.ANY:
        return True
    if form.case is Case.CAPITAL:
        return written[0].isupper()
    return written == form.text


def iter_forms(terminology: Terminology) -> Iterator[tuple[str, Form]]:
    """Give the folded forms of a terminology with what they mean."""
    yield from terminology.forms.items()
