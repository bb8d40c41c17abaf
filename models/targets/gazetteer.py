"""Finding the mentions of a paragraph with one compiled automaton."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Final, NamedTuple

import ahocorasick_rs

from models.labels import Target
from models.targets.folding import Folded, fold
from models.targets.table import Names, Person, Table, load_table

_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")
_WORDS_BEFORE: Final = re.compile(r"(?:[\w.'-]+ ){1,3}\Z")
_CAPITALS: Final = re.compile(r"[^\W\d_]+")
_LOOK_BACK: Final = 48
"""Code points before a last name in which its first name or title is looked for."""


class Mention(NamedTuple):
    """A mention of a target, ``text == paragraph[start:end]``, offsets in code points."""

    start: int
    end: int
    text: str
    target: Target


class _Hit(NamedTuple):
    """An occurrence of a form in the folded text, word boundaries checked."""

    start: int
    end: int
    form: int


class Gazetteer:
    """All names of the three targets, compiled.

    Args:
        table: The validated tables.
    """

    def __init__(self, table: Table) -> None:
        self._titles = {target: frozenset(map(fold, words)) for target, words in table.titles.items()}
        self._names: dict[str, list[tuple[str, Names]]] = defaultdict(list)
        self._people: dict[str, list[_Bearer]] = defaultdict(list)
        self._blockers: dict[str, list[str]] = defaultdict(list)
        for names in table.names:
            for form in names.forms:
                self._names[fold(form)].append((form, names))
        for person in table.people:
            for last in person.last:
                self._people[fold(last)].append(_Bearer(last, person))
        for form in table.blockers:
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
        blocked = self._blocked(text, folded, hits)
        scan = _Scan(text, folded)
        for hit in hits:
            if hit.start < scan.end or (blocked and _is_blocked(hit, blocked)):
                continue
            form = self._forms[hit.form]
            target = self._named(scan, hit, self._names.get(form, ()))
            start = hit.start
            if target is None and form in self._people:
                start, target = self._person(scan, hit, form)
            if target is not None:
                scan.accept(start, hit.end, target)
        return tuple(scan.mentions)

    def _hits(self, folded: str) -> list[_Hit]:
        """Return all forms at word boundaries, by start, the longest first."""
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        hits = [_Hit(start, end, form) for form, start, end in found if _at_boundaries(folded, start, end)]
        hits.sort(key=lambda hit: (hit.start, -hit.end))
        return hits

    def _blocked(self, text: str, folded: Folded, hits: list[_Hit]) -> list[tuple[int, int]]:
        """Return the spans (of the folded text, in order) inside which nothing is a mention."""
        spans = [
            (hit.start, hit.end)
            for hit in hits
            if any(_fits(form, _original(text, folded, hit)) for form in self._blockers.get(self._forms[hit.form], ()))
        ]
        if "://" in text or "www." in text:
            spans.extend(match.span() for match in _LINK.finditer(folded.text))
            spans.sort()
        return spans

    def _named(self, scan: _Scan, hit: _Hit, candidates: tuple[()] | list[tuple[str, Names]]) -> Target | None:
        original = scan.original(hit.start, hit.end)
        for form, names in candidates:
            if _fits(form, original) and _capitals_allow(names, scan, hit):
                return names.target
        return None

    def _person(self, scan: _Scan, hit: _Hit, last: str) -> tuple[int, Target | None]:
        """Return where the name begins and whom the person acts for, if this last name means one of ours."""
        original = scan.original(hit.start, hit.end)
        bearers = [bearer for bearer in self._people[last] if _fits(bearer.last, original)]
        before = scan.words_before(hit.start)
        for bearer in bearers:
            length = bearer.first_name_length(before)
            if length:
                scan.known[last] = bearer.target
                return hit.start - length, bearer.target
        if before and any(before[-1] in bearer.namesakes for bearer in bearers):
            scan.known[last] = None
            return hit.start, None
        if last in scan.known:
            return hit.start, scan.known[last]
        for bearer in bearers:
            if bearer.alone or (before and before[-1] in self._titles[bearer.target]):
                scan.known[last] = bearer.target
                return hit.start, bearer.target
        return hit.start, None


class _Bearer:
    """A person under one spelling of the last name, first names folded."""

    __slots__ = ("_first", "alone", "last", "namesakes", "target")

    def __init__(self, last: str, person: Person) -> None:
        self.last = last
        self.target = person.target
        self.alone = person.alone
        self.namesakes = frozenset(map(fold, person.namesakes))
        self._first = frozenset(map(fold, person.first))

    def first_name_length(self, before: list[str]) -> int:
        """Return the length of this person's first name at the end of ``before``, its space included, or 0."""
        for count in range(len(before), 0, -1):
            words = before[-count:]
            has_initial = count > 1 and len(words[-1]) == 2 and words[-1][1] == "."
            if " ".join(words) in self._first or (has_initial and " ".join(words[:-1]) in self._first):
                return sum(map(len, words)) + count
        return 0


