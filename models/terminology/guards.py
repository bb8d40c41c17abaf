"""Guards: the contexts in which a form means what its entry says.

A guard looks at the words right beside a match and at cues within reach of it. Cues are found by the automaton that
finds the forms, so a guard costs two binary searches, and looking beside a match costs a bounded slice.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from models.errors import TableError
from models.spans import Span
from models.terminology.fold import fold

# How much text beside a match phrases may take up, in code points.
_REACH: Final = 60
# What may stand in a list of phrases for something that can't be listed.
_TOKENS_AFTER: Final = {
    "<end>": r"\s*$",
    "<punctuation>": r"\s*[^\w\s'’&/‐‑–-]",
    "<possessive>": r"['’]s\b",
    "<number>": r"\s\d",
    "<name>": r"\s(?:[A-Z]\.\s*)*[A-Z][a-z]+",
    # A past tense, or a third person before a determiner: what "the Ukraine" does, not what it qualifies.
    "<verb>": r"\s(?:\w{2,}ed\b|\w{3,}s\s(?:the|an?|its|their|his|our|half|every|all|no|more|most|much|us|them|him|to)\b)",
}
_TOKENS_BEFORE: Final = {
    "<start>": r"^\s*",
    "<initial>": r"\b[A-Z][a-z]?\.\s*",
    "<name>": r"(?<=[a-z,;]\s)(?!Ukrain|Russia|Soviet|South|North|East|West|Near|In |From )[A-Z][a-z]+\s",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a guard may look at.

    Attributes:
        text: The original text.
        cues: Where the cues of each group begin in it, in order.
    """

    text: str
    cues: Mapping[str, Sequence[int]]

    def near(self, groups: Sequence[str], span: Span, within: int) -> bool:
        """Tell whether a cue of any of ``groups`` begins within reach of ``span``, but not inside."""
        return self._distance(groups, span) <= within

    def nearer(self, groups: Sequence[str], than: Sequence[str], span: Span, within: int) -> bool:
        """Tell whether a cue of ``groups`` is within reach of ``span``, and nearer than any of ``than``."""
        distance = self._distance(groups, span)
        return distance <= within and distance < self._distance(than, span)

    def _distance(self, groups: Sequence[str], span: Span) -> float:
        nearest = math.inf
        for group in groups:
            places = self.cues.get(group, ())
            before, after = bisect_left(places, span.start) - 1, bisect_left(places, span.end)
            if before >= 0:
                nearest = min(nearest, span.start - places[before])
            if after < len(places):
                nearest = min(nearest, places[after] - span.end)
        return nearest


@dataclass(frozen=True, slots=True)
class Guard:
    """A named condition; a form passes when everything that is set holds.

    Attributes:
        needs_near: Groups of cues of which one must be within reach.
        blocked_near: Groups of cues of which none may be within reach.
        within: How far ``needs_near`` and ``nearer`` look, in code points.
        blocked_within: How far ``blocked_near`` looks.
        needs_before: Phrases of which one must end right before the form.
        needs_after: Phrases of which one must begin right after it.
        not_before: Phrases of which none may end right before it.
        not_after: Phrases of which none may begin right after it.
        nearer: Groups of cues of which one must be within reach, and nearer than any of ``than``.
        than: The groups that ``nearer`` is measured against.
        any_of: Other guards, of which one must allow the form.
    """

    needs_near: tuple[str, ...] = ()
    blocked_near: tuple[str, ...] = ()
    nearer: tuple[str, ...] = ()
    than: tuple[str, ...] = ()
    within: int = 1000
    blocked_within: int = 200
    needs_before: re.Pattern[str] | None = None
    needs_after: re.Pattern[str] | None = None
    not_before: re.Pattern[str] | None = None
    not_after: re.Pattern[str] | None = None
    any_of: tuple[Guard, ...] = field(default=())

    def allows(self, context: Context, span: Span) -> bool:
        """Tell whether the form at ``span`` of the text is meant."""
        if self.needs_near and not context.near(self.needs_near, span, self.within):
            return False
        if self.blocked_near and context.near(self.blocked_near, span, self.blocked_within):
            return False
        if self.nearer and not context.nearer(self.nearer, self.than, span, self.within):
            return False
        if not self._fits(
            context.text[max(0, span.start - _REACH) : span.start], context.text[span.end : span.end + _REACH]
        ):
            return False
        return not self.any_of or any(guard.allows(context, span) for guard in self.any_of)

    def _fits(self, before: str, after: str) -> bool:
        return not (
            (self.needs_before and not self.needs_before.search(before))
            or (self.needs_after and not self.needs_after.match(after))
            or (self.not_before and self.not_before.search(before))
            or (self.not_after and self.not_after.match(after))
        )


