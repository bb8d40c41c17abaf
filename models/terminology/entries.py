"""Entries of the terminology tables, and the written forms they expand to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.labels import Side


class Kind(StrEnum):
    """What sort of choice a term is."""

    SPELLING = "spelling"
    RENAMING = "renaming"
    EVENT = "event"
    STATUS = "status"
    ACTOR = "actor"
    GRAMMAR = "grammar"


class Case(StrEnum):
    """Which letter case a form must have in the text to be meant.

    ``any`` takes all; ``capital`` asks for a leading capital, unless the whole text is in lower case; ``exact`` asks
    for the very letters of the table.
    """

    ANY = "any"
    CAPITAL = "capital"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Form:
    """One written form of an entry.

    Attributes:
        text: The form as the table writes it.
        entry: Canonical name of its entry.
        kind: Kind of its entry.
        side: The side whose usage it is.
        counterpart: What the other side writes, if it has a word for it.
        canonical: The one spelling that stands for all variants; None where variants are left as they are.
        case: Letter case that the form needs.
        guards: Names of the guards that must all let it through.
        plain: Whether it stands for itself, needing no guard but vetoes: a name that tells what a text is about.
    """

    text: str
    entry: str
    kind: Kind
    side: Side
    counterpart: str | None
    canonical: str | None
    case: Case
    guards: tuple[str, ...]
    plain: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a table has it; :meth:`forms` expands it.

    Attributes:
        file: Name of its table.
        name: Its name, unique among entries of its kind; the Ukrainian form of a spelling.
        reported_as: The entry that its terms are counted under, most often its own name.
        kind: What sort of choice it is.
        ukrainian: Forms of the Ukrainian side, the main one first.
        russian: Forms of the Russian side, the main one first.
        neutral: Variants that tell no side; they are not reported, but get the canonical spelling.
        counterpart: The other side's word where that side has no forms here.
        derived: Pairs (Ukrainian, Russian) of words derived from the name: adjectives, inhabitants.
        homonyms: Phrases in which a form means something else.
        guards: Names of guards, by side.
        vetoes: Names of guards that turn down what is plainly another's name, on both sides.
        case: Letter case, by side.
        canonical: The spelling that replaces every variant in :func:`~models.terminology.canonical_spelling`.
        reason: Why the choice tells something, in one line.
        source: Where that is documented.
    """

    file: str
    name: str
    reported_as: str
    kind: Kind
    ukrainian: tuple[str, ...]
    russian: tuple[str, ...]
    neutral: tuple[str, ...]
    counterpart: str | None
    derived: tuple[tuple[str, str], ...]
    homonyms: tuple[str, ...]
    guards: Mapping[Side, tuple[str, ...]]
    vetoes: tuple[str, ...]
    case: Mapping[Side, Case]
    canonical: str | None
    reason: str
    source: str

    def forms(self) -> Iterator[Form]:
        """Give every form with all that a match needs to know."""
        yield from self._side(Side.UKRAINIAN, self.ukrainian, self.russian, self.canonical)
        yield from self._side(Side.RUSSIAN, self.russian, self.ukrainian, self.canonical)
        for ukrainian, russian in self.derived:
            canonical = ukrainian if self.canonical else None
            yield from self._side(Side.UKRAINIAN, (ukrainian,), (russian,), canonical)
            yield from self._side(Side.RUSSIAN, (russian,), (ukrainian,), canonical)

    def _side(self, side: Side, texts: Sequence[str], others: Sequence[str], canonical: str | None) -> Iterator[Form]:
        counterpart = others[0] if others else self.counterpart
        own = self.guards[side]
        guards = (*own, *self.vetoes)
        for text in texts:
            yield Form(
                text, self.reported_as, self.kind, side, counterpart, canonical, self.case[side], guards, not own
            )
