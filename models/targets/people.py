"""People: whom a last name means, by first name, title, verb of speech and what the text has told before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from models.labels import Target
from models.targets.context import LOOK_BACK, Context, apposition, words_before
from models.targets.folding import fold
from models.targets.matching import Hit, Scan, fits
from models.targets.table import Person

_LONGEST_ABBREVIATION: Final = 5
"""Code points of an abbreviation with its full stop ("Gen.", "Sens.")."""


class _Bearer:
    """A person under one spelling of the last name, first names and titles folded."""

    __slots__ = ("_first", "last", "namesakes", "person", "titles")

    def __init__(self, last: str, person: Person) -> None:
        self.last = last
        self.person = person
        self.namesakes = frozenset(map(fold, person.namesakes))
        self.titles = frozenset(map(fold, person.titles))
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


class _Title(NamedTuple):
    """A title before a last name, and the word before it, which may tell whose state's."""

    text: str
    holder: str


class People:
    """All people of the three targets.

    Args:
        people: Them.
        context: Word classes.
        own: What each target is called, folded.
    """

    def __init__(self, people: Iterable[Person], context: Context, own: dict[Target, frozenset[str]]) -> None:
        self._context = context
        self._own = own
        self._bearers: dict[str, list[_Bearer]] = defaultdict(list)
        for person in people:
            for last in person.last:
                self._bearers[fold(last)].append(_Bearer(last, person))
        every = (bearer for bearers in self._bearers.values() for bearer in bearers)
        self._titles = context.other_titles.union(*(bearer.titles for bearer in every))
        self._title_ends = frozenset(title.split()[-1] for title in self._titles)

    @property
    def forms(self) -> Iterable[str]:
        """All last names, folded."""
        return self._bearers.keys()

    def find(self, scan: Scan, hit: Hit) -> tuple[int, Target | None]:
        """Return where the name begins and whom the person acts for, if this last name means one of ours."""
        bearers = [bearer for bearer in self._bearers.get(hit.form, ()) if fits(bearer.last, scan.original(hit))]
        if not bearers:
            return hit.start, None
        before = words_before(scan.folded.text, hit.start, scan.end)
        for bearer in bearers:
            count = bearer.first_name_words(before)
            if count:
                scan.known[hit.form] = bearer.person.target
                return hit.start - sum(map(len, before[-count:])) - count, bearer.person.target
        return hit.start, self._by_last_name(scan, hit, bearers, before)

    def _by_last_name(self, scan: Scan, hit: Hit, bearers: list[_Bearer], before: list[str]) -> Target | None:
        stands_alone = any(bearer.person.alone for bearer in bearers)
        # A title may be a mention of its own ("Sen.") or stand after one: it is read beyond the last mention.
        is_cut = hit.start - scan.end < LOOK_BACK
        title = self._title(words_before(scan.folded.text, hit.start) if is_cut else before)
        if title and self._is_foreign(title.holder):
            scan.known.setdefault(hit.form, None)
            return None
        if title and (stands_alone or not scan.is_before_name(hit)):  # "chairman Paul Smith": a first name
            target = self._by_title(title, bearers)
            if target is not None:
                scan.known[hit.form] = target
                return target
        if title and title.text in self._context.other_titles and not stands_alone:
            return None
        if any(bearer.is_namesake(before) for bearer in bearers):
            if not (stands_alone and scan.known.get(hit.form)):
                scan.known[hit.form] = None
            return None
        if hit.form not in scan.known:
            target = self._by_context(scan, hit, bearers, before)
            if target is None:
                return None
            scan.known[hit.form] = target
        return scan.known[hit.form]

    def _title(self, words: Sequence[str]) -> _Title | None:
        """Return the longest title at the end of ``words``; of several people ("Sens. Graham and") a plural one."""
        title = self._title_at_end(words)
        if title is None and words[-1:] == ["and"]:
            for others in (2, 3):
                title = title or self._title_at_end(words[:-others])
            return title if title and title.text.rstrip(".")[-1:] == "s" else None
        return title

    def _title_at_end(self, words: Sequence[str]) -> _Title | None:
        if not words or words[-1] not in self._title_ends:
            return None
        for count in (3, 2, 1):
            text = " ".join(words[-count:])
            if text in self._titles:
                rest = list(words[:-count])
                while rest and rest[-1] in self._context.title_words:
                    rest.pop()
                return _Title(text, rest[-1] if rest else "")
        return None

    def _is_foreign(self, holder: str) -> bool:
        return holder in self._context.foreign and self._state(holder) is None

    def _state(self, holder: str) -> Target | None:
        word = holder.removesuffix("'s")
        return next((target for target in Target if word in self._own[target]), None)

    def _by_title(self, title: _Title, bearers: list[_Bearer]) -> Target | None:
        """Return whom the title's bearer acts for: rather the state that is named before the title."""
        targets = [bearer.person.target for bearer in bearers if title.text in bearer.titles]
        state = self._state(title.holder)
        return state if state in targets else next(iter(targets), None)

    def _by_context(self, scan: Scan, hit: Hit, bearers: list[_Bearer], before: list[str]) -> Target | None:
        """Return whom a last name means that stands without a first name and was not explained before."""
        for bearer in bearers:
            if bearer.person.alone or (bearer.person.speaking and self._speaks(scan, hit, bearer, before)):
                return bearer.person.target
        return None

    def _speaks(self, scan: Scan, hit: Hit, bearer: _Bearer, before: list[str]) -> bool:
        """Tell whether a name stands by a verb of speech, or before its office."""
        last_word = before[-1] if before else ""
        if scan.is_before_name(hit):
            return False
        may_be_first_name = last_word and last_word not in self._context.courtesy and not _ends_sentence(last_word)
        if may_be_first_name and scan.is_capital(hit.start - len(last_word) - 1):
            return False
        if last_word in self._context.speaking_before or self._context.speaks_after(scan.folded.text, hit.end):
            return True
        words = apposition(scan.folded.text, hit.end)
        title = self._title_at_end(words)
        return bool(title and title.text in bearer.titles and self._context.foreign.isdisjoint(words))


def _ends_sentence(word: str) -> bool:
    """Tell whether a word before a name ends a sentence: its full stop is none of an initial or an abbreviation."""
    return word[-1] == "." and len(word) > _LONGEST_ABBREVIATION
