"""Features: what they see, what they must not see, and where they say a word stands."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.features import NO_TARGET, FeatureSpace, extract, place, tokenize
from models.features.tokens import canonical_word
from models.labels import Target
from models.paragraph import prepare
from models.terminology import variants_map

TEXT = 'Moscow accused Kyiv of "lying", and the Kremlin\'s envoy left. Mr. Orban stayed; Ukraine did not.'


def words(text: str) -> list[str]:
    return [token.word for token in tokenize(prepare(text))]


def test_a_mention_is_one_token_with_its_target() -> None:
    mentions = [(token.word, token.target) for token in tokenize(prepare(TEXT)) if token.target != NO_TARGET]
    assert ("moscow", 0) in mentions
    assert ("kyiv", 1) in mentions
    assert len(mentions) == 4


def test_tokens_know_quotes_and_sentences() -> None:
    tokens = {token.word: token for token in tokenize(prepare(TEXT))}
    assert tokens["lying"].quoted
    assert not tokens["accused"].quoted
    assert tokens["accused"].sentence == 0
    assert tokens["orban"].sentence == tokens["stayed"].sentence == 1


@given(st.text(max_size=200))
def test_tokens_stand_where_they_say(text: str) -> None:
    tokens = tokenize(prepare(text))
    assert all(0 <= one.start < one.end <= len(text) for one in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))
    assert all(one.word and one.word == one.word.lower() for one in tokens if one.word.isascii())


@pytest.mark.parametrize(
    ("plain", "fancy"),
    [
        ('"No," he said.', "“No,” he said."),
        ("Russia's answer", "Russia’s answer"),
        ("a well-known liar", "a well‑known liar"),
        ("the army - or what was left", "the army — or what was left"),
        ("two words", "two\u00a0words"),
        ("the end", "  the end \t\n"),
        ("and so on...", "and so on…"),
        ("cooperate", "co\u00adoper\u200bate"),
        ("a café", "a cafe\u0301"),
    ],
)
def test_typography_changes_no_token(plain: str, fancy: str) -> None:
    assert words(plain) == words(fancy)


def test_every_one_word_variant_of_a_name_is_one_token_with_its_canonical_spelling() -> None:
    variants = {old: new for old, new in variants_map().items() if len(old.split()) == len(new.split()) == 1}
    assert len(variants) > 100
    assert {canonical_word(old) for old in variants} == {canonical_word(new) for new in variants.values()}
    assert all(canonical_word(old.title()) == canonical_word(new.upper()) for old, new in variants.items())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shells fell on Kiev", "shells fell on Kyiv"),
        ("the mines of Donbass", "the mines of Donbas"),
        ("Zelensky left Kharkov", "Zelenskyy left Kharkiv"),
        ("President Vladimir Zelensky", "President Volodymyr Zelenskyy"),
        ("trains to Krivoy Rog", "trains to Kryvyi Rih"),
        ("a plant in Zaporozhye", "a plant in Zaporizhzhia"),
    ],
)
def test_spelling_changes_no_token(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_features_tell_the_same_story_from_each_target_s_side() -> None:
    found = extract(prepare("Moscow accused Kyiv."))
    russia, ukraine, us = found.masked
    assert "<T> accused" in russia
    assert "accused <ukraine>" in russia
    assert "<russia> accused" in ukraine
    assert "accused <T>" in ukraine
    assert "+1:accused" in found.near[0]
    assert "-1:accused" in found.near[1]
    assert found.near[2] == ["mentions:0"]
    assert "<russia> accused" in us


def test_spelling_terms_are_no_features_but_loaded_terms_are() -> None:
    assert not any(name.startswith("term:") for name in extract(prepare("Snow fell on Kiev.")).document)
    loaded = extract(prepare("The special military operation goes on in the south.")).document
    assert any(name.startswith("term:") and "|russian|" in name for name in loaded)


@pytest.mark.parametrize("target", range(len(Target)))
def test_placed_features_are_the_extracted_ones(target: int) -> None:
    paragraph = prepare(TEXT)
    tokens, found = tokenize(paragraph), extract(paragraph)
    placed = place(tokens, target)
    assert [name for name, _ in placed.masked] == found.masked[target]
    assert {name for name, _ in placed.near} <= set(found.near[target])
    for name, positions in placed.document:
        assert name == " ".join(tokens[at].word for at in positions)


def test_a_row_of_a_space_is_the_same_whatever_its_neighbours() -> None:
    rows = [f"{a} {b} {a}{b}".split() for a in "abcdefg" for b in "uvwxyz"]
    space = FeatureSpace(min_rows=1).fit(rows)
    together = space.transform(rows)
    for number, row in enumerate(rows):
        alone = space.transform([row])
        np.testing.assert_array_equal(alone.toarray(), together[number].toarray())
    np.testing.assert_allclose(together.multiply(together).sum(axis=1), 1.0, rtol=1e-5)


def test_a_space_ignores_rare_and_unseen_features_and_repetition() -> None:
    space = FeatureSpace(min_rows=2).fit([["war", "war", "peace"], ["war"]])
    assert list(space.columns_) == ["war"]
    assert space.transform([["war", "war", "calm"], []]).toarray().tolist() == [[1.0], [0.0]]
