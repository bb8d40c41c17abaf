"""Reading and checking the table of guards: groups of cues, lists of phrases, and the guards themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from models.errors import TableError
from models.terminology.fold import fold
from models.terminology.guards import Guard

# What may stand in a list of phrases for something that can't be listed.
_TOKENS_AFTER: Final = {
    "<end>": r"\s*$",
    "<punctuation>": r"\s*[^\w\s'’&/‐‑–-]",
    "<possessive>": r"['’]s\b",
    "<number>": r"\s\d",
    "<name>": r"\s(?:[A-Z]\.\s*)*[A-Z][a-z]+",
    # A past tense, or a third person before a determiner: what "the Ukraine" does, not what it qualifies.
    "<verb>": r"\s(?:\w{2,}ed\b|\w{3,}s\s(?:the|an?|its|their|his|our|half|every|all|no|more|most|us|them|him|to)\b)",
}
# Adjectives that look like a given name before a place: "Russian-held Nikolaev", "Southern Nikolaev".
_NO_NAMES: Final = (
    "Ukrainian",
    "Russian",
    "Soviet",
    "Southern",
    "Northern",
    "Eastern",
    "Western",
    "Near",
    "In",
    "From",
)
# What stands before is matched backwards, from the form leftwards, so that a pattern has one place to begin.
_TOKENS_BEFORE: Final = {
    "<start>": r"\s*$",
    "<initial>": r"\s*\.[a-z]?[A-Z]\b",
    "<name>": rf"\s(?!(?:{'|'.join(word[::-1] for word in _NO_NAMES)})\b)[a-z]+[A-Z]\s(?=[a-z,;])",
}
_GROUPS: Final = frozenset({"needs_near", "blocked_near", "nearer", "than"})
_NUMBERS: Final = frozenset({"within", "blocked_within"})
_BEFORE: Final = frozenset({"needs_before", "not_before"})


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
        return _before(phrases) if option in _BEFORE else _after(phrases)

    def _expand(self, where: str, phrases: Sequence[str]) -> Iterator[str]:
        for phrase in phrases:
            if not phrase.startswith("@"):
                yield phrase
            elif phrase[1:] in self.phrases:
                yield from _strings(f"{self.file}: phrases {phrase[1:]!r}", self.phrases[phrase[1:]])
            else:
                raise TableError(f"{where}: there is no list of phrases {phrase[1:]!r}")


def _strings(where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise TableError(f"{where}: must be a list of non-empty strings")
    return tuple(value)


def _known(where: str, names: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    if missing := [name for name in names if name not in known]:
        raise TableError(f"{where}: there is no {missing[0]!r}")
    return tuple(names)


def _before(phrases: Iterator[str]) -> re.Pattern[str]:
    options = (_TOKENS_BEFORE.get(phrase) or rf"(?i:[\s‐‑–-]+{_loosely(phrase[::-1])}(?!\w))" for phrase in phrases)
    return re.compile("|".join(options))


def _after(phrases: Iterator[str]) -> re.Pattern[str]:
    options = (_TOKENS_AFTER.get(phrase) or rf"(?i:[\s‐‑–-]+{_loosely(phrase)}(?!\w))" for phrase in phrases)
    return re.compile("|".join(options))


def _loosely(phrase: str) -> str:
    words = re.escape(phrase.replace("*", "\0"))
    return words.replace("\0", r"\w*").replace(r"\ ", r"[\s]+").replace("'", "['’]").replace(r"\-", "[-‐‑–]")
