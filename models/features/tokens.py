"""From a prepared paragraph to the tokens that every feature reads.

Features must see neither typography nor a house's spelling: a curly quote and a straight one, Kiev and Kyiv, a dash
and its cousins give the same token. The text itself stays as it is, so that every token knows where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final, NamedTuple

from models.labels import Target
from models.paragraph import Paragraph
from models.terminology import canonical_spelling, variants_map

NO_TARGET: Final = -1
"""Stands for "no mention" where a token's target is asked for; the targets are numbered in their order."""

_NUMBERS: Final = {target: number for number, target in enumerate(Target)}
_INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_INSIDE: Final = rf"\w\u0300-\u036f{_INVISIBLE}"
_APOSTROPHES: Final = "'’‘‛ʼ`´′"
_HYPHENS: Final = "-‐‑−"
_DASHES: Final = "‒–—―"
_QUOTES: Final = '"“”„‟″«»‹›'
_TOKEN: Final = re.compile(
    rf"[{_APOSTROPHES}][sS](?![^\W_])"  # the possessive after a mention
    rf"|[^\W_][{_INSIDE}]*+(?:[{_APOSTROPHES}{re.escape(_HYPHENS)}][^\W_][{_INSIDE}]*+)*+"
    rf"|\.{{2,}}|[^{_INSIDE}\s]"
)
_FOLD: Final = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_HYPHENS + _DASHES, "-")
    | dict.fromkeys(_QUOTES, '"')
    | dict.fromkeys(_INVISIBLE)
)
_SENTENCE_ENDS: Final = frozenset({".", "!", "?", "..."})
_ABBREVIATIONS: Final = frozenset(
    {"mr", "mrs", "ms", "dr", "st", "prof", "gen", "lt", "col", "maj", "adm", "sgt", "sen", "rep", "gov", "no", "vs"}
    | {"etc", "jan", "feb", "aug", "sept", "oct", "nov", "dec"}
)


class Token(NamedTuple):
    """A word, a mention of a target or a punctuation mark.

    Attributes:
        word: Its canonical form: lower case, plain typography, one spelling a name.
        target: Number of the target it mentions, or :data:`NO_TARGET`.
        quoted: Whether it stands inside quotation marks.
        sentence: Number of its sentence.
        start: First code point in the paragraph.
        end: One past its last code point.
    """

    word: str
    target: int
    quoted: bool
    sentence: int
    start: int
    end: int


def tokenize(paragraph: Paragraph) -> list[Token]:
    """Return the tokens of a paragraph in order; a mention is one token. Linear in the length of the text."""
    tokens: list[Token] = []
    sentence, last = 0, ""
    quotes = iter([*paragraph.quotes, (len(paragraph.text), len(paragraph.text))])
    quote_start, quote_end = next(quotes)
    for start, end, target, word in _pieces(paragraph):
        while start >= quote_end and quote_end < len(paragraph.text):
            quote_start, quote_end = next(quotes)
        tokens.append(Token(word, target, quote_start <= start < quote_end, sentence, start, end))
        if word in _SENTENCE_ENDS and not (word == "." and (last in _ABBREVIATIONS or len(last) == 1)):
            sentence += 1
        last = word
    return tokens


def _pieces(paragraph: Paragraph) -> list[tuple[int, int, int, str]]:
    text, at = paragraph.text, 0
    pieces: list[tuple[int, int, int, str]] = []
    for mention in paragraph.mentions:
        pieces += [(*m.span(), NO_TARGET, canonical_word(m[0])) for m in _TOKEN.finditer(text, at, mention.start)]
        at = mention.end
        pieces.append((mention.start, at, _NUMBERS[mention.target], canonical_name(mention.text)))
    pieces += [(*m.span(), NO_TARGET, canonical_word(m[0])) for m in _TOKEN.finditer(text, at)]
    return pieces


@lru_cache(maxsize=1 << 16)
def canonical_word(word: str) -> str:
    """Return the canonical form of a single token."""
    folded = _folded(word)
    return _single_words().get(folded, folded)


@lru_cache(maxsize=1 << 14)
def canonical_name(name: str) -> str:
    """Return the canonical form of a name of one or more words, such as that of a mention."""
    return _folded(canonical_spelling(_folded(name)))


def _folded(word: str) -> str:
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word)
    return " ".join(word.translate(_FOLD).lower().split())


@cache
def _single_words() -> dict[str, str]:
    """Variants a word at a time: "krivoy" becomes "kryvyi", whether or not "rog" follows."""
    words: dict[str, str] = {}
    # The shortest names last: what stands alone as a name means that name, whatever longer names it is part of.
    for variant, canonical in sorted(variants_map().items(), key=lambda pair: -len(pair[0].split())):
        old, new = variant.split(), canonical.lower().split()
        if len(old) == len(new):
            words.update(zip(old, new, strict=True))
    return words