class _Scan:
    """What has been found so far in one text."""

    __slots__ = ("_folded", "_text", "end", "known", "mentions")

    def __init__(self, text: str, folded: Folded) -> None:
        self._text = text
        self._folded = folded
        self.end = 0
        self.known: dict[str, Target | None] = {}
        self.mentions: list[Mention] = []

    def original(self, start: int, end: int) -> str:
        low, high = self._folded.span(start, end)
        return self._text[low:high]

    def words_before(self, start: int) -> list[str]:
        match = _WORDS_BEFORE.search(self._folded.text, max(self.end, start - _LOOK_BACK), start)
        return match.group().split() if match else []

    def accept(self, start: int, end: int, target: Target) -> None:
        low, high = self._folded.span(start, end)
        self.mentions.append(Mention(low, high, self._text[low:high], target))
        self.end = end

    def around(self, start: int, end: int) -> tuple[list[str], list[str]]:
        """Return up to two words before and two after, as the text writes them."""
        low, high = self._folded.span(start, end)
        before = _CAPITALS.findall(self._text[max(0, low - _LOOK_BACK) : low])
        return before[-2:], _CAPITALS.findall(self._text[high : high + _LOOK_BACK])[:2]


def _at_boundaries(text: str, start: int, end: int) -> bool:
    """Tell whether a match neither begins nor ends inside a word."""
    if start and text[start].isalnum() and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return False
    return end == len(text) or not text[end - 1].isalnum() or not (text[end].isalnum() or text[end] == "_")


def _original(text: str, folded: Folded, hit: _Hit) -> str:
    low, high = folded.span(hit.start, hit.end)
    return text[low:high]


def _fits(form: str, original: str) -> bool:
    """Tell whether each capital of ``form`` is a capital in the text."""
    if form.islower() or original.isupper():
        return True
    if len(form) == len(original):
        return all(there.isupper() for here, there in zip(form, original, strict=True) if here.isupper())
    return sum(map(str.isupper, original)) >= sum(map(str.isupper, form))


def _is_blocked(hit: _Hit, blocked: list[tuple[int, int]]) -> bool:
    """Tell whether a hit overlaps a blocked span without containing it and more."""
    return any(
        start < hit.end
        and hit.start < end
        and not (hit.start <= start and end <= hit.end and hit.end - hit.start > end - start)
        for start, end in blocked
    )


def _capitals_allow(names: Names, scan: _Scan, hit: _Hit) -> bool:
    """Tell whether a name that capitals make ambiguous ("TELL US WHY") is meant here."""
    if not names.capitals_after and not names.capitals_before:
        return True
    before, after = scan.around(hit.start, hit.end)
    words = [word for word in (*before, *after) if len(word) > 1]
    if len(words) < 2 or not all(word.isupper() for word in words):
        return True
    return (bool(before) and before[-1] in names.capitals_after) or (bool(after) and after[0] in names.capitals_before)
