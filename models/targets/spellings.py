"""Spellings of names that follow from those in the tables: romanization by the rules of ``spellings.toml``.

English texts romanize Cyrillic names in many ways (Zelensky, Zelenskyy, Zelenskyi; Oleksiy, Oleksii, Alexei). A table
that had to list them all would always lack some, so a person's entry gives the usual ones and the rules give the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from models.labels import Target
from models.targets.reader import Reader

_FIELDS: Final = {"first_names", "rules", "other_names"}
_RULE_FIELDS: Final = {"reason", "targets", "pattern", "spellings"}


@dataclass(frozen=True, slots=True)
class FirstName:
    """One first name.

    Attributes:
        ukrainian: Its spellings in the Ukrainian form …
        russian: … and in the Russian form.
    """

    ukrainian: tuple[str, ...]
    russian: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Spellings of a part of last names.

    Attributes:
        targets: Whose people's names are spelled so.
        pattern: The part in any of its spellings.
        spellings: All of them.
    """

    targets: frozenset[Target]
    pattern: re.Pattern[str]
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spellings:
    """All rules.

    Attributes:
        first_names: First names that are one name.
        rules: Spellings of parts of last names, in the order in which they apply.
        other_names: Last names that the rules must not give.
    """

    first_names: tuple[FirstName, ...]
    rules: tuple[Rule, ...]
    other_names: frozenset[str]

    def last(self, written: Iterable[str], target: Target) -> tuple[str, ...]:
        """Return the spellings of a last name: those written in the table, then those that follow from the rules."""
        found = dict.fromkeys(written)
        for rule in self.rules:
            if target in rule.targets:
                matched = [name for name in found if rule.pattern.search(name)]
                found |= {rule.pattern.sub(part, name): None for name in matched for part in rule.spellings}
        kept = set(written)
        return tuple(name for name in found if name in kept or name not in self.other_names)

    def first(self, written: Iterable[str], target: Target, *, alone: bool) -> tuple[str, ...]:
        """Return the spellings of someone's first names: those written in the table, then those of the same names.

        Args:
            written: First names as in the table.
            target: For whom this person acts.
            alone: Whether the last name is enough to tell who is meant; if not, a form in the other language may be
                somebody else.
        """
        found = dict.fromkeys(written)
        if target is Target.US:
            return tuple(found)
        for name in self.first_names:
            for spellings, others in ((name.ukrainian, name.russian), (name.russian, name.ukrainian)):
                if not found.keys().isdisjoint(spellings):
                    found |= dict.fromkeys(spellings)
                    if alone and target is Target.UKRAINE:
                        found |= dict.fromkeys(others)
        return tuple(found)


def load_spellings(reader: Reader) -> Spellings:
    """Read ``spellings.toml``.

    Raises:
        TableError: An entry lacks a field or has one of a wrong type or an unknown name.
    """
    reader.known(reader.data, _FIELDS, "the file")
    first_names = []
    for entry, data in _entries(reader, "first_names", {"ukrainian", "russian"}):
        first_names.append(FirstName(reader.texts(data, "ukrainian", entry), reader.texts(data, "russian", entry)))
    rules = [_rule(reader, data, entry) for entry, data in _entries(reader, "rules", _RULE_FIELDS)]
    other_names: list[str] = []
    for entry, data in _entries(reader, "other_names", {"reason", "names"}):
        reader.text(data, "reason", entry)
        other_names.extend(reader.texts(data, "names", entry))
    return Spellings(tuple(first_names), tuple(rules), frozenset(other_names))


def _entries(reader: Reader, field: str, fields: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, data in enumerate(reader.entries(reader.data, field, "the file"), start=1):
        entry = f"{field} entry {number}"
        reader.known(data, fields, entry)
        yield entry, data


def _rule(reader: Reader, data: dict[str, Any], entry: str) -> Rule:
    entry = f"{entry} ({reader.text(data, 'reason', entry)})"
    try:
        targets = frozenset(map(Target, reader.texts(data, "targets", entry)))
    except ValueError as error:
        raise reader.error(entry, "targets", f"has no target: {error}") from error
    try:
        pattern = re.compile(reader.text(data, "pattern", entry))
    except re.error as error:
        raise reader.error(entry, "pattern", f"is not a regular expression: {error}") from error
    return Rule(targets, pattern, reader.texts(data, "spellings", entry))
