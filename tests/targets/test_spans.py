"""Offsets are exact whatever stands around a mention, and the search is linear."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.targets import find_mentions

PARTS = [
    "Kyiv", "the Kremlin", "U.S.", "US", "us", "Lloyd Austin", "Austin said", "White  House", "White\nHouse",
    "’s", "'s", " ", "  ", "\u00a0",
    "\u200b", "\u0301", "😀", "İ", "ß", "ﬁ", "🇺🇦", "“", "(", "/TASS/", "(AP) - ",
    "https://x.y/", "The Washington Post", ".", "Łódź", "Zelen\u0301sky", "\ufeff", "Russian‑backed", "\r\n",
    "Sen. Smith", "in Moscow", "’s view", ", officials", "said Austin", "Russo-", "- TASS)", "\ud800",
]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join))
def test_spans_are_exact_in_order_and_apart(text: str) -> None:
    mentions = find_mentions(text)
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
    assert all(one.end <= two.start for one, two in pairwise(mentions))
    assert all(mention.text == mention.text.strip() for mention in mentions)


@given(st.text(max_size=100))
def test_any_text_is_searched(text: str) -> None:
    assert all(text[mention.start : mention.end] == mention.text for mention in find_mentions(text))


@pytest.mark.parametrize(
    "before", ["", "😀 ", "e\u0301 ", "İstanbul, ", "“", "two  spaces  \t ", "a\u00adb\u200b ", "\ufeff"]
)
def test_what_stands_before_does_not_move_the_span(before: str) -> None:
    text = f"{before}Kyiv’s answer reached the White House."
    assert [(mention.start, mention.text) for mention in find_mentions(text)] == [
        (len(before), "Kyiv"),
        (len(before) + len("Kyiv’s answer reached the "), "White House"),
    ]


@pytest.mark.parametrize(
    "name", ["White House", "White\u00a0House", "White  House", "White\nHouse", "White\r\nHouse", "WHITE HOUSE"]
)
def test_white_space_inside_a_name(name: str) -> None:
    assert [mention.text for mention in find_mentions(f"The {name} agreed.")] == [name]


@pytest.mark.parametrize("name", ["Ukrai\u0301ne", "Úkraine", "Ukra\u00adine"])
def test_marks_and_soft_hyphens_inside_a_name(name: str) -> None:
    assert [mention.text for mention in find_mentions(f"So {name} agreed.")] == [name]


@pytest.mark.parametrize("text", ["Kyivska", "xKyiv", "Kyiv2", "_Kyiv", "Kyivе", "Putinа", "éKyiv"])
def test_word_boundaries_are_those_of_unicode(text: str) -> None:
    assert find_mentions(text) == ()


def test_typography_changes_no_mention() -> None:
    plain = "Ukraine's army - says Kyiv - isn't tired. \"Russia's losses grow,\" Zelensky said."
    curly = "Ukraine’s army – says Kyiv – isn’t tired. “Russia’s losses\u00a0grow,” Zelensky said."
    assert [mention[:3] for mention in find_mentions(plain)] == [mention[:3] for mention in find_mentions(curly)]


def test_threads_agree() -> None:
    texts = [f"{'Kyiv and ' * count}Moscow" for count in range(50)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(find_mentions, texts)) == [find_mentions(text) for text in texts]


@pytest.mark.parametrize(
    "unit",
    [
        "Kyiv ",
        "a",
        "in Moscow ",
        "in Moscow, ",
        "Russo-",
        "Donetsk People's ",
        "U.S.",
        "The Washington Post ",
        "Austin ",
        "  ",
        "e\u0301",
        "(",
        "https://a",
        "Mark A. ",
        "Kiev-",
        "Sens. Graham and ",
        "South Korean President Lee ",
        "TELL US ",
        "- ",
    ],
)
def test_a_text_eight_times_as_long_takes_about_eight_times_as_long(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    find_mentions(text)
    assert _seconds(find_mentions, text * 8) < 40 * _seconds(find_mentions, text) + 0.5


def _seconds(search: Callable[[str], object], text: str) -> float:
    """CPU seconds: what else the machine does must not fail the test."""
    start = time.process_time()
    search(text)
    return time.process_time() - start
