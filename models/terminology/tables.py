"""Reading the terminology tables, the TOML files that a linguist edits, and checking them against one another."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from models.errors import TableError
from models.labels import Side
from models.terminology.entries import Entry, Form, Kind
from models.terminology.fold import fold
from models.terminology.guard_table import read_guards
from models.terminology.guards import Guard
from models.terminology.rows import read_entry

TABLES: Final = Path(__file__).parent / "tables"
GUARDS_FILE: Final = "guards.toml"
_NAMES: Final = frozenset({Kind.SPELLING, Kind.RENAMING})
# Names that stand unguarded are evidence themselves: that a text is about Ukraine, and in whose spelling it is.
PLACE_CUES: Final = "place"
PLACE_CUES_OF: Final = {Side.UKRAINIAN: "place_ukrainian", Side.RUSSIAN: "place_russian"}


@dataclass(frozen=True, slots=True)
class Terminology:
    """All tables, expanded.

    Attributes:
        entries: The entries as read, by canonical name and kind.
        forms: The readings of every written form, by its folded text; the first that its guards allow is meant.
        homonyms: Folded phrases in which a form means something else; found, they silence it.
        cues: Groups of folded words that show what a paragraph is about.
        guards: Named conditions of context.
    """

    entries: Mapping[tuple[str, Kind], Entry]
    forms: Mapping[str, tuple[Form, ...]]
    homonyms: frozenset[str]
    cues: Mapping[str, tuple[str, ...]]
    guards: Mapping[str, Guard]

    @classmethod
    def load(cls, directory: Path = TABLES) -> Self:
        """Read and check every ``*.toml`` under ``directory``.

        Raises:
            TableError: A table is invalid; the message names file, entry and field.
        """
        cues, guards = read_guards(GUARDS_FILE, _read(directory / GUARDS_FILE), {PLACE_CUES, *PLACE_CUES_OF.values()})
        entries: dict[tuple[str, Kind], Entry] = {}
        forms: dict[str, tuple[Form, ...]] = {}
        for entry in _load_entries(directory):
            if (entry.name, entry.kind) in entries:
                raise TableError(f"{entry.file}: entry {entry.name!r}: field 'entry': there already is one")
            entries[entry.name, entry.kind] = entry
            _add_forms(forms, entry, guards)
        homonyms = frozenset(
            written for entry in entries.values() for phrase in entry.homonyms for written in _written(phrase)
        )
        return cls(entries, forms, homonyms, {**cues, **_place_cues(entries.values(), forms)}, guards)


def _place_cues(entries: Iterable[Entry], forms: Mapping[str, tuple[Form, ...]]) -> dict[str, tuple[str, ...]]:
    plain = {text: first.side for text, (first, *_) in forms.items() if first.plain and first.kind in _NAMES}
    neutral = (fold(text) for entry in entries if not any(entry.guards.values()) for text in entry.neutral)
    sided = {group: tuple(text for text in plain if plain[text] is side) for side, group in PLACE_CUES_OF.items()}
    return {PLACE_CUES: (*plain, *neutral), **sided}


def _add_forms(forms: dict[str, tuple[Form, ...]], entry: Entry, guards: Mapping[str, Guard]) -> None:
    where = f"{entry.file}: entry {entry.name!r}"
    for form in entry.forms():
        for guard in form.guards:
            if guard not in guards:
                raise TableError(f"{where}: field 'guards': {GUARDS_FILE} has no guard {guard!r}")
        for written in _written(form.text):
            readings = forms.get(written, ())
            # A second reading makes sense only where a guard, and not a mere veto, can turn the first one down.
            if readings and readings[-1].plain:
                taken = readings[-1].entry
                raise TableError(f"{where}: field {form.side.value!r}: {form.text!r} already is a form of {taken!r}")
            forms[written] = (*readings, form)


def _written(text: str) -> Iterable[str]:
    """Give a text folded, and once more with its accents as characters of their own, if it has any."""
    return dict.fromkeys((fold(text), fold(unicodedata.normalize("NFD", text))))


def _load_entries(directory: Path) -> Iterator[Entry]:
    for path in sorted(directory.glob("*.toml")):
        if path.name == GUARDS_FILE:
            continue
        table = _read(path)
        defaults, rows = table.pop("defaults", {}), table.pop("entry", [])
        if table:
            raise TableError(f"{path.name}: field {min(table)!r}: unknown; a table has 'defaults' and 'entry'")
        for number, row in enumerate(rows, start=1):
            yield read_entry(path.name, number, defaults | row)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"{path.name}: {error}") from error
