"""Features: what they see, what they must not see, and where they say a word stands."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features import NO_TARGET, FeatureSpace, Tokens, extract, place, token_spans, tokenize
from models.features.tokens import canonical_word
from models.labels import Target
from models.paragraph import prepare
from models.terminology import variants_map

TEXT = 'Moscow accused Kyiv of "lying", and the Kremlin\'s envoy left. Mr. Orban stayed; Ukraine did not.'


def words(text: str) -> list[str]:
    return tokenize(prepare(text)).words


def column(tokens: Tokens, name: str) -> dict[str, object]:
    return dict(zip(tokens.words, getattr(tokens, name), strict=True))


def test_a_mention_is_one_token_with_its_target() -> None:
    tokens = tokenize(prepare(TEXT))
    targets = column(tokens, "targets")
    assert targets["moscow"] == 0
    assert targets["kyiv"] == targets["ukraine"] == 1
    assert targets["envoy"] == NO_TARGET
    assert [len(tokens.mentions(target)) for target in range(len(Target))] == [2, 2, 0]


def test_tokens_know_quotes_and_sentences() -> None:
    tokens = tokenize(prepare(TEXT))
    quoted, sentences = column(tokens, "quoted"), column(tokens, "sentences")
    assert quoted["lying"]
    assert not quoted["accused"]
    assert not quoted["envoy"]
    assert sentences["accused"] == 0
    assert sentences["orban"] == sentences["stayed"] == 1


PIECES = [*"aZ é.!'’\"“”«»-—\u00ad\u0301\n👍\ud800", "Russia", "Kiev ", "U.S. ", "“Putin’s"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_tokens_stand_where_they_say(text: str) -> None:
    paragraph = prepare(text)
    tokens, spans = tokenize(paragraph), token_spans(paragraph)
    assert len(tokens) == len(spans) == len(tokens.quoted) == len(tokens.sentences)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    for word, target, (start, end) in zip(tokens.words, tokens.targets, spans, strict=True):
        assert target != NO_TARGET or word == canonical_word(text[start:end])
    for quote in paragraph.quotes:
        inside = [
            token for token, span in zip(tokens.quoted, spans, strict=True) if quote.start <= span.start < quote.end
        ]
        assert all(inside)


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
    found = extract(prepare("Moscow accused Kyiv bluntly."))
    assert "bluntly ." in found.common
    assert not any("moscow" in name for name in found.common)
    assert {"moscow accused", "accused kyiv", "kyiv bluntly"} <= set(found.document)
    russia, ukraine, us = found.masked
    assert {"<T> accused", "accused <ukraine>"} <= set(russia)
    assert {"<russia> accused", "accused <T>"} <= set(ukraine)
    assert {"<russia> accused", "accused <ukraine>"} <= set(us)
    assert {"+1:accused", "s:bluntly", "mentions:1"} <= set(found.near[0])
    assert {"-1:accused", "+1:bluntly"} <= set(found.near[1])
    assert found.near[2] == ["mentions:0"]


def test_every_pair_of_words_is_told_once() -> None:
    found = extract(prepare("Russia Ukraine US talks failed."))
    tokens = words("Russia Ukraine US talks failed.")
    told = found.common + found.document
    assert sorted(told) == sorted([*tokens, *(f"{one} {two}" for one, two in pairwise(tokens))])


def test_shape_tells_quotation_and_persons() -> None:
    found = extract(prepare("“We will win,” the minister said, and I believe it. Russia did not answer.")).shape
    assert {"quoted:we", "plain:i", "targets:100", "first:0", "said:1 quoted:1"} <= set(found)


def test_spelling_terms_are_no_features_but_loaded_terms_are() -> None:
    assert not any(name.startswith("term:") for name in extract(prepare("Snow fell on Kiev.")).document)
    loaded = extract(prepare("The special military operation goes on in the south.")).document
    assert any(name.startswith("term:") and "|russian|" in name for name in loaded)


@pytest.mark.parametrize("target", range(len(Target)))
def test_placed_features_are_the_extracted_ones(target: int) -> None:
    paragraph = prepare(TEXT)
    tokens, found = tokenize(paragraph), extract(paragraph)
    placed = place(paragraph, tokens, target)
    assert [name for name, _ in placed.document] == found.common + found.document
    assert [name for name, _ in placed.masked] == found.common + found.masked[target]
    assert [name for name, _ in placed.near] == found.near[target]
    assert placed.near[-1][1] == []
    assert all(name == " ".join(tokens.words[at] for at in positions) for name, positions in placed.document)


@pytest.mark.parametrize("text", ["", " ", "?!", "👍🏽", "\ud800", "\u0301", "’s", "Russia"])
def test_any_text_has_features(text: str) -> None:
    found = extract(prepare(text))
    assert len(found.masked) == len(found.near) == len(Target)


def test_a_space_ignores_rare_and_unseen_features_and_repetition() -> None:
    space = FeatureSpace(min_rows=2).fit([["war", "war", "peace"], ["war"]], always=["calm"])
    assert space.columns_ == {"calm": 0, "war": 1}
    assert list(space.find(["war", "war", "peace", "calm"])) == [1, 0]
    assert list(space.find(["calm"], known=space.find(["war"]))) == [1, 0]
    assert space.weights_[0] > space.weights_[1]
