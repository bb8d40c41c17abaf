"""Romanization of Ukrainian and Russian names, as newspapers write them.

Ukrainian: the national system (Cabinet of Ministers resolution 55 of 27 January 2010) and BGN/PCGN 1965 without its
apostrophes. Russian: BGN/PCGN 1947 without its apostrophes, and the looser habits of newspapers, which differ in a
handful of letters (Avdeyevka or Avdeevka, Artyomovsk or Artemovsk, Khmelnitsky or Khmelnitskiy).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from typing import Final, NamedTuple

_SHARED: Final = {
    "а": "a", "б": "b", "в": "v", "д": "d", "е": "e", "ж": "zh", "з": "z", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ь": "", "ъ": "", "'": "", "’": "", "ʼ": "",
}  # fmt: skip
_GLIDES: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_UKRAINIAN: Final = _SHARED | {"г": "h", "ґ": "g", "и": "y", "і": "i"}
_BGN_UKRAINIAN: Final = _UKRAINIAN | _GLIDES
_NATIONAL: Final = _UKRAINIAN | {"є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia"}
_RUSSIAN: Final = _SHARED | {"г": "g", "и": "i", "ы": "y", "э": "e", "ю": "yu", "я": "ya", "й": "y"}

_INITIAL_GLIDE: Final = re.compile(r"(?<![\w'’ʼ])[єїйюя]", re.IGNORECASE)
_RUSSIAN_YE: Final = re.compile(r"(?:\b|(?<=[аеёиоуыэюяйьъ]))е", re.IGNORECASE)
_ADJECTIVE_END: Final = re.compile(r"[иы]й\b", re.IGNORECASE)


class Habit(NamedTuple):
    """One consistent way to write Russian names in Latin letters."""

    ye: str = "ye"
    yo: str = "yo"
    adjective: str = "y"
    glide: str = "y"
    kh: str = "kh"
    shch: str = "shch"


_HABITS: Final = tuple(
    Habit(*choice)
    for choice in product(("ye", "e", "ie"), ("yo", "e"), ("y", "iy", "yy"), ("y", "i"), ("kh", "h"), ("shch", "sch"))
)


def national(name: str) -> str:
    """Return a Ukrainian name in the national romanization of 2010, as passports and road signs have it."""
    return _letters(_prepared(name), _NATIONAL)


def bgn_ukrainian(name: str) -> str:
    """Return a Ukrainian name in BGN/PCGN 1965 without apostrophes (Zaporizhzhya, Mykolayiv)."""
    return _letters(name, _BGN_UKRAINIAN)


def hybrids(name: str) -> tuple[str, ...]:
    """Return a Ukrainian name with г or и or both read the Russian way (Chernigiv, Mirhorod, Mirgorod)."""
    letters = ({"г": "g"}, {"и": "i"}, {"г": "g", "и": "i"})
    return tuple(_letters(_prepared(name), _NATIONAL | changed) for changed in letters)


def newspaper_russian(name: str) -> tuple[str, ...]:
    """Return the usual romanizations of a Russian name, the strictest first, without repeats.

    Letters that newspapers treat alike within a name change together, so a name gives a few forms, not hundreds.
    """
    return tuple(dict.fromkeys(_russian(name, habit) for habit in _HABITS))


def _prepared(name: str) -> str:
    """Write out what the national system spells by place: glides that begin a word, and зг."""
    name = name.replace("зг", "zgh").replace("Зг", "Zgh")
    return _INITIAL_GLIDE.sub(lambda match: _cased(_GLIDES[match[0].lower()], match[0]), name)


def _russian(name: str, habit: Habit) -> str:
    name = _ADJECTIVE_END.sub(habit.adjective, name)
    name = _RUSSIAN_YE.sub(lambda match: _cased(habit.ye, match[0]), name)
    return _letters(name, _RUSSIAN | {"ё": habit.yo, "й": habit.glide, "х": habit.kh, "щ": habit.shch})


def _letters(name: str, table: Mapping[str, str]) -> str:
    return "".join(_cased(table.get(char.lower(), char), char) for char in name)


def _cased(latin: str, like: str) -> str:
    return latin.capitalize() if like.isupper() else latin
