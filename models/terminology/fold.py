"""Folding of case, spaces, hyphens, apostrophes and quotation marks that never loses an offset.

Matching must not care whether a writer typed "Ivano-Frankivsk" with a non-breaking hyphen or "special military
operation" over a line break, and every span must still point into the text as it came. ``str.lower`` alone won't
do: it lengthens a Turkish dotted capital İ. Here every character folds to exactly one; only runs of white space and
invisible characters are squeezed, and then a map leads back.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

_SPACES: Final = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_HYPHENS: Final = "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
_QUOTES: Final = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u275d\u275e"
_APOSTROPHES: Final = "`\u00b4\u02b9\u02bc\u02c8\u2018\u2019\u201b\u2032\uff07"
# Lone surrogates, which the automaton, wanting UTF-8, would refuse.
_SURROGATES: Final = dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd")
# Marks of direction among them.
_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)

_TABLE: Final = str.maketrans(
    _SURROGATES
    | {
        char: plain
        for chars, plain in ((_SPACES, " "), (_HYPHENS, "-"), (_APOSTROPHES, "'"), (_QUOTES, '"'))
        for char in chars
    }
)
_FOLDABLE: Final = re.compile(f"[{re.escape(''.join(map(chr, _TABLE)))}]")
# A hyphen at the end of a line, which may be the word's own or the printer's.
_LINE_END: Final = re.compile(r"[-\u2010\u2011\u00ad](?<=\w.)[ \t]*\r?\n[ \t]*(?=\w)")
# A soft hyphen at the end of a line is left: it tells that the word goes on.
_HIDDEN: Final = re.compile(f"[{_INVISIBLE[1:]}]|\u00ad(?![ \\t]*\\r?\\n)")
_MORE_BLANKS: Final = re.compile(r"(?<= ) +|(?<!\r)\r++(?=\n)")
_ANY_INVISIBLE: Final = re.compile(f"[{_INVISIBLE}]")
_UNEVEN: Final = re.compile(f"[ {_INVISIBLE}]{{2,}}|[{_INVISIBLE}]")
# Figures that are alphanumeric to Python, but part of no word.
_FOOTNOTES: Final = frozenset(
    "\u00b2\u00b3\u00b9\u2070\u2460" + "".join(map(chr, (*range(0x2074, 0x207A), *range(0x2461, 0x2474))))
)
# Marks that belong to an emoji, not to a word: variation selectors and the enclosing keycap.
_EMOJI_MARKS: Final = frozenset(map(chr, range(0xFE00, 0xFE10))) | {"\u20e3"}


def hidden(text: str) -> frozenset[int]:
    """Return where ``text`` has what parts its words for a machine alone: invisible characters, blanks after others."""
    places: set[int] = set()
    # Most texts hold none of either. Beyond ASCII alone is anything invisible.
    if not text.isascii() and _ANY_INVISIBLE.search(text):
        places.update(match.start() for match in _HIDDEN.finditer(text))
    if "  " in text or "\r\n" in text:
        places.update(place for match in _MORE_BLANKS.finditer(text) for place in range(*match.span()))
    return frozenset(places)


class Folded:
    """A text folded for matching.

    Attributes:
        text: Lower-cased, with plain hyphens, apostrophes, quotation marks and single spaces, without invisible
            characters.
    """

    __slots__ = ("_ends", "_shifts", "text")

    def __init__(self, original: str) -> None:
        folded = _plain(_lower(original))
        self._ends: list[int] = []
        self._shifts: list[int] = []
        # All that is invisible lies beyond ASCII, and most texts don't.
        uneven = "  " in folded or (not folded.isascii() and _ANY_INVISIBLE.search(folded))
        self.text = self._squeeze(folded) if uneven else folded

    def _squeeze(self, folded: str) -> str:
        kept, last, dropped = [], 0, 0
        for gap in _UNEVEN.finditer(folded):
            space = " " if " " in gap[0] else ""
            kept.append(folded[last : gap.start()] + space)
            last = gap.end()
            self._ends.append(gap.start() + len(space) - dropped)
            dropped += len(gap[0]) - len(space)
            self._shifts.append(dropped)
        kept.append(folded[last:])
        return "".join(kept)

    def original_start(self, start: int) -> int:
        """Return where in the original the character at ``start`` of :attr:`text` stands."""
        at = bisect_right(self._ends, start)
        return start + self._shifts[at - 1] if at else start

    def original_end(self, end: int) -> int:
        """Return one past where in the original the character before ``end`` of :attr:`text` stands."""
        return self.original_start(end - 1) + 1

    def is_word(self, start: int, end: int) -> bool:
        """Tell whether ``text[start:end]`` begins and ends at word boundaries."""
        return not (_ends_in_word(self.text, start) or _goes_on(self.text, end))


def foldings(text: str) -> Iterator[Folded]:
    """Give ``text`` folded, with the lines of a word that a hyphen cuts joined; then once more without such hyphens."""
    if "\n" not in text or not _LINE_END.search(text):
        yield Folded(text)
        return
    yield Folded(_LINE_END.sub(lambda cut: cut[0][0].ljust(len(cut[0]), _INVISIBLE[-1]), text))
    yield Folded(_LINE_END.sub(lambda cut: _INVISIBLE[-1] * len(cut[0]), text))


def fold(text: str) -> str:
    """Return ``text`` as patterns of the automaton are written."""
    return Folded(text).text.strip()


def _plain(text: str) -> str:
    # Beyond ASCII, str.translate looks up every character.
    return text.translate(_TABLE) if text.isascii() else _FOLDABLE.sub(lambda match: _TABLE[ord(match[0])], text)


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _ends_in_word(text: str, start: int) -> bool:
    at = start - 1
    while at >= 0 and _is_mark(text[at]):
        at -= 1
    return at >= 0 and (text[at].isalnum() or text[at] == "_") and text[at] not in _FOOTNOTES


def _goes_on(text: str, end: int) -> bool:
    char = text[end : end + 1]
    return (char.isalnum() and char not in _FOOTNOTES) or char == "_" or (char > "\u02ff" and _is_mark(char))


def _is_mark(char: str) -> bool:
    return char > "\u02ff" and char not in _EMOJI_MARKS and unicodedata.category(char)[0] == "M"
