"""Phrases beside a term, as guards list them, compiled to one pattern.

What stands before a term is matched backwards, from the term leftwards, so that a pattern has one place to begin.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

# What writers put for an apostrophe.
_APOSTROPHE: Final = "['’‘´`ʼ′]"
# Where a namesake lies: "Krasnoarmeysk, a town in Russia's Saratov region", "Ostrog Monastery in Montenegro".
_LOCATED: Final = (
    r"(?:\s[\w-]+)?(?:,\s|,?\s(?:(?:is|was|lies|which|that|now|once|also|then)\s){0,2}"
    r"(?:(?:an?|the|one|another)\s(?:[\w’'-]+\s){1,4}?)?(?:in|on|off)\s)"
    r"(?:the\s)?(?:(?:[\w-]+['’‘´`ʼ′]s?|northern|southern|eastern|western|central|south|north|far|Russian|Soviet|faraway)\s){0,3}"
)
# The rest of a list of names: "Ukraine, Gaza and South Sudan crises".
_LISTED: Final = r"(?:,\s[A-Z][\w-]+(?:\s[A-Z][\w-]+)*)*,?\s(?:and|or)\s(?:the\s)?[A-Z][\w-]+(?:\s[A-Z][\w-]+)*\s"
# What a verb takes before its complement: "liberated [three villages] from".
_OBJECT: Final = r"[”\"’']?(?:\s(?!(?:from|by|after|before|when|while|and)\s)[^\s,.;:!?]+){0,8}?\s+[“\"‘]?"
# What leads up to a phrase that follows: a comma, a possessive, words that say where a place lies, the rest of a list
# of names, the object of a verb, a space and no hyphen, or, last, either.
_LEADS: Final = {
    ", ": r"[\"”»’']?\s*,[\"”»’']?\s+",
    "'s ": rf"{_APOSTROPHE}s\s+",
    "<located> ": _LOCATED,
    "<listed> ": _LISTED,
    "<object> ": _OBJECT,
    " ": r"[\"”»’']?\s+",
    "": r"[\"”»’']?[\s‐‑–-]+",
}
_LEAD_BEFORE: Final = r"[\"“„«‘'’]?[\s‐‑–-]+"
_AFTER: Final = {
    "<end>": r"\s*$",
    # But no quotation mark that opens: "the Ukraine “operation”".
    "<punctuation>": r"(?!\s+[“\"„«]\w)\s*[^\w\s'’‘´`′&/‐‑–-]",
    "<possessive>": rf"{_APOSTROPHE}s\b",
    # "In 1898", "in March 1943": before the names of places were a choice between two states.
    "<long_ago>": (
        r",?\s\(?(?:(?:in|of|since|until)\s)?(?:[A-Z][a-z]+\s(?:\d{1,2},\s)?)?(?:1[0-8]\d\d|19[0-3]\d|194[0-5])\b(?!\s(?:[a-z]+\s)?[a-z]+s\b)"
    ),
    "<number>": r"\s\d",
    "<age>": r",\s\d\d(?:,|\syears)",
    "<name>": r"\s(?:[A-Z]\.\s*)*[A-Z][a-z]+",
    # Cameras: Kiev-60, Kiev 88CM.
    "<model>": r"[-‐‑–](?:[2-5]|1[0579]|20|3[05]|60|8[08]|90)[A-Z]*\b|\s\d{1,3}[A-Z]{1,4}\b",
    # "Donbass, a film by", "Chernobyl is an HBO series".
    "<work>": (
        r"(?:\s[A-Z]\w+)?,?\s(?:(?:is|was|became)\s)?(?:an?|the|his|her)\s"
        r"(?:(?!(?:of|about|for|in|from|to|on|by|at|with|and)\s)[\w’'-]+\s){0,4}?"
        r"(?:film|movie|novel|series|miniseries|mini-series|album|song|documentary|thriller|opera|video\sgame|sitcom|poem)\b"
    ),
    # A past tense, or a third person before a determiner: what "the Ukraine" does, not what it qualifies.
    "<verb>": (
        r"\s(?:\w{2,}ed\b|(?!(?:crisis|crises|talks|news|sanctions|tensions|negotiations|forces|events|affairs|losses)\b)"
        r"\w{3,}s\s(?:the|an?|its?|their|his|our|half|every|all|no|more|most|us|them|him|to)\b)"
    ),
}
# Leftwards, but not over the end of a sentence.
_SAME_SENTENCE: Final = r"(?:(?!(?:[A-Z“\"]\s+[”\"’)]?[.!?]|\n))[\s\S])*?"
# With a second given name or none: "Odessa Mae Turner".
_SURNAME: Final = (
    r"(?:(?:Mae|May|Lee|Ann|Anne|Marie|Jean|Lou|Rose|Grace|Jane|Louise|[A-Z]\.)\s)?"
    r"[A-Z][a-z]+(?=['’]s?\s|\s[a-z]|\s*[,.;:!?)]|\s*$)"
)
_BEFORE: Final = {"<start>": r"\s*$", "<initial>": r"\s*\.[a-z]?[A-Z]\b", "<list>": r"\s(?:,|dna\s)"}
# No participle, no adjective of a nation or a point of the compass: "Besieged Nikolaev", "Western Chernigov".
_NO_NAME_ENDS: Final = "(?!de|gni|nre|nai|hsi)"
# After a word in lower case, so that a headline in capitals makes no names, or at the start of a sentence.
_NAME: Final = r"[a-z]+[A-Z](?:\s[,;]?[a-z]+(?!\w)|[\"“'‘(]?(?:\s+[\"”]?[.!?:]|\s*$))"


# What may part an owner from what is owned, backwards: "Russia's Feb. 24 invasion", "Russia's bungled invasion"; but no
# word by which it has not come, or is another.
_DATE: Final = r"(?:\.?beF|yraurbeF|(?:ht)?42|2202|4102)"
_NO_DEED: Final = (
    "planned", "possible", "alleged", "potential", "threatened", "looming", "feared", "imminent", "expected",
    "anticipated", "impending", "rumoured", "rumored", "supposed", "hypothetical", "predicted", "likely", "next",
    "future", "any", "another", "Georgia", "Georgian", "Afghan", "Afghanistan", "Chechen", "Finnish", "Soviet", "post",
    "pre", "anti", "cultural", "Hungarian", "Czech", "Polish", "Syrian",
)  # fmt: skip
_DATED: Final = (
    ">detad<",
    rf"(?:{_DATE}(?:\s+,?{_DATE}){{0,2}}|(?!(?:{'|'.join(word[::-1] for word in _NO_DEED)})(?!\w))[\w-]*[^\W\d_])",
)


class PhraseCompiler:
    """Compiles lists of phrases to patterns.

    Attributes:
        tokens_after: Patterns of the tokens that may stand for what follows a term.
        tokens_before: Patterns, written backwards, of those that may stand for what precedes it.
    """

    def __init__(
        self,
        no_surnames: Collection[str] = (),
        no_names: Collection[str] = (),
        titles: Collection[str] = (),
        no_subject_after: Collection[str] = (),
    ) -> None:
        """Take what is no ``<surname>`` after a name, what is no given ``<name>`` before one, and the ``<titled>``.

        ``no_subject_after`` are words behind which a name is no subject.
        """
        words = "|".join(_loosely(phrase[::-1]) for phrase in no_subject_after)
        self._oblique = rf"(?i:(?!\s{{1,3}}(?:(?:eht|sti|rieht|sih)\s{{1,3}})?(?:{words})(?!\w)))" if words else ""
        self.tokens_after = {**_AFTER, "<surname>": rf"\s{_none_of(no_surnames)}{_SURNAME}"}
        backwards = [word[::-1] for word in no_names]
        titled = "|".join(_loosely(title[::-1]) for title in titles)
        self.tokens_before = {
            **_BEFORE,
            "<name>": rf"\s{_none_of(backwards)}{_NO_NAME_ENDS}{_NAME}",
            # A title and a given name: "President Aisen".
            "<titled>": rf"\s[a-z]+[A-Z]\s(?i:{titled})(?!\w)",
        }

    def before(self, phrases: Iterable[str]) -> re.Pattern[str]:
        """Return a pattern that matches, backwards, where one of ``phrases`` ends right before a term."""
        tokens, plain = _sorted_out(phrases, self.tokens_before)
        words = "|".join(_loosely(phrase[::-1]) for phrase in plain)
        return re.compile("|".join((*tokens, rf"(?i:{_LEAD_BEFORE}(?:{words})(?!\w))") if plain else tokens))

    def actor(self, phrases: Iterable[str]) -> re.Pattern[str]:
        """Return a pattern that finds, backwards, the nearest of ``phrases`` in the sentence that may be a subject.

        Its first group is the phrase. It is searched in a text of bounded length.
        """
        words = "|".join(_loosely(phrase[::-1]) for phrase in sorted(phrases, key=len, reverse=True))
        return re.compile(rf"{_SAME_SENTENCE}(?<![\w-])((?:s{_APOSTROPHE})?(?:{words}))(?![\w-]){self._oblique}")

    def after(self, phrases: Iterable[str]) -> re.Pattern[str]:
        """Return a pattern that matches where one of ``phrases`` begins right after a term."""
        options, plain = _sorted_out(phrases, self.tokens_after)
        for mark, lead in _LEADS.items():
            if words := [_loosely(phrase.removeprefix(mark)) for phrase in plain if _lead_of(phrase) == mark]:
                options.append(rf"{lead}(?i:{'|'.join(words)})(?!\w)")
        return re.compile("|".join(options))


def _sorted_out(phrases: Iterable[str], tokens: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the patterns of the tokens among the phrases, and the other phrases, without repeats."""
    unique = list(dict.fromkeys(phrases))
    return [tokens[phrase] for phrase in unique if phrase in tokens], [p for p in unique if p not in tokens]


def _lead_of(phrase: str) -> str:
    return next(mark for mark in _LEADS if phrase.startswith(mark))


def _none_of(words: Iterable[str]) -> str:
    return rf"(?!(?:{'|'.join(map(re.escape, words))})\b)" if words else ""


def _loosely(phrase: str) -> str:
    words = re.escape(phrase.replace("*", "\0"))
    return (
        words.replace("\0", r"\w*")
        .replace(r"\ ", r"[\s]+")
        .replace("'", _APOSTROPHE)
        .replace(r"\-", "[-‐‑–]")
        .replace(*_DATED)
    )
