"""Romanization of Ukrainian and Russian names, as newspapers write them.

Ukrainian: the national system (Cabinet of Ministers resolution 55 of 27 January 2010) and BGN/PCGN 1965 without its
apostrophes. Russian: BGN/PCGN 1947 without its apostrophes, and the looser habits of newspapers, which differ in a
handful of letters (Avdeyevka or Avdeevka, Artyomovsk or Artemovsk, Khmelnitsky or Khmelnitskiy).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from typing import Final

_SHARED: Final = {
    "а": "a", "б": "b", "в": "v", "д": "d", "е": "e", "ж": "zh", "з": "z", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ь": "", "ъ": "", "'": "", "’": "", "ʼ": "",
}  # fmt: skip
_GLIDES: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_APOSTROPHES: Final = dict.fromkeys("'’ʼ", "'")
_UKRAINIAN: Final = _SHARED | {"г": "h", "ґ": "g", "и": "y", "і": "i"}
_NATIONAL: Final = _UKRAINIAN | {"є": "ie", "ї": "i", "й": "i", "ю": "iu", "я": "ia"}
_RUSSIAN: Final = _SHARED | {"г": "g", "и": "i", "ы": "y", "э": "e", "ю": "yu", "я": "ya", "й": "y"}

_INITIAL_GLIDE: Final = re.compile(r"(?<![\w'’ʼ])[єїйюя]", re.IGNORECASE)
_RUSSIAN_YE: Final = re.compile(r"(?:\b|(?<=[аеёиоуыэюяйьъ]))е", re.IGNORECASE)
_ADJECTIVE_END: Final = re.compile(r"[иы]й\b", re.IGNORECASE)

# Where newspapers differ on a letter, what they write, the strictest first.
_HABITS: Final = {"ё": ("yo", "e"), "й": ("y", "i"), "х": ("kh", "h"), "щ": ("shch", "sch")}
_YE_HABITS: Final = ("ye", "e", "ie")
_ADJECTIVE_HABITS: Final = ("y", "iy", "yy")


def national(name: str) -> str:
    """Return a Ukrainian name in the national romanization of 2010, as passports and road signs have it."""
    return _letters(_prepared(name), _NATIONAL)


def bgn_ukrainian(name: str) -> tuple[str, ...]:
    """Return a Ukrainian name in BGN/PCGN 1965, with none, some or all of its apostrophes (Slovyansk, Slov'yans'k)."""
    table = _UKRAINIAN | _GLIDES
    return _letters(name, table), _letters(name, table | _APOSTROPHES), _marked(name, table)


def marked_national(name: str) -> tuple[str, ...]:
    """Return a Ukrainian name in the national system, with the marks it drops (Kup'iansk, Khmel'nyts'kyi)."""
    prepared = _prepared(name)
    return _letters(prepared, _NATIONAL | _APOSTROPHES), _marked(prepared, _NATIONAL)


def newspaper_ukrainian(name: str) -> tuple[str, ...]:
    """Return the looser romanizations of a Ukrainian adjective, none of another name (Khmelnytsky, Khmelnytskiy)."""
    if not _ADJECTIVE_END.search(name):
        return ()
    shortened = (_respell(_ADJECTIVE_END, ending, name) for ending in ("y", "iy"))
    return tuple(dict.fromkeys(form for short in shortened for form in (national(short), *bgn_ukrainian(short)[:1])))


def hybrids(name: str) -> tuple[str, ...]:
    """Return a Ukrainian name with г or и or both read the Russian way (Chernigiv, Mirhorod, Mirgorod)."""
    letters = ({"г": "g"}, {"и": "i"}, {"г": "g", "и": "i"})
    return tuple(_letters(_prepared(name), _NATIONAL | changed) for changed in letters)


def newspaper_russian(name: str) -> tuple[str, ...]:
    """Return the usual romanizations of a Russian name, the strictest first, without repeats.

    A letter is written the same way throughout a name, so a name gives a few forms, not hundreds.
    """
    lowered = name.lower()
    adjectives = _ADJECTIVE_HABITS if _ADJECTIVE_END.search(name) else _ADJECTIVE_HABITS[:1]
    yes = _YE_HABITS if _RUSSIAN_YE.search(name) else _YE_HABITS[:1]
    letters = [options if letter in lowered else options[:1] for letter, options in _HABITS.items()]
    forms = []
    for ye, adjective, *habits in product(yes, adjectives, *letters):
        changed = _respell(_RUSSIAN_YE, ye, _ADJECTIVE_END.sub(adjective, name))
        forms.append(_letters(changed, _RUSSIAN | dict(zip(_HABITS, habits, strict=True))))
    strict = _respell(_RUSSIAN_YE, yes[0], _ADJECTIVE_END.sub(adjectives[0], name))
    return tuple(dict.fromkeys((*forms, _marked(strict, _RUSSIAN | {"ё": "yo"}))))


def _prepared(name: str) -> str:
    """Write out what the national system spells by place: glides that begin a word, and зг."""
    name = name.replace("зг", "zgh").replace("Зг", "Zgh")
    return _INITIAL_GLIDE.sub(lambda match: _cased(_GLIDES[match[0].lower()], match[0]), name)


def _respell(pattern: re.Pattern[str], latin: str, name: str) -> str:
    return pattern.sub(lambda match: _cased(latin, match[0]), name)


def _marked(name: str, table: Mapping[str, str]) -> str:
    # An apostrophe that ends a name can't be told from a closing quotation mark.
    return _letters(name, {**table, **_APOSTROPHES, "ь": "'"}).rstrip("'")


def _letters(name: str, table: Mapping[str, str]) -> str:
    return "".join(_cased(table.get(char.lower(), char), char) for char in name)


def _cased(latin: str, like: str) -> str:
    return latin.capitalize() if like.isupper() else latin
