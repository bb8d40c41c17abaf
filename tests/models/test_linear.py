"""The linear classifier, fitted to a few dozen paragraphs."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

from models import store
from models.features import extract
from models.heads import HeadProbabilities
from models.labels import HEADS, Stance, Target
from models.linear import LinearClassifier
from models.linear.fitting import certain
from models.linear.layout import N_COLUMNS, OTHER_HEADS, STANCE_COLUMNS
from models.paragraph import Paragraph, prepare
from tests.models.corpus import labelled

HEAD_NAMES = ("stance", "voice", "side", "frames", "narratives")


@pytest.fixture(scope="module")
def paragraphs() -> list[Paragraph]:
    return labelled()[0]


@pytest.fixture(scope="module")
def classifier(paragraphs: list[Paragraph]) -> LinearClassifier:
    return LinearClassifier(min_rows=1, folds=3, stance_cost=1.0).fit(paragraphs, labelled()[1])


def same(one: HeadProbabilities, other: HeadProbabilities) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in HEAD_NAMES)


def test_columns_of_the_heads_fill_the_matrix() -> None:
    ends = [STANCE_COLUMNS.stop, *(head.columns.stop for head in OTHER_HEADS)]
    starts = [head.columns.start for head in OTHER_HEADS]
    assert starts == ends[:-1]
    assert ends[-1] == N_COLUMNS == sum(len(labels) for labels in HEADS.values())


def test_it_learns_what_it_was_shown(classifier: LinearClassifier, paragraphs: list[Paragraph]) -> None:
    found, gold = classifier.predict_proba(paragraphs), labelled()[1]
    assert (found.stance.argmax(axis=-1) == gold.stance).mean() > 0.75
    assert (found.voice.argmax(axis=-1) == gold.voice).mean() > np.bincount(gold.voice).max() / len(gold)


def test_probabilities_have_their_shapes_and_sums(classifier: LinearClassifier, paragraphs: list[Paragraph]) -> None:
    found = classifier.predict_proba(paragraphs[:5])
    assert [getattr(found, name).shape for name in HEAD_NAMES] == [(5, 3, 4), (5, 4), (5, 4), (5, 14), (5, 11)]
    for name in ("stance", "voice", "side"):
        np.testing.assert_allclose(getattr(found, name).sum(axis=-1), 1.0, atol=1e-9)
    for name in HEAD_NAMES:
        assert (getattr(found, name) >= 0).all()
        assert (getattr(found, name) <= 1).all()


def test_no_paragraph_is_no_problem(classifier: LinearClassifier) -> None:
    assert len(classifier.predict_proba([])) == 0


@pytest.mark.parametrize("text", ["", " ", "?!", "👍🏽" * 40, "\ud800 Moscow", "x" * 5000])
def test_any_text_gets_finite_probabilities(classifier: LinearClassifier, text: str) -> None:
    found = classifier.predict_proba([prepare(text)])
    assert all(np.isfinite(getattr(found, name)).all() for name in HEAD_NAMES)


def test_a_result_depends_on_its_paragraph_alone_to_the_last_bit(
    classifier: LinearClassifier, paragraphs: list[Paragraph]
) -> None:
    together = classifier.predict_proba(paragraphs)
    order = np.random.default_rng(0).permutation(len(paragraphs))
    shuffled = classifier.predict_proba([paragraphs[at] for at in order])
    for name in HEAD_NAMES:
        assert np.array_equal(getattr(together, name)[order], getattr(shuffled, name))
    for at, paragraph in enumerate(paragraphs):
        alone = classifier.predict_proba([paragraph])
        assert all(np.array_equal(getattr(alone, name)[0], getattr(together, name)[at]) for name in HEAD_NAMES)


def test_the_same_seed_gives_the_same_classifier(classifier: LinearClassifier, paragraphs: list[Paragraph]) -> None:
    again = clone(classifier).fit(paragraphs, labelled()[1])
    assert same(again.predict_proba(paragraphs), classifier.predict_proba(paragraphs))


def test_parameters_are_scikit_learn_s() -> None:
    copy = clone(LinearClassifier(cost=0.7, seed=3))
    assert copy.get_params()["cost"] == 0.7
    assert copy.set_params(seed=4).seed == 4
    assert "cost=0.7" in repr(copy)


def test_a_pickle_scores_alike_and_leaves_the_training_rows_behind(
    classifier: LinearClassifier, paragraphs: list[Paragraph]
) -> None:
    copy = pickle.loads(pickle.dumps(classifier))
    again = pickle.loads(pickle.dumps(copy))
    assert not hasattr(copy, "held_out_")
    assert same(copy.predict_proba(paragraphs), again.predict_proba(paragraphs))
    np.testing.assert_allclose(
        copy.predict_proba(paragraphs).stance, classifier.predict_proba(paragraphs).stance, atol=5e-3
    )


def test_explanations_name_words_of_the_text(classifier: LinearClassifier) -> None:
    text = "“Liars!” she cried — Moscow’s denials grow more absurd by the day 👍, and Ukraine’s courage with them."
    labels = {Target.RUSSIA: Stance.AGAINST, Target.UKRAINE: Stance.FAVOR}
    found = classifier.explain(prepare(text), labels, top=5)
    assert set(found) == set(labels)
    for words in found.values():
        assert 0 < len(words) <= 5
        assert all(text[word.start : word.end] == word.text for word in words)
        assert all(any(char.isalnum() for char in word.text) for word in words)
        sizes = [abs(word.weight) for word in words]
        assert sizes == sorted(sizes, reverse=True)
        assert all(sizes)


def test_explained_weights_add_up_to_the_score(classifier: LinearClassifier) -> None:
    """In a text of words alone, the words' weights are the score, once features that are no words weigh nothing."""
    bare = pickle.loads(pickle.dumps(classifier))
    spaces, weights = bare.spaces_, bare.weights_
    weights.document[len(spaces.words) :] = 0.0
    weights.target[[len(spaces.words) + spaces.near.columns_[f"mentions:{count}"] for count in range(3)]] = 0.0
    paragraph = prepare("Kremlin denials grow more absurd every day while Kyiv waits for the next Kremlin lie")
    scores = weights.scores(spaces.transform([extract(paragraph)]))[0] - weights.offset
    for target in Target:
        for stance in Stance:
            words = bare.explain(paragraph, {target: stance}, top=1000)[target]
            expected = float(scores @ bare.stack_.direction(target, stance))
            assert sum(word.weight for word in words) == pytest.approx(expected, abs=1e-4)


