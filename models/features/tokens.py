"""From a prepared paragraph to the tokens that every feature reads.

Features must see neither typography nor a house's spelling: a curly quote and a straight one, Kiev and Kyiv, a dash
and its cousins give the same token. The text itself stays as it is, so that every token knows where it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from models.labels import Target
from models.paragraph import Paragraph
from models.spans import Span
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
TOKEN: Final = re.compile(
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
SENTENCE_ENDS: Final = frozenset({".", "!", "?", "..."})
ABBREVIATIONS: Final = frozenset(
    {"mr", "mrs", "ms", "dr", "st", "prof", "gen", "lt", "col", "maj", "adm", "sgt", "sen", "rep", "gov", "no", "vs"}
    | {"etc", "jan", "feb", "aug", "sept", "oct", "nov", "dec"}
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a paragraph in order, column by column: words, mentions of targets (one token each), punctuation.

    Attributes:
        words: Canonical forms: lower case, plain typography, one spelling a name.
        targets: Number of the target that each mentions, or :data:`NO_TARGET`.
        quoted: Whether each stands inside quotation marks.
        sentences: Number of each one's sentence.
    """

    words: list[str]
    targets: list[int]
    quoted: list[bool]
    sentences: list[int]

    def __len__(self) -> int:
        return len(self.words)

    def mentions(self, target: int) -> list[int]:
        """Return the positions of the mentions of a target (by number)."""
        return [at for at, number in enumerate(self.targets) if number == target]


def tokenize(paragraph: Paragraph) -> Tokens:
    """Return the tokens of a paragraph. Linear in the length of its text."""
    tokens = Tokens([], [], [], [])
    for piece in pieces(paragraph):
        if piece.target == NO_TARGET:
            words = [*map(canonical_word, TOKEN.findall(paragraph.text, piece.start, piece.end))]
        else:
            words = [canonical_name(paragraph.text[piece.start : piece.end])]
        tokens.words.extend(words)
        tokens.targets.extend([piece.target] * len(words))
        tokens.quoted.extend([piece.quoted] * len(words))
    tokens.sentences.extend(_sentences(tokens.words))
    return tokens


def token_spans(paragraph: Paragraph) -> list[Span]:
    """Return where in the text each token stands, in the order of :func:`tokenize`."""
    spans: list[Span] = []
    for piece in pieces(paragraph):
        if piece.target == NO_TARGET:
            spans += [Span(*match.span()) for match in TOKEN.finditer(paragraph.text, piece.start, piece.end)]
        else:
            spans.append(Span(piece.start, piece.end))
    return spans


class Piece(NamedTuple):
    """A mention, or a stretch of text between mentions and edges of quotes."""

    start: int
    end: int
    target: int
    quoted: bool


def pieces(paragraph: Paragraph) -> Iterator[Piece]:
    """Yield the mentions of a paragraph and the stretches between them, in order."""
    mentions = {mention.start: mention for mention in paragraph.mentions}
    edges = {0, len(paragraph.text)}.union(mentions, (mention.end for mention in paragraph.mentions))
    opening, closing = {quote.start for quote in paragraph.quotes}, {quote.end for quote in paragraph.quotes}
    covered, quoted = 0, False
    cuts = sorted(edges | opening | closing)
    for start, end in pairwise(cuts):
        quoted = start in opening or (quoted and start not in closing)
        mention = mentions.get(start)
        if mention is not None:
            covered = mention.end
            yield Piece(start, covered, _NUMBERS[mention.target], quoted)
        elif start >= covered:  # an edge of a quote may fall inside a mention
            yield Piece(start, end, NO_TARGET, quoted)


def _sentences(words: list[str]) -> Iterator[int]:
    sentence, last = 0, ""
    for word in words:
        yield sentence
        if word in SENTENCE_ENDS and not (word == "." and (last in ABBREVIATIONS or len(last) == 1)):
            sentence += 1
        last = word


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
