"""What a name's neighbors say: word classes of ``context.toml`` and the rules that read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_WORD: Final = r"[^\W_][\w.'-]{0,40}"
_WORD_AFTER: Final = re.compile(rf"[ -]({_WORD})")
_WORDS_AFTER: Final = re.compile(rf"[ -]({_WORD})(?: ({_WORD}))?")
_CLAUSE_AFTER: Final = re.compile(rf", ({_WORD})(?: ({_WORD}))?")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SENTENCE: Final = re.compile(r"[a-z]{3}\. (?=\w)")
_PLACE_WORDS: Final = 4
_OPENERS: Final = "\"'“‘«„([—*"
_STOPS: Final = ',;:!?)]"”»…/'
LOOK_BACK: Final = 56
"""Code points before a name that are read for its context: room for four words."""
_APPOSITION: Final = re.compile(r", (?:the |a |an )?([^,.;:()]{3,60}),")
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE: Final = re.compile(rf"\b{_MONTH}\.? \d|\d {_MONTH}\b")


@dataclass(frozen=True, slots=True)
class Context:
    """Word classes shared by all targets, folded.

    Attributes:
        foreign: Adjectives of other states and peoples, and the possessives of their names.
        speaking: Verbs of speech after a speaker's name …
        speaking_before: … and before it.
        adverbs: Words that may stand between a name and its verb.
        courtesy: Forms of address: no first names.
        other_titles: Titles that no one of ours has without a first name.
        title_words: Other words of a title, between the state and its office.
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
    adverbs: frozenset[str]
    courtesy: frozenset[str]
    other_titles: frozenset[str]
    title_words: frozenset[str]
    place_after: frozenset[str]
    place_before: frozenset[str]
    power: frozenset[str]
    power_after: frozenset[str]
    agencies: tuple[str, ...]
    blockers: tuple[str, ...]

    def is_foreign(self, text: str, start: int, own: frozenset[str]) -> bool:
        """Tell whether a body's name at ``start`` follows another state's adjective; ``own`` are ours."""
        before = words_before(text, start)
        return bool(before) and before[-1] in self.foreign and before[-1].removesuffix("'s") not in own

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

    def speaks_after(self, text: str, end: int) -> bool:
        """Tell whether a verb of speech follows, an adverb between them left out ("also said")."""
        match = _WORDS_AFTER.match(text, end)
        if match is None:
            return False
        first, second = (word.rstrip(".'-") for word in match.groups(""))
        return first in self.speaking or (first in self.adverbs and second in self.speaking)


def words_before(text: str, start: int, floor: int = 0) -> list[str]:
    """Return up to four words that stand right before ``start``, separated by nothing but spaces or hyphens."""
    words: list[str] = []
    if start > floor and text[start - 1] in " -":
        for token in reversed(text[max(floor, start - LOOK_BACK) : start - 1].replace("-", " ").split(" ")):
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


def apposition(text: str, end: int) -> list[str]:
    """Return the words between two commas right after ``end`` ("Sullivan, the national security adviser, said")."""
    match = _APPOSITION.match(text, end)
    return match.group(1).split() if match else []


class Datelines:
    """Datelines at the start of a text: place, date and agency.

    Args:
        agencies: Names of news agencies, folded.
    """

    def __init__(self, agencies: tuple[str, ...]) -> None:
        names = "|".join(sorted(map(re.escape, agencies), key=len, reverse=True))
        self._pattern = re.compile(rf"\W{{0,8}}+([^(\n]{{0,70}}?)(?:\((?:{names})\)|/ ?(?:{names}) ?/)[ .:―-]*")

    def end(self, text: str, original: Callable[[int, int], str]) -> int:
        """Return where the dateline of a folded text ends, 0 if it has none; ``original`` gives the text's own letters.

        It has a date, or a place's few capitalized words and a sentence after it; a headline or a caption with its
        credit has neither.
        """
        match = self._pattern.match(text)
        if match is None:
            return 0
        start = max((end.end() for end in _SENTENCE.finditer(text, *match.span(1))), default=match.start(1))
        place = [word for word in _LETTERS.findall(original(start, match.end(1))) if word != "and"]
        is_place = len(place) <= _PLACE_WORDS and all(word[0].isupper() for word in place)
        if _DATE.search(match[1]) or (is_place and original(match.end(), match.end() + 1).isupper()):
            return match.end()
        return 0
