"""Checking one row of a terminology table on its way to an entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

from models.errors import TableError
from models.labels import Side
from models.terminology.entries import Case, Entry, Kind
from models.terminology.romanize import (
    bgn_ukrainian,
    hybrids,
    marked_national,
    national,
    newspaper_russian,
    newspaper_ukrainian,
)

_SIDES: Final = (Side.UKRAINIAN, Side.RUSSIAN)
_SPELLED: Final = frozenset({Kind.SPELLING, Kind.RENAMING})
_Choice = TypeVar("_Choice", Kind, Case)


def read_entry(file: str, number: int, values: Mapping[str, Any]) -> Entry:
    """Return the entry of row ``number`` of ``file``.

    Raises:
        TableError: A field is missing, unknown, or of the wrong type; the message names file, entry and field.
    """
    row = _Row(file, f"#{number}", values)
    row.name = row.string("entry") or national(row.string("uk")) or row.name
    kind = row.choice("kind", Kind, None)
    ukrainian, russian, shared = _names(row)
    guards = {side: (*row.strings("guards"), *row.strings(f"guards_{side}")) for side in _SIDES}
    entry = Entry(
        file,
        row.name,
        row.string("reported_as") or row.name,
        kind,
        ukrainian,
        russian,
        (*row.strings("neutral"), *shared),
        row.string("counterpart") or next(iter(shared), None),
        tuple(row.pairs("derived")),
        row.strings("homonyms"),
        guards,
        row.strings("vetoes"),
        {side: row.choice(f"case_{side}", Case, row.choice("case", Case, Case.ANY)) for side in _SIDES},
        _canonical(row, kind, guards),
        row.required("reason"),
        row.required("source"),
    )
    row.check_complete()
    if not (ukrainian or russian):
        raise row.error("ukrainian", "neither side has a form")
    return entry


def _canonical(row: _Row, kind: Kind, guards: Mapping[Side, tuple[str, ...]]) -> str | None:
    # A name that needs a guard may well be another's name: left alone, unless the table says otherwise.
    given = row.values.get("canonical", not any(guards.values()))
    row.read.add("canonical")
    if not isinstance(given, bool | str):
        raise row.error("canonical", "must be true, false, or the spelling to use")
    if kind not in _SPELLED or not given:
        return None
    return row.name if given is True else given


def _names(row: _Row) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the forms of both sides, those listed, then those that the native names romanize to; and what they share.

    A romanization that both languages have (Berdyansk) counts as Russian, unless it is Ukraine's own standard; what is
    the standard of both (Kakhovka) tells nothing.
    """
    native, native_russian, without = row.string("uk"), row.string("ru"), row.strings("without")
    own = dict.fromkeys((*row.strings("ukrainian"), *filter(None, (national(native),))))
    listed = row.strings("russian")
    if both := [form for form in listed if form in own]:
        raise row.error("russian", f"{both[0]!r} is a form of both sides")
    russian = [form for form in (*listed, *newspaper_russian(native_russian)) if form and form not in own]
    if native_russian and not russian:
        raise row.error("ru", f"both languages give {national(native)!r}, which tells nothing: drop the entry")
    looser = (*bgn_ukrainian(native), *newspaper_ukrainian(native), *marked_national(native))
    ukrainian = dict.fromkeys((*own, *(form for form in looser if form and form not in russian)))
    russian += [form for form in hybrids(native) if form and russian and form not in ukrainian]
    shared = set(newspaper_russian(native_russian)[:1]) & {national(native)} - {""}
    return _without(ukrainian, {*without, *shared}), _without(russian, without), tuple(shared)


def _without(forms: Iterable[str], unwanted: Collection[str]) -> tuple[str, ...]:
    return tuple(form for form in dict.fromkeys(forms) if form not in unwanted)


class _Row:
    """The values of a row; every getter checks what it gets."""

    def __init__(self, file: str, name: str, values: Mapping[str, Any]) -> None:
        self.file = file
        self.name = name
        self.values = values
        self.read: set[str] = set()

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

    def choice(self, field: str, options: type[_Choice], default: _Choice | None) -> _Choice:
        value = self.string(field)
        if not value and default is not None:
            return default
        try:
            return options(value)
        except ValueError:
            raise self.error(field, f"{value!r} is none of {', '.join(options)}") from None

    def check_complete(self) -> None:
        if unknown := set(self.values) - self.read:
            raise self.error(min(unknown), "unknown field")

    def error(self, field: str, problem: str) -> TableError:
        return TableError(f"{self.file}: entry {self.name!r}: field {field!r}: {problem}")
