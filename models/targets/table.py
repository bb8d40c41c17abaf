"""The gazetteer's tables: reading and validating them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from models.errors import TableError
from models.labels import Target
from models.targets.context import Context
from models.targets.folding import fold
from models.targets.reader import Reader
from models.targets.spellings import Spellings, load_spellings

_FILE_FIELDS: Final = {"target", "names", "people"}
_NAME_FIELDS: Final = {
    "kind", "forms", "place", "foreign", "before_name", "not_before", "capitals_first", "capitals_after",
    "capitals_before",
}  # fmt: skip
_PEOPLE_FIELDS: Final = {"office", "titles", "people"}
_PERSON_FIELDS: Final = {"first", "last", "alone", "speaking", "namesakes", "titles"}
_BLOCKER_FIELDS: Final = {"reason", "forms"}
_WORD_CLASSES: Final = (
    "foreign", "foreign_states", "speaking", "speaking_before", "adverbs", "courtesy", "other_titles", "title_words",
    "place_after", "place_before", "power", "power_after", "agencies",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """Fixed names that count wherever they stand.

    Attributes:
        target: Whom they mention.
        kind: What they are (state, people, capital, parliament, …); for the reader of the table.
        forms: How they are written; a capital letter must be a capital in the text.
        place: Whether it is a capital city, which does not count where it is only a place.
        foreign: Whether other states have a body of this name, told by their adjective before it.
        before_name: Whether it counts only before a capitalized word.
        not_before: Words before which it is something else.
        capitals_first: Whether, in a text in capitals, it counts only at the start of a clause …
        capitals_after: … or after one of these words …
        capitals_before: … or before one of these.
    """

    target: Target
    kind: str
    forms: tuple[str, ...]
    place: bool
    foreign: bool
    before_name: bool
    not_before: frozenset[str]
    capitals_first: bool
    capitals_after: frozenset[str]
    capitals_before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who acts for a target.

    Attributes:
        target: For whom.
        first: First names, patronymics and initials included, in their spellings.
        last: Last name in its spellings.
        alone: Whether the last name alone is enough; otherwise a first name or title must have stood with it.
        speaking: Whether the last name is also enough before a verb of speech.
        namesakes: First names of other people with this last name.
        titles: Words before the last name that make it count.
    """

    target: Target
    first: tuple[str, ...]
    last: tuple[str, ...]
    alone: bool
    speaking: bool
    namesakes: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Everything the gazetteer knows.

    Attributes:
        names: Fixed names of all targets.
        people: People of all targets.
        context: Word classes and blockers that all targets share.
    """

    names: tuple[Names, ...]
    people: tuple[Person, ...]
    context: Context


def load_table(directory: Path) -> Table:
    """Read ``russia.toml``, ``ukraine.toml``, ``us.toml``, ``context.toml`` and ``spellings.toml`` of a directory.

    Raises:
        TableError: A file is missing or malformed, an entry lacks a field or has one of a wrong type or an unknown
            name, or two targets claim the same form. The text names file, entry and field.
    """
    names: list[Names] = []
    people: list[Person] = []
    for target in Target:
        reader = Reader(directory / f"{target}.toml")
        names.extend(_names(reader, target))
        people.extend(_people(reader, target))
    table = Table(tuple(names), tuple(people), _context(Reader(directory / "context.toml")))
    _refuse_conflicts(table)
    return _respelled(table, load_spellings(Reader(directory / "spellings.toml")))


def _names(reader: Reader, target: Target) -> list[Names]:
    reader.known(reader.data, _FILE_FIELDS, "the file")
    if reader.text(reader.data, "target", "the file") != target:
        raise reader.error("the file", "target", f"must be {target.value!r}")
    found = []
    for number, data in enumerate(reader.entries(reader.data, "names", "the file"), start=1):
        entry = f"names entry {number}"
        reader.known(data, _NAME_FIELDS, entry)
        kind = reader.text(data, "kind", entry)
        entry = f"{entry} ({kind})"
        found.append(
            Names(
                target,
                kind,
                reader.texts(data, "forms", entry),
                place=reader.flag(data, "place", entry, optional=True),
                foreign=reader.flag(data, "foreign", entry, optional=True),
                before_name=reader.flag(data, "before_name", entry, optional=True),
                not_before=frozenset(map(fold, reader.texts(data, "not_before", entry, optional=True))),
                capitals_first=reader.flag(data, "capitals_first", entry, optional=True),
                capitals_after=frozenset(reader.texts(data, "capitals_after", entry, optional=True)),
                capitals_before=frozenset(reader.texts(data, "capitals_before", entry, optional=True)),
            )
        )
    return found


def _people(reader: Reader, target: Target) -> list[Person]:
    found = []
    for number, group in enumerate(reader.entries(reader.data, "people", "the file"), start=1):
        entry = f"people entry {number}"
        reader.known(group, _PEOPLE_FIELDS, entry)
        entry = f"{entry} ({reader.text(group, 'office', entry)})"
        titles = reader.texts(group, "titles", entry, optional=True)
        for place, data in enumerate(reader.entries(group, "people", entry), start=1):
            found.append(_person(reader, target, data, f"{entry}, person {place}", titles))
    return found


def _person(reader: Reader, target: Target, data: dict[str, Any], entry: str, of_office: tuple[str, ...]) -> Person:
    reader.known(data, _PERSON_FIELDS, entry)
    last = reader.texts(data, "last", entry)
    entry = f"{entry} ({last[0]})"
    first = reader.texts(data, "first", entry)
    namesakes = reader.texts(data, "namesakes", entry, optional=True)
    for name in set(first) & set(namesakes):
        raise reader.error(entry, "namesakes", f"has {name!r}, which is also a first name of this person")
    alone = reader.flag(data, "alone", entry)
    speaking = reader.flag(data, "speaking", entry, optional=True)
    titles = reader.texts(data, "titles", entry, optional=True) or of_office
    return Person(target, first, last, alone, speaking, namesakes, titles)


def _context(reader: Reader) -> Context:
    reader.known(reader.data, {*_WORD_CLASSES, "blockers"}, "the file")
    classes = {name: reader.texts(reader.data, name, "the file") for name in _WORD_CLASSES}
    agencies = tuple(map(fold, classes.pop("agencies")))
    states = (name.split()[-1] for name in classes.pop("foreign_states"))
    classes["foreign"] += tuple(f"{state}'" if state.endswith("s") else f"{state}'s" for state in states)
    folded = {name: frozenset(map(fold, words)) for name, words in classes.items()}
    return Context(**folded, agencies=agencies, blockers=_blockers(reader))


def _blockers(reader: Reader) -> tuple[str, ...]:
    forms: list[str] = []
    for number, data in enumerate(reader.entries(reader.data, "blockers", "the file"), start=1):
        entry = f"blockers entry {number}"
        reader.known(data, _BLOCKER_FIELDS, entry)
        entry = f"{entry} ({reader.text(data, 'reason', entry)})"
        forms.extend(reader.texts(data, "forms", entry))
    return tuple(forms)


def _refuse_conflicts(table: Table) -> None:
    """Refuse a form that is blocked, stands in two entries or is a last name too, and a last name of two targets."""
    owners = dict.fromkeys(map(fold, table.context.blockers), "context.toml")
    for names in table.names:
        for form in {fold(form): form for form in names.forms}.values():
            _claim(owners, form, f"{names.target}.toml, kind {names.kind}")
    lasts = dict.fromkeys(owners, "")
    for person in table.people:
        for last in person.last:
            claimant = f"{person.target}.toml, people"
            if fold(last) in owners:
                raise TableError(f"{claimant}: last name {last!r} is also a form of {owners[fold(last)]}")
            if person.alone and lasts.setdefault(fold(last), claimant) != claimant:
                raise TableError(f"{claimant}: {last!r} stands alone, and does for {lasts[fold(last)]} too")


def _claim(owners: dict[str, str], form: str, claimant: str) -> None:
    if fold(form) in owners:
        raise TableError(f"{claimant}: field 'forms' has {form!r}, which {owners[fold(form)]} has too")
    owners[fold(form)] = claimant


def _respelled(table: Table, spellings: Spellings) -> Table:
    """Give all people the spellings that follow from the rules; what the tables say of a name stands against them."""
    claimed: dict[str, object] = {fold(form): None for names in table.names for form in names.forms}
    claimed |= dict.fromkeys(map(fold, table.context.blockers))
    for person in table.people:
        claimed |= {fold(last): person.target for last in person.last}
    people = []
    for person in table.people:
        first = spellings.first(person.first, person.target, alone=person.alone)
        last = spellings.last(person.last, person.target)
        free = {name: claimed.get(fold(name), person.target) for name in last}
        people.append(
            replace(
                person,
                first=tuple(name for name in first if name not in person.namesakes),
                last=tuple(name for name, target in free.items() if target is person.target or name in person.last),
            )
        )
    return replace(table, people=tuple(people))
