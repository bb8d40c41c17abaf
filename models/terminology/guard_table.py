"""Reading and checking the table of guards: groups of cues, lists of phrases, and the guards themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from models.errors import TableError
from models.terminology.fold import fold
from models.terminology.guards import Guard

# What a surname, but no town or office, has behind it: "Odessa Turner sang", and not "Odessa Mayor" or "Odessa Port".
_NO_SURNAMES: Final = (
    "Oblast|Region|Province|District|City|Port|Airport|Mayor|Governor|Council|Opera|Theatre|Theater|National|State|Military|University|"
    "Polytechnic|Institute|Academy|College|School|Museum|Philharmonic|Conservatory|Orchestra|Ballet|Film|Festival|Bay|Gulf|Steps|Catacombs|"
    "Massacre|Soviet|Jewish|Jews|Garrison|Army|Airbase|Seaport|Sea|Refinery|Railway|Station|Court|Police|Administration|Defence|Defense|"
    "Garage|Market|Cathedral|Church|Monastery|Eparchy|Diocese|Metropolitan|Operation|Offensive|Ukraine|Ukrainian|Russia|Russian|"
    "Oblasts|Regional|Black|Trade|Unions|House|Street|Avenue|Hotel|Stock|Commodity|Maritime|Portside|Brigade|Battalion|Review|Journal|"
    "On|In|At|By|For|From|To|After|Before|And|As|When|While|Is|Was|The|A|An|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
# Where a namesake lies: "Krasnoarmeysk, a town in Russia's Saratov region", "Ostrog Monastery in Montenegro".
_LOCATED: Final = (
    r"(?:\s[\w-]+)?(?:,\s|,?\s(?:(?:is|was|lies|which|that|now|once|also|then)\s){0,2}"
    r"(?:(?:an?|the|one|another)\s(?:[\w’'-]+\s){1,4}?)?(?:in|on|off)\s)"
    r"(?:the\s)?(?:(?:[\w-]+['’]s?|northern|southern|eastern|western|central|south|north|far|Russian|Soviet|faraway)\s){0,3}"
)
# What may stand in a list of phrases for something that can't be listed.
_TOKENS_AFTER: Final = {
    "<end>": r"\s*$",
    "<punctuation>": r"\s*[^\w\s'’&/‐‑–-]",
    "<possessive>": r"['’]s\b",
    "<number>": r"\s\d",
    "<age>": r",\s\d\d(?:,|\syears)",
    "<name>": r"\s(?:[A-Z]\.\s*)*[A-Z][a-z]+",
    "<surname>": rf"\s(?!(?:{_NO_SURNAMES})\b)[A-Z][a-z]+(?=['’]s?\s|\s[a-z]|\s*[,.;:!?)]|\s*$)",
    # Cameras: Kiev-60, Kiev 88CM.
    "<model>": r"[-‐‑–](?:[2-5]|1[0579]|20|3[05]|60|8[08]|90)[A-Z]*\b|\s\d{1,3}[A-Z]{1,4}\b",
    # "Donbass, a film by", "Chernobyl is an HBO series".
    "<work>": (
        r",?\s(?:(?:is|was|became)\s)?(?:an?|the|his|her)\s(?:(?!(?:of|about|for|in|from|to|on|by|at|with|and)\s)[\w’'-]+\s){0,4}?"
        r"(?:film|movie|novel|series|miniseries|mini-series|album|song|documentary|thriller|opera|video\sgame|sitcom|poem)\b"
    ),
    # A past tense, or a third person before a determiner: what "the Ukraine" does, not what it qualifies.
    "<verb>": r"\s(?:\w{2,}ed\b|\w{3,}s\s(?:the|an?|its|their|his|our|half|every|all|no|more|most|us|them|him|to)\b)",
}
# Capitalized words that are no given name before a place: "Russian-held Nikolaev", "On Monday Nikolaev", "While Lvov".
_NO_NAMES: Final = (
    "Ukrainian|Russian|Soviet|Southern|Northern|Eastern|Western|Central|Greater|Old|New|Near|In|From|At|To|On|By|Of|For|With|Without|"
    "Into|Through|Towards|Toward|Around|Outside|Inside|Beyond|Across|Over|Under|Between|Behind|Before|After|Since|Until|During|"
    "Against|About|Via|And|But|Or|Nor|So|Yet|If|When|While|Where|As|Because|Although|Though|That|This|These|Those|The|All|Both|Every|"
    "Each|Some|Many|Most|Few|Only|Even|Also|Then|Now|Today|Yesterday|Tomorrow|Tonight|Here|There|Once|Still|Again|Not|No|Yes|Neither|"
    "Either|Like|Unlike|Besides|Except|Despite|Amid|Is|Was|Are|Were|Has|Had|Will|Would|Can|Could|Should|Did|Does|Do|Why|How|What|Who|"
    "Which|Upper|Lower|West|East|North|South|Ancient|Tsarist|Imperial|Nazi|Free|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|"
    "Sunday|January|February|March|April|May|June|July|August|September|October|November|December|Nearby|Poor|Big|Hit|Strike|Strikes|"
    "Ukraine|Russia|Lucky|Perhaps|Maybe|Meanwhile|Just|Nearly|Almost|Rebuild|Save|Defend|Help|Visit|Take|Leave|Hold|Dear|Little"
)
_NO_NAME: Final = rf"(?!(?:{'|'.join(word[::-1] for word in _NO_NAMES.split('|'))})\b)(?!de|gni|nre|nai|hsi)"
# What stands before is matched backwards, from the form leftwards, so that a pattern has one place to begin.
_TOKENS_BEFORE: Final = {
    "<start>": r"\s*$",
    "<initial>": r"\s*\.[a-z]?[A-Z]\b",
    # After a word in lower case, so that a headline in capitals makes no names, or at the start of a sentence.
    "<name>": rf"\s{_NO_NAME}[a-z]+[A-Z](?:\s[,;]?[a-z]+(?!\w)|[\"“'‘(]?(?:\s+[\"”]?[.!?:]|\s*$))",
}
# How a phrase that follows is led up to: by a comma, by words that say where a place lies, or, last, by a space.
_LEADS: Final = {", ": r"\s*,\s+", "<located> ": _LOCATED, "": r"[\"”»’']?[\s‐‑–-]+"}
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


def _before(phrases: Iterable[str]) -> re.Pattern[str]:
    tokens, plain = _sorted_out(phrases, _TOKENS_BEFORE)
    words = "|".join(_loosely(phrase[::-1]) for phrase in plain)
    return re.compile("|".join((*tokens, *((rf"(?i:[\"“„«‘'’]?[\s‐‑–-]+(?:{words})(?!\w))",) if plain else ()))))


def _after(phrases: Iterable[str]) -> re.Pattern[str]:
    tokens, plain = _sorted_out(phrases, _TOKENS_AFTER)
    options = list(tokens)
    for mark, lead in _LEADS.items():
        if words := [_loosely(phrase.removeprefix(mark)) for phrase in plain if _lead(phrase) == mark]:
            options.append(rf"{lead}(?i:{'|'.join(words)})(?!\w)")
    return re.compile("|".join(options))


def _sorted_out(phrases: Iterable[str], tokens: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the patterns of the tokens among the phrases, and the other phrases, without repeats."""
    unique = list(dict.fromkeys(phrases))
    return [tokens[phrase] for phrase in unique if phrase in tokens], [p for p in unique if p not in tokens]


def _lead(phrase: str) -> str:
    return next(mark for mark in _LEADS if phrase.startswith(mark))


def _loosely(phrase: str) -> str:
    words = re.escape(phrase.replace("*", "\0"))
    return words.replace("\0", r"\w*").replace(r"\ ", r"[\s]+").replace("'", "['’]").replace(r"\-", "[-‐‑–]")
