"""Neither spelling nor typography may move the shipped model's stance labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import store
from training.corpus import read_corpus
from training.robustness import (
    LIMITS,
    SPELLINGS,
    VARIATIONS,
    changed_labels,
    curl_quotes,
    harden_spaces,
    straighten_quotes,
    swap_spellings,
)

TEXTS = read_corpus(Path(__file__).parent / "paragraphs.jsonl").texts


def test_swapping_spellings_goes_both_ways_and_back() -> None:
    assert swap_spellings("From Kiev to Donbas, from Kyiv to Donbass.") == "From Kyiv to Donbass, from Kiev to Donbas."
    assert swap_spellings("Vladimir Zelensky met Zelenskyy.") == "Volodymyr Zelenskyy met Zelensky."
    assert all(swap_spellings(swap_spellings(text)) == text for text in TEXTS)


def test_quotes_are_curled_and_straightened() -> None:
    assert curl_quotes("\"It's over,\" he said ('for now').") == "“It’s over,” he said (‘for now’)."
    assert straighten_quotes("“It’s over,” he said.") == '"It\'s over," he said.'


def test_every_second_space_is_hardened() -> None:
    assert harden_spaces("one two three four") == "one two\u00a0three four"


def test_the_test_s_paragraphs_are_varied_enough_to_tell() -> None:
    swapped = [text for text in TEXTS if swap_spellings(text) != text]
    assert len(swapped) >= 25
    assert sum(curl_quotes(text) != text for text in TEXTS) >= 20
    assert sum(any(name in text for name in pair) for pair in SPELLINGS for text in swapped) >= 35


@pytest.mark.parametrize("name", store.shipped_models())
def test_stance_labels_hold_still(name: str) -> None:
    found = changed_labels(store.load(name).classifier, TEXTS)
    assert set(found) == set(VARIATIONS)
    for variation, figures in found.items():
        assert figures["share"] <= LIMITS[variation], variation
