"""Words that hold a term at arm's length, and such that only look like it."""

from __future__ import annotations

import pytest

from models.terminology import find_terms
from models.text import find_quotes


def distanced(text: str) -> list[bool]:
    return [term.distanced for term in find_terms(text, find_quotes(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Russia's (so-called) special military operation drags on.",
        "The conflict, which Peskov prefers to call a special military operation, drags on.",
        "Its preferred term, special military operation, is on every poster in Russia.",
        "The statelet that calls itself the Lugansk People's Republic prints stamps.",
        "A body styling itself the Lugansk People's Republic prints stamps.",
        "At home the war is called a special military operation in Russia.",
        "The war, branded a special military operation by Putin, drags on.",
        "Russia seized the town in what it calls a special military operation.",
        "What Lavrov said was a special military operation has lasted for years.",
        "In Kremlin-speak, the war is a special military operation.",
        "The special military operation [sic] in Ukraine drags on.",
        "The special military operation (sic) in Ukraine drags on.",
        "The quote-unquote special military operation in Ukraine drags on.",
        "Editors must write special military operation, in Kremlin-speak, of the war.",
        "The special military operation (the Kremlin's euphemism for the war) drags on.",
    ],
)
def test_another_s_word(text: str) -> None:
    assert distanced(text) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "In the sermon in which he called the invasion of Ukraine a sin, he wept.",
        "On the day on which she called the invasion of Ukraine a disaster, it rained.",
        "Putin prefers to call the special military operation off.",
        "The words special forces and the special military operation in Ukraine recur.",
    ],
)
def test_the_text_s_own_word(text: str) -> None:
    assert distanced(text) == [False]


@pytest.mark.parametrize(
    ("text", "distances"),
    [
        ("Recruits for the so-called DNR/LNR came from Donetsk.", [True, True]),
        ("The “special military operation” (or SMO) in Ukraine", [True, True]),
        ("The “special military operation,” or SMO, in Ukraine", [True, True]),
        ("The “Kiev regime” or Zelensky regime of their reports", [True, False]),
    ],
)
def test_what_stands_beside_it(text: str, distances: list[bool]) -> None:
    assert distanced(text) == distances


@pytest.mark.parametrize(
    ("text", "distances"),
    [
        ("The spelling Lvov is out of date.", [True]),
        ("Lviv (Lvov in Russian) has many cafes.", [False, True]),
        ("Bakhmut (Russian: Artyomovsk) lies in ruins.", [False, True]),
        ("Artyomovsk (the Russian name for Bakhmut) lies in ruins.", [True, False]),
        ("Dnipro, formerly Dnepropetrovsk, builds rockets.", [False, True]),
        ("Dnipro, formerly known as Dnepropetrovsk, builds rockets.", [False, True]),
        ("It is Odesa, not Odessa, she insists.", [False, True]),
        ("Artyomovsk (Bakhmut) lies in ruins.", [False, True]),
        ("He printed leaflets in Kharkov in Russian.", [False]),
        ("From Lvov, not Kiev, the train went on to Odessa.", [False, False, False]),
        ("Kyiv (Lvov is another matter) was calm.", [False, False]),
        ("A spokesman formerly in Kiev moved on.", [False]),
    ],
)
def test_a_name_that_is_told(text: str, distances: list[bool]) -> None:
    assert distanced(text) == distances


@pytest.mark.parametrize(
    "text", ["The envoy then called Kiev twice.", "He also called Kiev.", "She still called Odessa home."]
)
def test_whoever_calls_by_telephone_takes_no_distance(text: str) -> None:
    assert distanced(text) == [False]


def test_a_town_that_was_called_so_once_does() -> None:
    assert distanced("The town, then called Artyomovsk, had a salt mine.") == [True]