def test_it_goes_through_the_store(classifier: LinearClassifier, paragraphs: list[Paragraph], tmp_path: Path) -> None:
    from tests.core.classifiers import draft

    store.save(tmp_path / "small", classifier, draft())
    loaded = store.load(tmp_path / "small").classifier
    assert isinstance(loaded, LinearClassifier)
    np.testing.assert_allclose(
        loaded.predict_proba(paragraphs).stance, classifier.predict_proba(paragraphs).stance, atol=5e-3
    )


def test_a_student_learns_from_a_teacher_beside_the_labels(paragraphs: list[Paragraph]) -> None:
    gold = labelled()[1]
    told = certain(gold)
    told[:, STANCE_COLUMNS] = np.tile([0.9, 0.05, 0.03, 0.02], 3)
    taught = [prepare(f"{paragraph.text} Zebra zebra zebra.") for paragraph in paragraphs]
    student = LinearClassifier(min_rows=1, folds=2).fit(paragraphs, gold, taught=taught, beliefs=told)
    assert student.held_out_.shape == (len(paragraphs), N_COLUMNS)
    scores = student.weights_.scores(student.spaces_.transform([extract(one) for one in [*paragraphs, *taught]]))
    stances = scores[:, STANCE_COLUMNS].reshape(-1, 3, 4)
    assert (stances[: len(paragraphs)].argmax(-1) == gold.stance).mean() > 0.75
    assert (stances[len(paragraphs) :].argmax(-1) == 0).mean() > 0.9
