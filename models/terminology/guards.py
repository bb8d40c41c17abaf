"""Guards: the contexts in which a form means what its entry says.

A guard looks at the words right beside a match and at cues within reach of it. Cues are found by the automaton that
finds the forms, so a guard costs two binary searches, and looking beside a match costs a bounded slice.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

_REACH: Final = 60
_SPECIAL: Final = {
    "<end>": r"\s*$",
    "<start>": r"^\s*",
    "<punctuation>": r"\s*[^\w\s'&/-]",
    "<number>": r"\s\d",
    "<capital>": r"\s[A-Z]",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a guard may look at: the folded text and where its cues stand, in order, by group."""

    folded: str
    cues: Mapping[str, Sequence[int]]

    def near(self, groups: Sequence[str], start: int, end: int, within: int) -> bool:
        """Tell whether a cue of any of ``groups`` begins within reach of ``start``–``end``."""
        for group in groups:
            places = self.cues.get(group, ())
            at = bisect_left(places, start - within)
            if at < len(places) and places[at] <= end + within:
                return True
        return False


@dataclass(frozen=True)
class Guard:
    """A named condition; a form passes when everything that is set holds.

    Attributes:
        name: Its name in the tables.
        needs_near: Groups of cues of which one must be within reach.
        blocked_near: Groups of cues of which none may be within reach.
        within: How far to look for the former, in characters.
        blocked_within: How far to look for the latter.
        needs_before: Phrases of which one must end right before the form.
        needs_after: Phrases of which one must begin right after it.
        not_before: Phrases of which none may end right before it.
        not_after: Phrases of which none may begin right after it.
    """

    name: str
    needs_near: tuple[str, ...] = ()
    blocked_near: tuple[str, ...] = ()
    within: int = 1000
    blocked_within: int = 200
    needs_before: tuple[str, ...] = field(default=())
    needs_after: tuple[str, ...] = field(default=())
    not_before: tuple[str, ...] = field(default=())
    not_after: tuple[str, ...] = field(default=())

    def allows(self, context: Context, start: int, end: int) -> bool:
        """Tell whether the form at ``start``–``end`` of the folded text is meant."""
        if self.needs_near and not context.near(self.needs_near, start, end, self.within):
            return False
        if self.blocked_near and context.near(self.blocked_near, start, end, self.blocked_within):
            return False
        before = context.folded[max(0, start - _REACH) : start]
        after = context.folded[end : end + _REACH]
        return self._fits(before, after)

    def _fits(self, before: str, after: str) -> bool:
        needs_before, needs_after, not_before, not_after = self._patterns
        return not (
            (needs_before and not needs_before.search(before))
            or (needs_after and not needs_after.match(after))
            or (not_before and not_before.search(before))
            or (not_after and not_after.match(after))
        )

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str] | None, ...]:
        return (
            _before(self.needs_before),
            _after(self.needs_after),
            _before(self.not_before),
            _after(self.not_after),
        )


def _before(phrases: Sequence[str]) -> re.Pattern[str] | None:
    options = (_SPECIAL.get(phrase) or rf"(?<!\w){re.escape(phrase.lower())}[\s-]" for phrase in phrases)
    return re.compile(f"(?:{'|'.join(options)})$") if phrases else None


def _after(phrases: Sequence[str]) -> re.Pattern[str] | None:
    options = (_SPECIAL.get(phrase) or rf"[\s-]{re.escape(phrase.lower())}(?!\w)" for phrase in phrases)
    return re.compile("|".join(options)) if phrases else None
