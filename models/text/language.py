"""Which paragraphs cannot be scored: too short, too long, or not in English.

English is told by its words first: the share of a paragraph's lower-case words that stand in a list of the words of
English news. Names are capitalized and so do not count, which keeps headlines full of Slavic names English.
What that leaves open goes to the py3langid classifier (Lui & Baldwin 2012, "langid.py: An off-the-shelf language
identification tool"), which works offline.
"""

from __future__ import annotations

import re
import threading
from functools import cache
from importlib.resources import files
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from models.labels import SkipReason
from models.text.wordlists import WORDS

MIN_WORDS: Final = 3
"""A paragraph with fewer words (of two letters or more) is too short."""

MIN_LETTERS: Final = 12
"""A paragraph with fewer letters, links and markup left out, is too short."""

MAX_LENGTH: Final = 10_000
"""A paragraph with more code points is too long."""

_LOOKED_AT: Final = 3_000
"""Code points of a paragraph that the language is told from."""

_SHOWN_TO_CLASSIFIER: Final = 600

_ENGLISH_SHARE: Final = 0.45
_FOREIGN_SHARE: Final = 0.2
_ENOUGH_WORDS: Final = 6
"""From this many counted words on, their share alone decides outside the doubtful middle."""

_HEADLINE: Final = 20
"""Up to so many words a few cognates and names may pass for English, and single foreign words are looked for."""

_ENOUGH_SMALL: Final = 4
"""With fewer words in small letters a text may be in title case."""

_INFLECTED: Final = 4
"""From this many letters on, a word may take an s."""

_SURE: Final = 0.5
"""Text with an English word in it, or of names alone, is foreign only where the classifier is this sure."""

_NEUTRAL: Final = WORDS["neutral"]
"""Words as common in another language as in English: they count for neither."""

_FOREIGN: Final = WORDS["foreign"]
_FOREIGN_NAMES: Final = WORDS["foreign_names"]

_LINK: Final = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)\S[^\s@]*+@\S+|[@#]\w+")
_MARKUP: Final = re.compile(
    r"<(?:script|style)\b[^<]*+|</?[a-z!][^<>]*+>|&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});|\{[^{}]*+\}", re.IGNORECASE
)
"""Tags, with the content of scripts and style sheets; character references; blocks in braces, as code has them."""

_LETTERS: Final = re.compile(r"[^\W\d_]+")

_lock = threading.Lock()


def skip_reason(text: str) -> SkipReason | None:
    """Return why a paragraph cannot be scored, or None.

    A paragraph of more than :data:`MAX_LENGTH` code points is too long, unless it is blank; one of fewer than
    :data:`MIN_WORDS` words or :data:`MIN_LETTERS` letters is too short. Links and what is left of a page's markup have
    neither.
    """
    if len(text) > MAX_LENGTH:
        return SkipReason.TOO_SHORT if text.isspace() else SkipReason.TOO_LONG
    text = _prose(text)
    found = _LETTERS.findall(text)
    words = [word for word in found if len(word) > 1]
    if len(words) < MIN_WORDS and not _is_unspaced(found):
        return SkipReason.TOO_SHORT
    if sum(map(len, found)) < MIN_LETTERS:
        return SkipReason.TOO_SHORT
    return None if _are_english(words, text) else SkipReason.NOT_ENGLISH


def is_english(text: str) -> bool:
    """Tell whether ``text`` is mostly English; short English headlines full of foreign names are."""
    text = _prose(text[:_LOOKED_AT])
    return _are_english([word for word in _LETTERS.findall(text) if len(word) > 1], text)


def _prose(text: str) -> str:
    """Return ``text`` without links, handles and markup, which are in no language."""
    # Most paragraphs have none of these, and looking for a mark is far cheaper than for a pattern.
    if any(mark in text for mark in "<&{"):
        text = _MARKUP.sub(" ", text)
    if any(mark in text for mark in ("://", "www.", "@", "#")):
        text = _LINK.sub(" ", text)
    return text


def _is_unspaced(words: list[str]) -> bool:
    """Tell whether the words are of a script that leaves no spaces, so that counting them says nothing."""
    return any(len(word) >= MIN_LETTERS // 2 and word[0] >= "\u0e00" for word in words)


def _are_english(words: list[str], text: str) -> bool:
    words = words[: _LOOKED_AT // 5]
    if not _is_latin(words):
        return False
    small = [word for word in words if word.islower() and word not in _NEUTRAL]
    known = english_words()
    if len(words) <= _HEADLINE and _is_plainly_foreign(words, small, known):
        return False
    counted = small
    if len(small) < 2 and not (small and small[0] in known):
        # A headline in title case or capitals, or almost all names: all its words count.
        counted = [word for word in map(str.lower, words) if word not in _NEUTRAL]
    hits = len([word for word in counted if word in known])  # a list is faster than a sum of what is generated
    share = hits / len(counted) if counted else 0.0
    if share >= _ENGLISH_SHARE and (hits > 1 or share == 1):  # one word of two may be a foreign cognate
        return True
    if len(small) >= _ENOUGH_WORDS and share <= _FOREIGN_SHARE:
        return False
    names_only = not small and not text.isupper()
    return _classified_english(text, benefit_of_doubt=hits > 0 or names_only)


def _is_plainly_foreign(words: list[str], small: list[str], known: frozenset[str]) -> bool:
    """Tell whether words that English does not have outweigh those that it has; the table says when they do."""
    foreign = len([word for word in words if word in _FOREIGN])
    names = len([word for word in words if word.lower() in _FOREIGN_NAMES])
    if not foreign and not names:
        return False
    english = len([word for word in small if word in known])
    if len(small) < _ENOUGH_SMALL:
        # In title case or capitals nearly all words of English are large.
        lowered = [word for word in map(str.lower, words) if word not in _NEUTRAL]
        english = max(english, len([word for word in lowered if word in known]))
    return (foreign > 0 and foreign >= 2 * english) or (names > 0 and names >= english)


def _is_latin(words: list[str]) -> bool:
    text = "".join(words)
    return text.isascii() or sum(char < "\u0250" for char in text) >= 0.6 * len(text)


def _classified_english(text: str, *, benefit_of_doubt: bool) -> bool:
    language, confidence = _classifier().classify(text[:_SHOWN_TO_CLASSIFIER])
    return language == "en" or (benefit_of_doubt and confidence < _SURE)


@cache
def english_words() -> frozenset[str]:
    """Return the lower-case words of English news, with an s after each of the longer ones too."""
    lines = files(__package__).joinpath("english_words.txt").read_text("utf-8").splitlines()
    words = [line for line in lines if line and not line.startswith("#")]
    # Headlines are in the present tense: "scolds" and "retakes", of which articles have only the stems.
    return frozenset(words).union(WORDS["headline_verbs"], (word + "s" for word in words if len(word) >= _INFLECTED))


def _classifier() -> LanguageIdentifier:
    with _lock:
        return _load_classifier()


@cache
def _load_classifier() -> LanguageIdentifier:
    # Reading the model takes a second, and most paragraphs never need it.
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
