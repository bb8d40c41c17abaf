"""Which Latin spellings are one name, romanized from Ukrainian and from Russian.

Ukrainian and Russian names of one place differ by regular correspondences (і answers to о in Львів and Львов, -ське to
-ское; г is h from the one and g from the other). They stand here in Cyrillic and are romanized by the rules of
:mod:`models.terminology.romanize`; two names are a pair if they can be cut into pieces that answer to one another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from models.terminology.romanize import bgn_ukrainian, national, newspaper_russian, newspaper_ukrainian

# Ukrainian, then Russian; ^ begins a word and $ ends it.
_PAIRS: Final = (
    "^ ^, $ $, а а, б б, в в, г г, ґ г, д д, е е, е э, е ё, є е, ж ж, з з, и и, и ы, і и, і о, і е, і ё, ї и, ї е, "
    "й й, к к, л л, м м, н н, о о, п п, р р, с с, т т, у у, ф ф, х х, ц ц, ч ч, ш ш, щ щ, ю ю, я я, йо ё, ці цы, "
    "ця ца, чо че, шо ше, жо же, с сс, жжя жье, лля лье, ння нье, ття тье, ддя дье, ччя чье, гір'я горье, ів ьев, "
    "лов лав, лод лад, лот лат, ов ол, ов ел, ям ем, м'я ме, ян ен, тян тин, олекс алекс, микол никол, "
    "володимир владимир, ^костян ^констан, ^о ^а, ^ву ^у, ^ві ^о, ^зі ^со, ^від ^от, ^хв ^ф, про$ пр$, ий$ ий$, "
    "ий$ ый$, ий$ ой$, а$ ая$, я$ яя$, е$ ое$, о$ ое$, е$ о$, є$ ее$, і$ ые$, і$ ие$, ець$ ец$"
)
_BEHIND: Final = {False: ("б", "b"), True: ("а", "a")}
"""What a piece stands behind, by whether that is a vowel: the romanization of е depends on it."""

_VOWELS: Final = frozenset("aeiouy^")
# Endings of names that newspapers write either way, whatever the language.
_NEITHER: Final = (("sky$", "ski$"), ("ly$", "li$"), ("ry$", "ri$"))

_JOINTS: Final = re.compile("[ -]")
_APOSTROPHES: Final = re.compile("['’ʼ]")
_DIGRAPHS: Final = re.compile("shch|sch|zh|kh|ch|sh|ts|h|m")
_CLASSES: Final = {"shch": "Q", "sch": "Q", "zh": "Z", "kh": "g", "h": "g", "ch": "C", "sh": "S", "ts": "c", "m": "n"}
_UNSTABLE: Final = re.compile("[aeiouyvj'’ʼ -]|l(?=[^aeiouy])|n(?=s)|(.)(?=\\1)")


class Pair(NamedTuple):
    """Two spellings of one name.

    Attributes:
        ukrainian: The spelling from Ukrainian.
        russian: The one from Russian.
        differences: How many of their pieces tell the languages apart, at least one.
    """

    ukrainian: str
    russian: str
    differences: int


class _Piece(NamedTuple):
    ukrainian: str
    russian: str
    telling: bool


def skeleton(name: str) -> str:
    """Return what both spellings of a name have in common, so that only names of one skeleton need be compared.

    Vowels, and consonants that come and go, are left out; those that answer to one another are written alike.
    """
    return _UNSTABLE.sub("", _DIGRAPHS.sub(lambda match: _CLASSES[match[0]], name.lower()))


def pair(one: str, other: str) -> Pair | None:
    """Return two spellings as a pair, or None if they are not one name, or do not show which is whose.

    >>> pair("Rovno", "Rivne")
    Pair(ukrainian='Rivne', russian='Rovno', differences=2)
    """
    there, back = differences(one, other), differences(other, one)
    if there > 0 > back:
        return Pair(one, other, there)
    return Pair(other, one, back) if back > 0 > there else None


def differences(ukrainian: str, russian: str) -> int:
    """Return how many pieces at least tell the languages apart in names read so, or -1 if they are not one name."""
    left, right = (_JOINTS.split(_APOSTROPHES.sub("", name.lower())) for name in (ukrainian, russian))
    if len(left) != len(right):
        return -1
    found = [_aligned(f"^{one}$", f"^{two}$") for one, two in zip(left, right, strict=True)]
    return -1 if min(found) < 0 else sum(found)


def _aligned(left: str, right: str) -> int:
    pieces = _pieces()

    @cache
    def rest(i: int, j: int) -> int:
        if i == len(left) or j == len(right):
            return 0 if i == len(left) and j == len(right) else -1
        found = []
        for piece in pieces[left[i], right[j - 1 : j] in _VOWELS]:
            if left.startswith(piece.ukrainian, i) and right.startswith(piece.russian, j):
                after = rest(i + len(piece.ukrainian), j + len(piece.russian))
                found += [after + piece.telling] if after >= 0 else []
        return min(found, default=-1)

    return rest(0, 0)


@cache
def _pieces() -> Mapping[tuple[str, bool], tuple[_Piece, ...]]:
    """Return the correspondences by the letter that begins the Ukrainian piece, and whether a vowel is before."""
    found: defaultdict[tuple[str, bool], dict[_Piece, None]] = defaultdict(dict)
    for (one, two), after_vowel in product(_NEITHER, _BEHIND):
        found[one[0], after_vowel][_Piece(one, two, telling=False)] = None
    for entry in _PAIRS.split(", "):
        native, native_russian = entry.split(" ")
        for after_vowel, behind in _BEHIND.items():
            if native.startswith("й") and not after_vowel:
                continue
            ours, theirs = (
                _romanized(native, _ukrainian, *behind),
                _romanized(native_russian, newspaper_russian, *behind),
            )
            for one, two in product(ours, theirs):
                # What Ukrainian is written like too, by another system, does not tell it from Russian.
                found[one[0], after_vowel][_Piece(one, two, two not in ours)] = None
    return defaultdict(tuple, {key: tuple(pieces) for key, pieces in found.items()})


def _romanized(piece: str, romanize: Callable[[str], Iterable[str]], behind: str, latin: str) -> frozenset[str]:
    forms = {form.removeprefix(latin) for form in romanize(behind + piece)}
    return frozenset(_APOSTROPHES.sub("", form) for form in forms)


def _ukrainian(name: str) -> tuple[str, ...]:
    return (national(name), *bgn_ukrainian(name), *newspaper_ukrainian(name))
