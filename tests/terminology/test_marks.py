"""Marks that a reader passes over: rare apostrophes and quotes, invisible characters, loose accents, footnotes."""

from __future__ import annotations

import pytest

from models.spans import Span
from models.terminology import find_terms
from models.text import find_quotes


def found(text: str) -> list[str]:
    return [term.text for term in find_terms(text, find_quotes(text))]


@pytest.mark.parametrize("mark", ["'", "’", "‘", "´", "`", "ʼ", "′"])
def test_any_apostrophe_shows_whose_word_it_is(mark: str) -> None:
    assert found(f"Putin{mark}s invasion drove up the price of bread.") == [f"Putin{mark}s invasion"]
    assert found(f"Moscow{mark}s invasion drove up the price of bread.") == ["invasion"]
    assert found(f"The Ukraine{mark}s wheat was late.") == ["The Ukraine"]


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u200e", "\u202a", "\u2066", "\u034f"])
def test_invisible_characters_hide_nothing(mark: str) -> None:
    text = f"Mos{mark}cow's invasion emptied the streets of Khar{mark}kov."
    terms = find_terms(text)
    assert [term.text for term in terms] == ["invasion", f"Khar{mark}kov"]
    assert all(text[term.start : term.end] == term.text for term in terms)
    assert found(f"The Ukraine{mark} talks broke off.") == []
    assert find_terms(f"The so-{mark}called Lugansk People's Republic")[0].distanced


def test_quotes_hold_behind_invisible_characters() -> None:
    text = "\u200bIn \u200bthe “Kiev\u200b regime” and in Kiev"
    assert [term.distanced for term in find_terms(text, find_quotes(text))] == [True, False]
    assert find_terms("\u200bKiev\u200b", (Span(0, 6),))[0].distanced


def test_a_soft_hyphen_at_the_end_of_a_line_joins_a_word() -> None:
    assert found("Trams in Khar\u00ad\nkov stood still.") == ["Khar\u00ad\nkov"]


def test_accents_may_be_characters_of_their_own() -> None:
    assert found("The coup d'e\u0301tat in Kiev, Lavrov said") == ["coup d'e\u0301tat", "Kiev"]
    assert found("A plate of chicken a\u0300 la Kiev") == []


@pytest.mark.parametrize("figure", ["¹", "²³", "⁴", "①"])
def test_a_footnote_is_no_part_of_a_name(figure: str) -> None:
    assert found(f"Trains left Lvov{figure} on Sunday.") == ["Lvov"]
    assert found("Kiev2 and 3Kiev are passwords.") == []


@pytest.mark.parametrize("quoted", ["❝Kiev regime❞", "‚Kiev regime‘", "„Kiev regime“"])
def test_rare_quotation_marks(quoted: str) -> None:
    text = f"He wrote of the {quoted} and left Odessa."
    assert [term.distanced for term in find_terms(text, find_quotes(text))] == [True, False]


@pytest.mark.parametrize("gap", ["  ", "\r\n", "\r" * 5000 + "\n", " \u200b" * 2000 + " ", "\n", "\u00a0", " \u200b "])
def test_what_parts_words_says_nothing(gap: str) -> None:
    text = (
        "Russia's plan for its operation in Ukraine has not changed, and the aim remains to liberate Donbass. "
        "What Moscow calls the special military operation went on."
    )
    plain = [(term.entry, term.side, term.distanced) for term in find_terms(text, ())]
    spaced = text.replace(" ", gap)
    found = find_terms(spaced, ())
    assert [(term.entry, term.side, term.distanced) for term in found] == plain
    assert [spaced[term.start : term.end].split() for term in found] == [term.text.split() for term in found]
