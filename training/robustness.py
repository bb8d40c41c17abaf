"""Whether labels hold still where they should: under another spelling of names, and other typography.

A house's spelling or its quotation marks say nothing about a stance. Each variation rewrites paragraphs without
changing what they say; counted are the stance labels that change in paragraphs that it changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from models.classifier import ParagraphClassifier
from models.heads import IntArray
from models.labels import Target
from models.paragraph import prepare
from training.evaluate import join, predict

SPELLINGS: Final = (
    ("Kiev", "Kyiv"),
    ("Donbass", "Donbas"),
    ("Kharkov", "Kharkiv"),
    ("Lugansk", "Luhansk"),
    ("Odessa", "Odesa"),
    ("Lvov", "Lviv"),
    ("Nikolaev", "Mykolaiv"),
    ("Zaporozhye", "Zaporizhzhia"),
    ("Dnepr", "Dnipro"),
    ("Chernobyl", "Chornobyl"),
    ("Chernigov", "Chernihiv"),
    ("Vladimir Zelensky", "Volodymyr Zelenskyy"),
    ("Zelensky", "Zelenskyy"),
)
"""Names after Russian and after Ukrainian; written out here so that the check does not trust the table it checks."""

_QUOTES: Final = {'"': ("“", "”"), "'": ("‘", "’")}
_STRAIGHT: Final = str.maketrans("“”„‘’", '"""\'\'')
_OPENS: Final = re.compile(r"(?:(?<=^)|(?<=[\s(\[—–-]))[\"']", re.MULTILINE)


def swap_spellings(text: str) -> str:
    """Return ``text`` with every listed spelling replaced by its counterpart, either way."""
    return _SPELLED.sub(lambda found: _COUNTERPARTS[found[0]], text)


def curl_quotes(text: str) -> str:
    """Return ``text`` with typographic quotation marks and apostrophes for straight ones."""
    opened = _OPENS.sub(lambda found: _QUOTES[found[0]][0], text)
    return opened.replace('"', _QUOTES['"'][1]).replace("'", _QUOTES["'"][1])


def straighten_quotes(text: str) -> str:
    """Return ``text`` with straight quotation marks and apostrophes."""
    return text.translate(_STRAIGHT)


def harden_spaces(text: str) -> str:
    """Return ``text`` with a no-break space for every second space."""
    words = text.split(" ")
    return "".join(word + ("\u00a0" if number % 2 else " ") for number, word in enumerate(words))[:-1]


def trail_blanks(text: str) -> str:
    """Return ``text`` with blanks and a line break at its end."""
    return f"{text} \t \n"


VARIATIONS: Final[Mapping[str, Callable[[str], str]]] = {
    "spelling of names": swap_spellings,
    "typographic quotation marks": curl_quotes,
    "straight quotation marks": straighten_quotes,
    "no-break spaces": harden_spaces,
    "trailing blanks": trail_blanks,
}
LIMITS: Final = {name: 0.02 if name == "spelling of names" else 0.01 for name in VARIATIONS}
"""Share of stance labels that a variation may change."""


def changed_labels(classifier: ParagraphClassifier, texts: Sequence[str]) -> dict[str, dict[str, float | int]]:
    """Return, for each variation, how many paragraphs it changes and what share of their stance labels changes."""
    before = _labels(classifier, texts)
    figures: dict[str, dict[str, float | int]] = {}
    for name, vary in VARIATIONS.items():
        varied = [vary(text) for text in texts]
        rows = [row for row, text in enumerate(texts) if varied[row] != text]
        after = _labels(classifier, [varied[row] for row in rows])
        changed = int((after != before[rows]).sum())
        share = changed / max(1, len(rows) * len(Target))
        figures[name] = {"paragraphs": len(rows), "labels_changed": changed, "share": round(share, 5)}
    return figures


def _labels(classifier: ParagraphClassifier, texts: Sequence[str]) -> IntArray:
    if not texts:
        return np.zeros((0, len(Target)), np.int64)
    found = join(list(predict(classifier, [prepare(text) for text in texts])))
    return np.asarray(found.stance.argmax(axis=-1), dtype=np.int64)


_COUNTERPARTS: Final = {one: other for pair in SPELLINGS for one, other in (pair, pair[::-1])}
# The longest first, so that a full name is swapped as one.
_SPELLED: Final = re.compile(rf"\b(?:{'|'.join(sorted(_COUNTERPARTS, key=len, reverse=True))})\b")
