"""Finding the mentions of a paragraph with one compiled automaton.

The automaton (Aho & Corasick 1975, https://doi.org/10.1145/360825.360855) gives every occurrence of every form in one
pass over the folded text; what is left to check are the word boundaries, capitals, neighbors and overlaps of those few.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

import ahocorasick_rs

from models.labels import Target
from models.targets.context import Datelines, word_after
from models.targets.folding import Folded, fold
from models.targets.matching import Hit, Mention, Scan, at_boundaries, fits, merged_spans, original
from models.targets.people import People
from models.targets.table import Names, Table, load_table

_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")


class Gazetteer:
    """All names of the three targets, compiled.

    Args:
        table: The validated tables.
    """

    def __init__(self, table: Table) -> None:
        self._context = table.context
        self._datelines = Datelines(table.context.agencies)
        self._own = {
            target: frozenset(fold(form) for names in table.names if names.target == target for form in names.forms)
            for target in Target
        }
        self._names: dict[str, list[tuple[str, Names]]] = defaultdict(list)
        for names in table.names:
            for form in names.forms:
                self._names[fold(form)].append((form, names))
        self._people = People(table.people, table.context, self._own)
        self._blockers: dict[str, list[str]] = defaultdict(list)
        for form in (*table.context.blockers, *_credits(table.context.agencies)):
            self._blockers[fold(form)].append(form)
        self._forms = sorted({*self._names, *self._people.forms, *self._blockers})
        self._automaton = ahocorasick_rs.AhoCorasick(self._forms)

    @classmethod
    def load(cls, directory: Path | None = None) -> Gazetteer:
        """Load and compile the tables of ``directory``, by default those that ship with the project.

        Raises:
            TableError: A table is invalid.
        """
        return cls(load_table(directory or Path(__file__).parent))

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the mentions in ``text``, in order, without overlaps, the longest first at each place."""
        folded = Folded(text)
        hits = self._hits(folded.text)
        if not hits:
            return ()
        scan = Scan(text, folded, self._blocked(text, folded, hits))
        for hit in hits:
            if hit.start < scan.end or scan.is_blocked(hit):
                continue
            start, target = hit.start, self._named(scan, hit)
            if target is None:
                start, target = self._people.find(scan, hit)
            if target is not None:
                scan.accept(start, hit.end, target)
        return tuple(scan.mentions)

    def _hits(self, folded: str) -> list[Hit]:
        """Return all forms at word boundaries, by start, the longest first."""
        forms = self._forms
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        hits = [
            Hit(start, end, forms[form])
            for form, start, end in found
            # Most matches lie inside words ("king" in "talking"): seen here, they cost no call.
            if not (start and folded[start - 1].isalnum() and folded[start].isalnum())
            and at_boundaries(folded, start, end)
        ]
        hits.sort(key=lambda hit: (hit.start, -hit.end))
        return hits

    def _blocked(self, text: str, folded: Folded, hits: list[Hit]) -> list[tuple[int, int]]:
        """Return the spans of the folded text inside which nothing is a mention, in order, without overlaps."""
        spans = [
            (hit.start, hit.end)
            for hit in hits
            if hit.form in self._blockers
            and any(fits(form, original(text, folded, hit)) for form in self._blockers[hit.form])
        ]
        if "(" in text or "/" in text:
            end = self._datelines.end(folded.text, folded.original)
            spans.extend([(0, end)] if end else [])
            spans.extend(match.span() for match in _LINK.finditer(folded.text))
        return merged_spans(spans)

    def _named(self, scan: Scan, hit: Hit) -> Target | None:
        for form, names in self._names.get(hit.form, ()):
            if fits(form, scan.original(hit)) and self._is_meant(names, scan, hit):
                return names.target
        return None

    def _is_meant(self, names: Names, scan: Scan, hit: Hit) -> bool:
        """Tell whether a fixed name is meant, by its neighbors."""
        text = scan.folded.text
        if names.place and self._context.is_place(text, hit.start, hit.end):
            return False
        if names.foreign and self._context.is_foreign(text, hit.start, self._own[names.target]):
            return False
        if names.before_name and not scan.is_before_name(hit):
            return False
        if names.not_before and word_after(text, hit.end) in names.not_before:
            return False
        return not (names.capitals_after or names.capitals_before) or _capitals_allow(names, scan, hit)


def _credits(agencies: tuple[str, ...]) -> list[str]:
    """Return the ways in which an agency is named as the source or the editor, which is not a mention of its state."""
    return [form.format(name) for form in ("({})", "/{}/", "- {})", "- {}]") for name in agencies]


def _capitals_allow(names: Names, scan: Scan, hit: Hit) -> bool:
    """Tell whether a name that capitals make ambiguous ("TELL US WHY") is meant here."""
    before, after = scan.words_around(hit)
    words = [word for word in (*before[-1:], *after[:1]) if len(word) > 1 or word.islower()]
    if not words or not all(word.isupper() for word in words):
        return True
    if names.capitals_first and scan.begins_clause(hit):
        return True
    return (bool(before) and before[-1] in names.capitals_after) or (bool(after) and after[0] in names.capitals_before)
