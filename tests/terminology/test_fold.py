"""Folding keeps every offset, whatever the text holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.terminology.fold import Folded, fold, foldings


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("KIEV", "kiev"),
        ("Ivano\u2011Frankivsk", "ivano-frankivsk"),
        ("special\u00a0 military\r\n\toperation", "special military operation"),
        ("Slov\u2019yansk", "slov'yansk"),
        ("Ky\u00adiv", "kyiv"),
        ("Ky\u200biv \u200b now", "kyiv now"),
        ("sham “vote”", 'sham "vote"'),
        ("İstanbul", "İstanbul"),
    ],
)
def test_what_folds_together(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(alphabet="aKİß \u00a0\r\n\t\u200b\u00ad\u0301😀-’"))
def test_offsets_lead_back(text: str) -> None:
    folded = Folded(text)
    for at, char in enumerate(folded.text):
        if not char.isspace():
            assert Folded(text[folded.original_start(at)]).text == char
            assert folded.original_end(at + 1) == folded.original_start(at) + 1


@pytest.mark.parametrize(
    ("text", "start", "end", "whole"),
    [
        ("Kiev", 0, 4, True),
        ("Kievan", 0, 4, False),
        ("Kiev\u0301", 0, 4, False),
        ("e\u0301 Kiev", 3, 7, True),
        ("e\u0301Kiev", 2, 6, False),
        ("❤\ufe0fKiev", 2, 6, True),
        ("😀Kiev😀", 1, 5, True),
        ("_Kiev", 1, 5, False),
        ("7Kiev", 1, 5, False),
        ("pro-Kiev", 4, 8, True),
        ("Кiev", 1, 4, False),
    ],
)
def test_word_boundaries(text: str, start: int, end: int, whole: bool) -> None:
    assert Folded(text).is_word(start, end) is whole


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Khar-\nkov fell", ["khar-kov fell", "kharkov fell"]),
        ("full-\r\n  scale", ["full-scale", "fullscale"]),
        ("Khar\u00ad\nkov", ["kharkov", "kharkov"]),
        ("Kiev -\nLviv", ["kiev - lviv"]),
        ("two- and\nfour-lane", ["two- and four-lane"]),
    ],
)
def test_a_hyphen_that_ends_a_line_is_the_words_or_the_printers(text: str, folded: list[str]) -> None:
    assert [each.text for each in foldings(text)] == folded


def test_offsets_lead_back_over_a_line_end() -> None:
    text = "In Khar-\n kov, 2022"
    *_, joined = foldings(text)
    start = joined.text.index("kharkov")
    assert text[joined.original_start(start) : joined.original_end(start + 7)] == "Khar-\n kov"
