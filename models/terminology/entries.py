"""Entries of the terminology tables, and what they expand to."""

from __future__ import annotations

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
        canonical: The one spelling that stands for all variants; None where a form is no spelling variant.
        case: Letter case that the form needs.
        guards: Names of the guards that must all let it through.
    """

    text: str
    entry: str
    kind: Kind
    side: Side
    counterpart: str | None
    canonical: str | None
    case: Case
    guards: tuple[str, ...]
