"""What a name's neighbours say: word classes of ``context.toml`` and the rules that read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_WORD: Final = r"[^\W_][\w.'-]*"
_WORD_AFTER: Final = re.compile(rf"[ -]({_WORD})")
_CLAUSE_AFTER: Final = re.compile(rf", ({_WORD})(?: ({_WORD}))?")
_OPENERS: Final = "\"'“‘«„([—*"
_STOPS: Final = ',;:!?)]"”»…/'
_LOOK_BACK: Final = 56
"""Code points before a name that are read for its context: room for four words."""


@dataclass(frozen=True, slots=True)
class Context:
    """Word classes shared by all targets, folded.

    Attributes:
        foreign: Adjectives and possessives of other states and peoples.
        speaking: Verbs of speech after a speaker's name …
        speaking_before: … and before it.
        place_after: Words after which a capital city is only a place …
        place_before: … words before which it is …
        power: … words that make it the government's seat, before "in" or at the head of the clause after …
        power_after: … and words that make its possessive the government's.
        agencies: Names of news agencies, as their datelines write them.
        blockers: Phrases inside which nothing is a mention.
    """

    foreign: frozenset[str]
    speaking: frozenset[str]
    speaking_before: frozenset[str]
    place_after: frozenset[str]
    place_before: frozenset[str]
    power: frozenset[str]
    power_after: frozenset[str]
    agencies: tuple[str, ...]
    blockers: tuple[str, ...]

    def is_foreign(self, text: str, start: int, own: frozenset[str]) -> bool:
        """Tell whether a body's name at ``start`` follows another state's adjective; ``own`` are ours."""
        before = words_before(text, start)
        return bool(before) and before[-1] in self.foreign and before[-1] not in own

    def is_place(self, text: str, start: int, end: int) -> bool:
        """Tell whether the capital city ``text[start:end]`` (folded) is only a place there.

        It is the government where the context says so: "officials in Kyiv", "in Moscow's view".
        """
        if word_after(text, end) in self.place_before:
            return True
        before = words_before(text, start)
        if not before or before[-1] not in self.place_after or not self.power.isdisjoint(before[-3:-1]):
            return False
        if text.startswith("'s", end):
            return word_after(text, end + 2) not in self.power_after
        clause = _CLAUSE_AFTER.match(text, end)  # "in Kyiv, senior officials said"
        return not clause or self.power.isdisjoint(clause.groups())


def words_before(text: str, start: int, floor: int = 0) -> list[str]:
    """Return up to four words that stand right before ``start``, separated by nothing but spaces or hyphens."""
    words: list[str] = []
    if start > floor and text[start - 1] in " -":
        for token in reversed(text[max(floor, start - _LOOK_BACK) : start - 1].replace("-", " ").split(" ")):
            word = token.lstrip(_OPENERS)
            if len(words) == 4 or not word or word[-1] in _STOPS:
                break
            words.append(word)
            if word != token:
                break
    return words[::-1]


def word_after(text: str, end: int) -> str:
    """Return the word right after ``end``, or an empty string."""
    match = _WORD_AFTER.match(text, end)
    return match.group(1).rstrip(".'-") if match else ""


def dateline(agencies: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a dateline at the start of a folded text: place, date and agency."""
    names = "|".join(sorted(map(re.escape, agencies), key=len, reverse=True))
    return re.compile(rf"\W{{0,8}}+[^(\n]{{0,70}}?(?:\((?:{names})\)|/ ?(?:{names}) ?/)")