def read_guards(
    file: str, table: Mapping[str, Any], automatic: set[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Guard]]:
    """Return the groups of cues, folded, and the guards of a guards table.

    ``automatic`` names groups of cues that the caller fills in.

    Raises:
        TableError: A field is unknown or names what does not exist; the message names file, guard and field.
    """
    cues = {group: tuple(map(fold, words)) for group, words in table.get("cues", {}).items()}
    reader = _Reader(file, set(cues) | automatic, table.get("phrases", {}))
    for name, options in table.get("guards", {}).items():
        reader.guards[name] = reader.guard(name, options)
    return cues, reader.guards


class _Reader:
    """Turns the options of guards into guards; a guard may name only guards above it."""

    def __init__(self, file: str, groups: set[str], phrases: Mapping[str, Sequence[str]]) -> None:
        self.file = file
        self.groups = groups
        self.phrases = phrases
        self.guards: dict[str, Guard] = {}

    def guard(self, name: str, options: Mapping[str, Any]) -> Guard:
        values: dict[str, Any] = {}
        for option, value in options.items():
            where = f"{self.file}: guard {name!r}: field {option!r}"
            if option in {"needs_near", "blocked_near", "nearer", "than"}:
                values[option] = tuple(self._known(where, value, self.groups))
            elif option in {"within", "blocked_within"}:
                values[option] = int(value)
            elif option == "any_of":
                values[option] = tuple(self.guards[other] for other in self._known(where, value, self.guards))
            elif option in {"needs_before", "not_before"}:
                values[option] = _before(self._expand(where, value))
            elif option in {"needs_after", "not_after"}:
                values[option] = _after(self._expand(where, value))
            else:
                known = ", ".join(each.name for each in fields(Guard))
                raise TableError(f"{where}: unknown; a guard may have {known}")
        return Guard(**values)

    def _known(self, where: str, names: Sequence[str], known: set[str] | Mapping[str, Guard]) -> Iterator[str]:
        for name in names:
            if name not in known:
                raise TableError(f"{where}: there is no {name!r}")
            yield name

    def _expand(self, where: str, phrases: Sequence[str]) -> Iterator[str]:
        for phrase in phrases:
            if not phrase.startswith("@"):
                yield phrase
            elif phrase[1:] in self.phrases:
                yield from self.phrases[phrase[1:]]
            else:
                raise TableError(f"{where}: there is no list of phrases {phrase[1:]!r}")


def _before(phrases: Iterator[str]) -> re.Pattern[str]:
    options = (_TOKENS_BEFORE.get(phrase) or rf"(?i:(?<!\w){_loosely(phrase)}[\s‐‑–-]+)" for phrase in phrases)
    return re.compile(f"(?:{'|'.join(options)})$")


def _after(phrases: Iterator[str]) -> re.Pattern[str]:
    options = (_TOKENS_AFTER.get(phrase) or rf"(?i:[\s‐‑–-]+{_loosely(phrase)}(?!\w))" for phrase in phrases)
    return re.compile("|".join(options))


def _loosely(phrase: str) -> str:
    words = re.escape(phrase.replace("*", "\0"))
    return words.replace("\0", r"\w*").replace(r"\ ", r"[\s]+").replace("'", "['’]").replace(r"\-", "[-‐‑–]")
