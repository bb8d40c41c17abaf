"""Reading and checking the terminology tables, the TOML files that a linguist edits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from models.errors import TableError
from models.labels import Side
from models.terminology.entries import Case, Form, Kind
from models.terminology.fold import fold
from models.terminology.guards import Guard
from models.terminology.romanize import bgn_ukrainian, national, newspaper_russian

TABLES: Final = Path(__file__).parent / "tables"
GUARDS_FILE: Final = "guards.toml"
_E = TypeVar("_E", Kind, Case)


@dataclass(frozen=True, slots=True)
class Terminology:
    """All tables, expanded.

    Attributes:
        forms: Every written form, by its folded text.
        homonyms: Folded phrases in which a form means something else; found, they silence it.
        cues: Groups of words that show what a paragraph is about, folded.
        guards: Named conditions of context.
        entries: The entries as read, by canonical name.
    """

    forms: Mapping[str, Form]
    homonyms: frozenset[str]
    cues: Mapping[str, tuple[str, ...]]
    guards: Mapping[str, Guard]
    entries: Mapping[str, Entry]

    @classmethod
    def load(cls, directory: Path = TABLES) -> Self:
        """Read and check every ``*.toml`` under ``directory``.

        Raises:
            TableError: A table is invalid; the message names file, entry and field.
        """
        cues, guards = _load_guards(directory / GUARDS_FILE)
        forms: dict[str, Form] = {}
        homonyms: set[str] = set()
        entries: dict[str, Entry] = {}
        for path in sorted(directory.glob("*.toml")):
            if path.name == GUARDS_FILE:
                continue
            for entry in _load_entries(path):
                if entry.name in entries:
                    raise TableError(f"{path.name}: entry {entry.name!r}: there already is an entry of this name")
                entries[entry.name] = entry
                _add_forms(forms, entry, guards)
                homonyms.update(map(fold, entry.homonyms))
        return cls(forms, frozenset(homonyms), cues, guards, entries)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a table has it; :meth:`forms` expands it.

    Attributes:
        file: Name of its table.
        name: Canonical name; the Ukrainian form of a spelling.
        kind: What sort of choice it is.
        ukrainian: Forms of the Ukrainian side, the main one first.
        russian: Forms of the Russian side, the main one first.
        counterpart: What to show as the other side's word where that side has no forms here.
        derived: Pairs (Ukrainian, Russian) of words derived from the name: adjectives, inhabitants.
        homonyms: Phrases in which a form means something else.
        guards: Names of guards, for either side or both.
        case: Letter case, for either side or both.
        canonical: Whether variants are replaced by one spelling in :func:`~models.terminology.canonical_spelling`.
        reason: Why the choice tells something, in one line.
        source: Where that is documented.
    """

    file: str
    name: str
    kind: Kind
    ukrainian: tuple[str, ...]
    russian: tuple[str, ...]
    counterpart: str | None
    derived: tuple[tuple[str, str], ...]
    homonyms: tuple[str, ...]
    guards: Mapping[Side, tuple[str, ...]]
    case: Mapping[Side, Case]
    canonical: bool
    reason: str
    source: str

    def forms(self) -> Iterator[Form]:
        """Give every form with all that a match needs to know."""
        main = self.ukrainian[0] if self.ukrainian else None
        yield from self._side(Side.UKRAINIAN, self.ukrainian, self.russian[:1], main)
        yield from self._side(Side.RUSSIAN, self.russian, self.ukrainian[:1], main)
        for ukrainian, russian in self.derived:
            yield from self._side(Side.UKRAINIAN, (ukrainian,), (russian,), ukrainian)
            yield from self._side(Side.RUSSIAN, (russian,), (ukrainian,), ukrainian)

    def _side(
        self, side: Side, texts: Sequence[str], counterpart: Sequence[str], canonical: str | None
    ) -> Iterator[Form]:
        other = counterpart[0] if counterpart else self.counterpart
        spelled_one_way = canonical if self.canonical else None
        for text in texts:
            yield Form(text, self.name, self.kind, side, other, spelled_one_way, self.case[side], self.guards[side])


def _add_forms(forms: dict[str, Form], entry: Entry, guards: Mapping[str, Guard]) -> None:
    for form in entry.forms():
        where = f"{entry.file}: entry {entry.name!r}"
        for guard in form.guards:
            if guard not in guards:
                raise TableError(f"{where}: field 'guards': {GUARDS_FILE} has no guard {guard!r}")
        taken = forms.setdefault(fold(form.text), form)
        if taken is not form:
            raise TableError(f"{where}: field {form.side.value!r}: {form.text!r} is already a form of {taken.entry!r}")


