"""A text eight times as long takes about eight times as long: no pattern makes any of the functions quadratic."""

import time
from collections.abc import Callable

import pytest

from models.text import find_quotes, is_english, sentence_spans, skip_reason, split_paragraphs, word_spans

FUNCTIONS: list[Callable[[str], object]] = [
    split_paragraphs,
    find_quotes,
    sentence_spans,
    word_spans,
    skip_reason,
    is_english,
]
UNITS = [
    "a",
    "a ",
    " ",
    "\n",
    "a\n",
    ".",
    "... ",
    "U.S. ",
    '"',
    ' "a',
    "“",
    "”a ",
    "„“",
    ". “a",
    "' ",
    " 'a",
    "s' ",
    "‘s’ ",
    "e\u0301",
    "\u0301",
    "🇺🇦",
    "\n \n",
    '1"',
    "a-",
    "x@",
    "#",
    "<a",
    "<script",
    "{",
    "&a",
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_linear(function: Callable[[str], object], unit: str) -> None:
    text = unit * (5_000 // len(unit))
    function(text)
    assert _seconds(function, text * 8) < 40 * _seconds(function, text) + 0.5


@pytest.mark.parametrize(("function", "most"), [(skip_reason, 9_990), (is_english, 2_990)], ids=str)
@pytest.mark.parametrize("end", ["", " @", "@", ">", "}", ";"], ids=ascii)
@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_linear_in_what_is_looked_at(function: Callable[[str], object], most: int, unit: str, end: str) -> None:
    """These two pass over what is longer."""
    short, long = (
        min(_seconds(function, unit * (size // len(unit)) + end) for _ in range(3)) for size in (most // 10, most)
    )
    assert long < 40 * short + 0.004


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_megabyte_in_one_line(function: Callable[[str], object]) -> None:
    assert _seconds(function, "word " * 200_000) < 20
    assert _seconds(function, "w" * 1_000_000) < 20


def _seconds(function: Callable[[str], object], text: str) -> float:
    """CPU seconds: what else the machine does must not fail the test."""
    start = time.process_time()
    function(text)
    return time.process_time() - start


def _seconds_at_best(function: Callable[[str], object], text: str) -> float:
    return min(_seconds(function, text) for _ in range(3))
