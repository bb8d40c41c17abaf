"""Neither spelling nor typography may move the shipped model's stance labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from models import store
from models.heads import HeadProbabilities
from models.paragraph import Paragraph
from tests.core.classifiers import WordClassifier
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


class CurlyClassifier(WordClassifier):
    """Takes typography for praise: what the check is there to find."""

    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        found = super().predict_proba(X)
        for row, paragraph in enumerate(X):
            found.stance[row, 0] = [0.7, 0.1, 0.1, 0.1] if "“" in paragraph.text else [0.1, 0.7, 0.1, 0.1]
        return found


def test_a_classifier_that_reads_typography_is_found_out() -> None:
    found = changed_labels(CurlyClassifier(), ['"No," he said.', '"Yes," she said.', "Nobody spoke at all."])
    assert found["typographic quotation marks"] == {"paragraphs": 2, "labels_changed": 2, "share": round(2 / 6, 5)}
    assert found["straight quotation marks"] == {"paragraphs": 0, "labels_changed": 0, "share": 0.0}
    assert found["no-break spaces"]["labels_changed"] == 0


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
