"""Reading and checking the table of guards: groups of cues, lists of phrases, and the guards themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from models.errors import TableError
from models.terminology.fold import fold
from models.terminology.guards import Guard
from models.terminology.phrases import PhraseCompiler

_GROUPS: Final = frozenset({"needs_near", "blocked_near", "nearer", "than"})
_NUMBERS: Final = frozenset({"within", "blocked_within"})
_BEFORE: Final = frozenset({"needs_before", "not_before"})
_ACTORS: Final = frozenset({"actor", "than_actor"})
# Lists that tokens are made of: what <surname> and <name> are not, the titles of <titled>, and what no actor follows.
_LISTS: Final = ("no_surnames", "no_names", "titles", "no_subject_after")


def read_guards(
    file: str, table: Mapping[str, Any], automatic: set[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Guard]]:
    """Return the groups of cues, folded, and the guards of a guards table.

    ``automatic`` names groups of cues that the caller fills in.

    Raises:
        TableError: A field is unknown, of the wrong type, or names what does not exist; the message names file, guard
            and field.
    """
    cues = {
        group: tuple(map(fold, _strings(f"{file}: cues {group!r}", words)))
        for group, words in table.get("cues", {}).items()
    }
    reader = _Reader(file, set(cues) | automatic, table.get("phrases", {}))
    for name, options in table.get("guards", {}).items():
        reader.guards[name] = reader.guard(name, options)
    return cues, reader.guards


class _Reader:
    """Turns the options of guards into guards; a guard may name only guards above it."""

    def __init__(self, file: str, groups: set[str], phrases: Mapping[str, Any]) -> None:
        self.file = file
        self.groups = groups
        self.phrases = phrases
        self.compiler = PhraseCompiler(*(self._words(name) for name in _LISTS))
        self.guards: dict[str, Guard] = {}

    def guard(self, name: str, options: Mapping[str, Any]) -> Guard:
        return Guard(
            **{
                option: self._value(f"{self.file}: guard {name!r}: field {option!r}", option, value)
                for option, value in options.items()
            }
        )

    def _value(self, where: str, option: str, value: Any) -> Any:  # noqa: ANN401  (a field of any type)
        if option not in {field.name for field in fields(Guard)}:
            raise TableError(f"{where}: unknown; a guard may have {', '.join(field.name for field in fields(Guard))}")
        if option in _NUMBERS:
            if not isinstance(value, int):
                raise TableError(f"{where}: must be a number of characters")
            return value
        names = _strings(where, value)
        if option in _GROUPS:
            return _known(where, names, self.groups)
        if option == "any_of":
            return tuple(self.guards[other] for other in _known(where, names, self.guards))
        phrases = self._expand(where, names)
        if option in _ACTORS:
            return self.compiler.actor(phrases)
        return self.compiler.before(phrases) if option in _BEFORE else self.compiler.after(phrases)

    def _words(self, name: str) -> tuple[str, ...]:
        return _strings(f"{self.file}: phrases {name!r}", self.phrases[name]) if name in self.phrases else ()

    def _expand(self, where: str, phrases: Sequence[str]) -> Iterator[str]:
        for phrase in phrases:
            lead, mark, name = phrase.partition("@")
            if not mark:
                yield phrase
            elif name in self.phrases:
                yield from (lead + each for each in _strings(f"{self.file}: phrases {name!r}", self.phrases[name]))
            else:
                raise TableError(f"{where}: there is no list of phrases {name!r}")


def _strings(where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise TableError(f"{where}: must be a list of non-empty strings")
    return tuple(value)


def _known(where: str, names: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    if missing := [name for name in names if name not in known]:
        raise TableError(f"{where}: there is no {missing[0]!r}")
    return tuple(names)
