"""Guards: the contexts in which a form means what its entry says.

A guard looks at the words right beside a match and at cues within reach of it. Cues are found by the automaton that
finds the forms, so a guard costs two binary searches, and looking beside a match costs a bounded slice.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.spans import Span

# How much text beside a match phrases may take up, in code points; and how far back in its sentence someone may act.
_REACH: Final = 60
_ACTOR_REACH: Final = 180


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
        needs_before: Phrases, written backwards, of which one must end right before the form.
        needs_after: Phrases of which one must begin right after it.
        not_before: Phrases, written backwards, of which none may end right before it.
        not_after: Phrases of which none may begin right after it.
        nearer: Groups of cues of which one must be within reach, and nearer than any of ``than``.
        than: The groups that ``nearer`` is measured against.
        actor: Names, written backwards, of which one must stand before the form in its sentence, as one who acts.
        than_actor: Names of others, none of which may stand between.
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
    actor: re.Pattern[str] | None = None
    than_actor: re.Pattern[str] | None = None
    any_of: tuple[Guard, ...] = ()

    def allows(self, context: Context, span: Span) -> bool:
        """Tell whether the form at ``span`` of the text is meant."""
        if self.needs_near and not context.near(self.needs_near, span, self.within):
            return False
        if self.blocked_near and context.near(self.blocked_near, span, self.blocked_within):
            return False
        if self.nearer and not context.nearer(self.nearer, self.than, span, self.within):
            return False
        if not self._fits(
            context.text[max(0, span.start - _REACH) : span.start][::-1], context.text[span.end : span.end + _REACH]
        ):
            return False
        if self.actor and not self._acts(context.text[max(0, span.start - _ACTOR_REACH) : span.start][::-1]):
            return False
        return not self.any_of or any(guard.allows(context, span) for guard in self.any_of)

    def _fits(self, before: str, after: str) -> bool:
        return not (
            (self.needs_before and not self.needs_before.match(before))
            or (self.needs_after and not self.needs_after.match(after))
            or (self.not_before and self.not_before.match(before))
            or (self.not_after and self.not_after.match(after))
        )

    def _acts(self, before: str) -> bool:
        mine = self.actor.match(before) if self.actor else None
        other = self.than_actor.match(before) if self.than_actor else None
        return mine is not None and (other is None or mine.start(1) < other.start(1))
