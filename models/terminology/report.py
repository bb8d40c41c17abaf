"""Counting terms over a corpus: by entry, side, source and month, and how far the Ukrainian form has been adopted."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple, TextIO

from models.labels import Side
from models.terminology.entries import Kind
from models.terminology.matcher import Term

_SPELLED: Final = frozenset({Kind.SPELLING, Kind.RENAMING})


class Count(NamedTuple):
    """How often one entry was used on one side by one source in one month.

    Attributes:
        entry: Canonical name of the entry.
        kind: Its kind.
        side: The side whose usage it is.
        source: Outlet or file; empty where none was given.
        month: ``YYYY-MM``; empty where no date was given.
        used: Occurrences in the text's own voice.
        distanced: Occurrences in quotation marks or after "so-called", counted apart.
    """

    entry: str
    kind: str
    side: str
    source: str
    month: str
    used: int
    distanced: int


class Adoption(NamedTuple):
    """Share of the Ukrainian form of an entry in one month.

    Attributes:
        entry: Canonical name of the entry; empty for all entries together.
        month: ``YYYY-MM``.
        ukrainian: Occurrences of the Ukrainian forms in the text's own voice.
        russian: Occurrences of the Russian forms in the text's own voice.
    """

    entry: str
    month: str
    ukrainian: int
    russian: int

    @property
    def share(self) -> float:
        """Share of the Ukrainian form, 0 to 1."""
        return self.ukrainian / (self.ukrainian + self.russian)


class TermReport:
    """Counts of terms, gathered text by text in memory that grows with entries, sources and months alone.

    Example:
        >>> from models.terminology import TermReport, find_terms
        >>> report = TermReport()
        >>> report.add(find_terms("Kyiv is calm."), source="a.example", day="2022-03-01")
        >>> report.add(find_terms("Kiev is calm."), source="b.example", day="2022-03-05")
        >>> [(row.month, row.share) for row in report.adoption()]
        [('2022-03', 0.5)]
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str, str, str, bool]] = Counter()

    def add(self, terms: Iterable[Term], source: str = "", day: str | date | None = None) -> None:
        """Count the terms of one text.

        Args:
            terms: What :func:`~models.terminology.find_terms` found in it.
            source: Its outlet.
            day: Its date, or an ISO 8601 string that begins with year and month; None if unknown.

        Raises:
            ValueError: ``day`` is a string that begins with no year and month.
        """
        month = _month(day)
        for term in terms:
            self._counts[term.entry, str(term.kind), str(term.side), source, month, term.distanced] += 1

    def counts(self) -> list[Count]:
        """Return all counts, sorted by entry, kind, side, source and month."""
        keys = sorted({key[:-1] for key in self._counts})
        return [Count(*key, self._counts[*key, False], self._counts[*key, True]) for key in keys]

    def write_csv(self, file: TextIO) -> None:
        """Write all counts as CSV with a header; open ``file`` with ``newline=""``."""
        writer = csv.writer(file)
        writer.writerow(Count._fields)
        writer.writerows(self.counts())

    def adoption(self, *, by_entry: bool = False) -> list[Adoption]:
        """Return the share of the Ukrainian form per month, of all entries together or of each.

        Only spellings and renamings count, only dated texts, and only entries that the corpus writes both ways:
        an entry with one form alone has no choice to show.
        """
        per_side: Counter[tuple[str, str, str]] = Counter()
        for (entry, kind, side, _, month, distanced), count in self._counts.items():
            if month and kind in _SPELLED and not distanced:
                per_side[entry, month, side] += count
        sides: dict[str, set[str]] = defaultdict(set)
        for entry, _, side in per_side:
            sides[entry].add(side)
        totals: Counter[tuple[str, str, str]] = Counter()
        for (entry, month, side), count in per_side.items():
            if {Side.UKRAINIAN, Side.RUSSIAN} <= sides[entry]:
                totals[entry if by_entry else "", month, side] += count
        return list(_adoptions(totals))


def _adoptions(totals: Counter[tuple[str, str, str]]) -> Iterator[Adoption]:
    for entry, month in sorted({key[:2] for key in totals}):
        yield Adoption(entry, month, totals[entry, month, Side.UKRAINIAN], totals[entry, month, Side.RUSSIAN])


def _month(day: str | date | None) -> str:
    if day is None or day == "":
        return ""
    if isinstance(day, date):
        return f"{day:%Y-%m}"
    try:
        return f"{date.fromisoformat(day[:7] + '-01'):%Y-%m}"
    except ValueError:
        raise ValueError(f"{day!r} is no date: give YYYY-MM-DD or YYYY-MM") from None
