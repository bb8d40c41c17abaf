"""Finding the mentions of a paragraph with one compiled automaton.

The automaton (Aho & Corasick 1975) gives every occurrence of every form in one pass over the folded text; what is left
are the word boundaries, capitals, neighbours and overlaps of those few occurrences.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

import ahocorasick_rs

from models.labels import Target
from models.targets.context import dateline, word_after, words_before
from models.targets.folding import Folded, fold
from models.targets.matching import Hit, Mention, Scan, at_boundaries, fits, merged_spans, original
from models.targets.table import Names, Person, Table, load_table

_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")


class _Bearer:
    """A person under one spelling of the last name, first names folded."""

    __slots__ = ("_first", "last", "namesakes", "person")

    def __init__(self, last: str, person: Person) -> None:
        self.last = last
        self.person = person
        self.namesakes = frozenset(map(fold, person.namesakes))
        self._first = frozenset(name.replace("-", " ") for name in map(fold, person.first))

    def first_name_words(self, before: list[str]) -> int:
        """Return how many words at the end of ``before`` are this person's first name, an initial included."""
        for count in range(len(before), 0, -1):
            words = before[-count:]
            has_initial = count > 1 and len(words[-1]) == 2 and words[-1][1] == "."
            if " ".join(words) in self._first or (has_initial and " ".join(words[:-1]) in self._first):
                return count
        return 0

    def is_namesake(self, before: list[str]) -> bool:
        """Tell whether the word before the last name, an initial left out, is another person's first name."""
        words = before[:-1] if before and len(before[-1]) == 2 and before[-1][1] == "." else before
        return bool(words) and words[-1] in self.namesakes


class Gazetteer:
    """All names of the three targets, compiled.

    Args:
        table: The validated tables.
    """

    def __init__(self, table: Table) -> None:
        self._context = table.context
        self._dateline = dateline(table.context.agencies)
        self._titles = {target: frozenset(map(fold, words)) for target, words in table.titles.items()}
        self._own = {
            target: frozenset(fold(form) for names in table.names if names.target == target for form in names.forms)
            for target in Target
        }
        self._names: dict[str, list[tuple[str, Names]]] = defaultdict(list)
        self._people: dict[str, list[_Bearer]] = defaultdict(list)
        for names in table.names:
            for form in names.forms:
                self._names[fold(form)].append((form, names))
        for person in table.people:
            for last in person.last:
                self._people[fold(last)].append(_Bearer(last, person))
        self._blockers: dict[str, list[str]] = defaultdict(list)
        for form in (*table.context.blockers, *_credits(table.context.agencies)):
            self._blockers[fold(form)].append(form)
        self._forms = sorted({*self._names, *self._people, *self._blockers})
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
            if target is None and hit.form in self._people:
                start, target = self._person(scan, hit)
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
            spans.extend(match.span() for match in (self._dateline.match(folded.text),) if match)
            spans.extend(match.span() for match in _LINK.finditer(folded.text))
        return merged_spans(spans)

    def _named(self, scan: Scan, hit: Hit) -> Target | None:
        for form, names in self._names.get(hit.form, ()):
            if fits(form, scan.original(hit)) and self._is_meant(names, scan, hit):
                return names.target
        return None

    def _is_meant(self, names: Names, scan: Scan, hit: Hit) -> bool:
        """Tell whether a fixed name is meant, by its neighbours."""
        text = scan.folded.text
        if names.place and self._context.is_place(text, hit.start, hit.end):
            return False
        if names.foreign and self._context.is_foreign(text, hit.start, self._own[names.target]):
            return False
        if names.before_name and not scan.is_before_name(hit):
            return False
        return not (names.capitals_after or names.capitals_before) or _capitals_allow(names, scan, hit)

    def _person(self, scan: Scan, hit: Hit) -> tuple[int, Target | None]:
        """Return where the name begins and whom the person acts for, if this last name means one of ours."""
        bearers = [bearer for bearer in self._people[hit.form] if fits(bearer.last, scan.original(hit))]
        before = words_before(scan.folded.text, hit.start, scan.end)
        for bearer in bearers:
            count = bearer.first_name_words(before)
            if count:
                scan.known[hit.form] = bearer.person.target
                return hit.start - sum(map(len, before[-count:])) - count, bearer.person.target
        if any(bearer.is_namesake(before) for bearer in bearers):
            scan.known[hit.form] = None
        elif bearers and hit.form not in scan.known:
            target = self._by_context(scan, hit, bearers, before)
            if target is None:
                return hit.start, None
            scan.known[hit.form] = target
        return hit.start, scan.known[hit.form] if bearers else None

    def _by_context(self, scan: Scan, hit: Hit, bearers: list[_Bearer], before: list[str]) -> Target | None:
        """Return whom a last name means that stands without a first name and was not explained before."""
        last_word = before[-1] if before else ""
        for person in (bearer.person for bearer in bearers):
            if person.alone:
                return person.target
            if scan.is_before_name(hit):  # "chairman Paul Smith": a first name
                continue
            if last_word in self._titles[person.target]:
                return person.target
            is_someone_else = bool(last_word) and scan.is_capital(hit.start - len(last_word) - 1)
            if person.speaking and not is_someone_else:
                if word_after(scan.folded.text, hit.end) in self._context.speaking:
                    return person.target
                if last_word in self._context.speaking_before:
                    return person.target
        return None


def _credits(agencies: tuple[str, ...]) -> list[str]:
    """Return the ways in which an agency is named as the source or the editor, which is no mention of its state."""
    return [form.format(name) for form in ("({})", "/{}/", "- {})", "- {}]") for name in agencies]


def _capitals_allow(names: Names, scan: Scan, hit: Hit) -> bool:
    """Tell whether a name that capitals make ambiguous ("TELL US WHY") is meant here."""
    before, after = scan.words_around(hit)
    words = [word for word in (*before, *after) if len(word) > 1]
    if len(words) < 2 or not all(word.isupper() for word in words):
        return True
    return (bool(before) and before[-1] in names.capitals_after) or (bool(after) and after[0] in names.capitals_before)
