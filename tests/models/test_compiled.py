"""Scoring by numbers finds what the features' own definitions find."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features import Codes, extract, tokenize
from models.linear import LinearClassifier
from models.linear.compiled import Compiled
from models.linear.lookup import Lookup
from models.linear.rows import Spaces
from models.paragraph import Paragraph, prepare
from models.store import load
from tests.models.corpus import labelled

PIECES = (
    *"aZ é.!'’\"“”«»-—\u00ad\u0301\n👍\ud800",
    *(" Russia ", " Kiev ", "U.S. ", "“Putin’s", " Vladimir Putin", " White House ", " Black Sea Fleet", "Mr. "),
    *(" said", " we ", " accused ", "... ", " of lying. ", " special military operation ", " so-called ", " The "),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@pytest.fixture(scope="module")
def classifier() -> LinearClassifier:
    return LinearClassifier(min_rows=1, folds=3).fit(*labelled())


@pytest.fixture(scope="module", params=["linear", "svm"])
def shipped(request: pytest.FixtureRequest) -> LinearClassifier:
    found = load(request.param).classifier
    assert isinstance(found, LinearClassifier)
    return found


def defined(classifier: LinearClassifier, paragraphs: list[Paragraph]) -> np.ndarray:
    return classifier.weights_.scores(classifier.spaces_.transform([extract(one) for one in paragraphs]))


def names(spaces: Spaces, paragraph: Paragraph) -> dict[int, set[str]]:
    """Return the features that the lookup finds, by row."""
    every = [*spaces.words.columns_, *spaces.near.columns_, *spaces.shape.columns_]
    rows: dict[int, set[str]] = {row: set() for row in range(9)}
    for row, column in zip(*Lookup(spaces)([paragraph]), strict=True):
        rows[int(row)].add(every[column])
    return rows


@settings(deadline=None, max_examples=60)
@given(st.lists(TEXTS, max_size=6))
def test_codes_are_tokens(texts: list[str]) -> None:
    paragraphs = [prepare(text) for text in texts]
    told = [tokenize(paragraph) for paragraph in paragraphs]
    words = sorted({word for tokens in told for word in tokens.words})
    coded = Codes({word: number for number, word in enumerate(words, 1)})(paragraphs)
    for row, tokens in enumerate(told):
        at = np.flatnonzero((coded.rows == row) & (coded.words > 0))
        assert [words[number - 1] for number in coded.words[at]] == tokens.words
        assert coded.targets[at].tolist() == tokens.targets
        assert coded.quoted[at].tolist() == tokens.quoted
        assert coded.lengths[row] == len(tokens)
        if tokens:
            assert (coded.sentences[at] - coded.sentences[at[0]]).tolist() == tokens.sentences
            assert coded.closed[row] == tokens.sentences[-1]
        assert coded.counts[row].tolist() == [tokens.targets.count(target) for target in range(3)]
    # No sentence goes over from one paragraph to the next.
    known = coded.words > 0
    assert len({*zip(coded.rows[known], coded.sentences[known], strict=True)}) == len({*coded.sentences[known]})


@settings(deadline=None, max_examples=40)
@given(TEXTS, TEXTS)
def test_every_feature_is_found_and_no_other(text: str, other: str) -> None:
    paragraph = prepare(text)
    found = [extract(paragraph), extract(prepare(other))]
    spaces = Spaces.fit(found, 1)
    own, rows = found[0], names(spaces, paragraph)
    assert rows[0] == set(own.shape)
    assert rows[1] == {*own.common, *own.document}
    assert rows[2] == set(own.common)
    for target in range(3):
        assert rows[3 + target] == set(own.masked[target])
        assert rows[6 + target] == set(own.near[target])


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(TEXTS, max_size=5))
def test_scores_are_those_of_the_definitions(classifier: LinearClassifier, texts: list[str]) -> None:
    paragraphs = [prepare(text) for text in texts]
    compiled = Compiled(classifier.spaces_, classifier.weights_)
    found = compiled.scores(paragraphs)
    assert found.shape == (len(texts), 45)
    np.testing.assert_allclose(found, defined(classifier, paragraphs), atol=1e-4)
    for row, paragraph in enumerate(paragraphs):
        assert np.array_equal(compiled.scores([paragraph])[0], found[row])


def test_shipped_models_score_as_defined(shipped: LinearClassifier) -> None:
    paragraphs = [*labelled()[0], prepare("Moscow accused Kyiv. " * 3000), prepare("")]
    found = Compiled(shipped.spaces_, shipped.weights_).scores(paragraphs)
    np.testing.assert_allclose(found, defined(shipped, paragraphs), atol=1e-4)


def test_what_is_made_ready_is_neither_kept_in_a_pickle_nor_after_a_fit(classifier: LinearClassifier) -> None:
    paragraphs, gold = labelled()
    before = classifier.predict_proba(paragraphs)
    assert b"Compiled" not in pickle.dumps(classifier)
    again = pickle.loads(pickle.dumps(classifier))
    again.predict_proba(paragraphs)
    half = np.arange(0, len(gold), 2)
    again.fit([paragraphs[at] for at in half], gold.take(half))
    assert not np.allclose(again.predict_proba(paragraphs).stance, before.stance, atol=1e-3)


def test_a_classifier_that_is_not_fitted_goes_through_a_pickle() -> None:
    copy = pickle.loads(pickle.dumps(LinearClassifier(cost=0.7)))
    assert copy.cost == 0.7
    assert not hasattr(copy, "weights_")


def test_the_memory_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.features.codes._KNOWN", 50)
    codes = Codes({"word": 1})
    for start in range(0, 400, 20):
        coded = codes([prepare("word " + " ".join(f"new{number}" for number in range(start, start + 20)))])
        assert np.count_nonzero(coded.words) == 1
    assert len(codes._words) <= 50