def _load_guards(path: Path) -> tuple[dict[str, tuple[str, ...]], dict[str, Guard]]:
    table = _read(path)
    cues = {group: tuple(map(fold, words)) for group, words in table.get("cues", {}).items()}
    guards = {}
    known = {field.name for field in fields(Guard)} - {"name"}
    for name, options in table.get("guards", {}).items():
        for field, value in options.items():
            where = f"{path.name}: guard {name!r}: field {field!r}"
            if field not in known:
                raise TableError(f"{where}: unknown; a guard may have {', '.join(sorted(known))}")
            if field in {"needs_near", "blocked_near"} and (missing := set(value) - set(cues)):
                raise TableError(f"{where}: no group of cues {sorted(missing)[0]!r}")
        values: dict[str, Any] = {
            field: value if isinstance(value, int) else tuple(value) for field, value in options.items()
        }
        guards[name] = Guard(name, **values)
    return cues, guards


def _load_entries(path: Path) -> Iterator[Entry]:
    table = _read(path)
    defaults = table.pop("defaults", {})
    rows = table.pop("entry", [])
    if table:
        raise TableError(f"{path.name}: field {next(iter(table))!r}: unknown; a table has [defaults] and [[entry]]")
    for number, row in enumerate(rows, start=1):
        yield _Row(path.name, number, defaults | row).entry()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"{path.name}: {error}") from error


class _Row:
    """One row of a table on its way to an :class:`Entry`; every getter checks what it gets."""

    def __init__(self, file: str, number: int, values: dict[str, Any]) -> None:
        self.file = file
        self.values = values
        self.read: set[str] = set()
        self.name = f"#{number}"
        self.name = self.string("entry") or national(self.string("uk")) or self.name

    def entry(self) -> Entry:
        ukrainian, russian = self.names()
        entry = Entry(
            self.file,
            self.name,
            self.choice("kind", Kind, None),
            ukrainian,
            russian,
            self.string("counterpart") or None,
            tuple(self.pairs("derived")),
            self.strings("homonyms"),
            {side: (*self.strings("guards"), *self.strings(f"guards_{side}")) for side in _SIDES},
            {side: self.choice(f"case_{side}", Case, self.choice("case", Case, Case.ANY)) for side in _SIDES},
            self.flag("canonical", default=True),
            self.required("reason"),
            self.required("source"),
        )
        if unknown := set(self.values) - self.read:
            raise self.error(sorted(unknown)[0], "unknown field")
        if not (entry.ukrainian or entry.russian):
            raise self.error("ukrainian", "neither side has a form")
        return entry

    def names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the forms of both sides: those listed, then those that the native names romanize to.

        A romanization that both languages share (Berdyansk) is counted as Russian, unless it is Ukraine's own.
        """
        native, native_russian, drop = self.string("uk"), self.string("ru"), self.strings("without")
        generated = dict.fromkeys(newspaper_russian(native_russian) if native_russian else ())
        own = dict.fromkeys((*self.strings("ukrainian"), *filter(None, (national(native),))))
        russian = dict.fromkeys((*self.strings("russian"), *generated))
        ukrainian = own | dict.fromkeys(filter(None, (bgn_ukrainian(native),)))
        keep_russian = tuple(form for form in russian if form not in own and form not in drop)
        keep_ukrainian = tuple(form for form in ukrainian if form not in keep_russian and form not in drop)
        if native_russian and not keep_russian:
            raise self.error("ru", f"both languages give {national(native)!r}, which tells nothing: drop the entry")
        return keep_ukrainian, keep_russian

    def string(self, field: str) -> str:
        self.read.add(field)
        value = self.values.get(field, "")
        if not isinstance(value, str):
            raise self.error(field, "must be a string")
        return value.strip()

    def required(self, field: str) -> str:
        if not (value := self.string(field)):
            raise self.error(field, "missing")
        return value

    def strings(self, field: str) -> tuple[str, ...]:
        self.read.add(field)
        value = self.values.get(field, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error(field, "must be a list of non-empty strings")
        return tuple(value)

    def pairs(self, field: str) -> Iterator[tuple[str, str]]:
        self.read.add(field)
        for pair in self.values.get(field, []):
            if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(word, str) for word in pair):
                raise self.error(field, "must be a list of [Ukrainian, Russian] pairs")
            yield pair[0], pair[1]

    def flag(self, field: str, *, default: bool) -> bool:
        self.read.add(field)
        value = self.values.get(field, default)
        if not isinstance(value, bool):
            raise self.error(field, "must be true or false")
        return value

    def choice(self, field: str, options: type[_E], default: _E | None) -> _E:
        value = self.string(field)
        if not value and default is not None:
            return default
        try:
            return options(value)
        except ValueError:
            raise self.error(field, f"{value!r} is none of {', '.join(options)}") from None

    def error(self, field: str, problem: str) -> TableError:
        return TableError(f"{self.file}: entry {self.name!r}: field {field!r}: {problem}")


_SIDES: Final = (Side.UKRAINIAN, Side.RUSSIAN)
