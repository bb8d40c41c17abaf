"""The shipped encoder: independence of batches, processes and threads; long paragraphs; explanations."""

from __future__ import annotations

import io
import multiprocessing
import threading
from dataclasses import fields

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from models.encoder import NETWORK, EncoderClassifier
from models.heads import HeadProbabilities
from models.labels import Stance, Target
from models.paragraph import prepare
from models.store import LoadedModel, load

BLAME = "Ukrainian officials accused Moscow of shelling a school in Kharkiv, where two children died in the cellar."
PLAIN = "The American and Russian foreign ministers will meet in Geneva next week, the two ministries said."
ABSENT = "The bakery on the corner sells bread, cakes and coffee every morning except on Sundays."
TEXTS = [BLAME, PLAIN, ABSENT, "", "?", "Kyiv", "“”", "👍 " * 50, BLAME + " " + PLAIN]


@pytest.fixture(scope="module")
def model() -> LoadedModel:
    return load("encoder")


@pytest.fixture(scope="module")
def encoder(model: LoadedModel) -> EncoderClassifier:
    assert isinstance(model.classifier, EncoderClassifier)
    return model.classifier


def arrays(found: HeadProbabilities) -> dict[str, np.ndarray]:
    return {field.name: getattr(found, field.name) for field in fields(found)}


def assert_same(one: HeadProbabilities, other: HeadProbabilities) -> None:
    for name, values in arrays(one).items():
        np.testing.assert_array_equal(values, arrays(other)[name], err_msg=name)


def row(found: HeadProbabilities, number: int) -> HeadProbabilities:
    return HeadProbabilities(**{name: values[[number]] for name, values in arrays(found).items()})


def test_files_are_small_enough(model: LoadedModel) -> None:
    assert sum(entry.bytes for entry in model.manifest.files.values()) <= 30_000_000


def test_batch_mates_change_nothing(encoder: EncoderClassifier) -> None:
    together = encoder.predict_proba([prepare(text) for text in TEXTS])
    for number, text in enumerate(TEXTS):
        assert_same(row(together, number), encoder.predict_proba([prepare(text)]))


def test_probabilities_sum_to_one(encoder: EncoderClassifier) -> None:
    found = encoder.predict_proba([prepare(text) for text in [*TEXTS, BLAME * 40]])
    for name in ("stance", "voice", "side"):
        np.testing.assert_allclose(arrays(found)[name].sum(-1), 1, atol=1e-9)
    assert all(((values >= 0) & (values <= 1)).all() for values in arrays(found).values())


def test_no_paragraphs(encoder: EncoderClassifier) -> None:
    assert {name: values.shape for name, values in arrays(encoder.predict_proba([])).items()} == {
        "stance": (0, 3, 4),
        "voice": (0, 4),
        "side": (0, 4),
        "frames": (0, 14),
        "narratives": (0, 11),
    }


def test_reads_who_does_what(encoder: EncoderClassifier) -> None:
    labels = encoder.predict_proba([prepare(BLAME), prepare(PLAIN), prepare(ABSENT)]).stance.argmax(-1)
    assert tuple(Stance)[labels[0, 0]] is Stance.AGAINST
    assert [tuple(Stance)[label] for label in labels[1]] == [Stance.NEUTRAL, Stance.ABSENT, Stance.NEUTRAL]
    assert {tuple(Stance)[label] for label in labels[2]} == {Stance.ABSENT}


@pytest.mark.parametrize(
    ("one", "other"),
    [("in Kiev", "in Kyiv"), ("“No,” he said of Kyiv", '"No," he said of Kyiv'), ("Kyiv’s army", "Kyiv's army")],
)
def test_spelling_and_typography_carry_nothing(encoder: EncoderClassifier, one: str, other: str) -> None:
    rest = ", and the American envoy praised the talks with Russia."
    assert_same(encoder.predict_proba([prepare(one + rest)]), encoder.predict_proba([prepare(other + rest)]))


def test_the_end_of_a_long_paragraph_is_read(encoder: EncoderClassifier) -> None:
    filler = ABSENT + " "
    found = encoder.predict_proba([prepare(filler * 30), prepare(filler * 30 + BLAME)]).stance[:, 0]
    assert found[0].argmax() == list(Stance).index(Stance.ABSENT)
    assert found[1].argmax() == list(Stance).index(Stance.AGAINST)


def test_explanation_points_at_words_of_the_original(encoder: EncoderClassifier) -> None:
    text = "“Look…”  — he said of Kiev; " + BLAME
    found = encoder.explain(prepare(text), {Target.RUSSIA: Stance.AGAINST, Target.US: Stance.ABSENT}, top=5)
    assert set(found) == {Target.RUSSIA, Target.US}
    russia = found[Target.RUSSIA]
    assert 0 < len(russia) <= 5
    assert all(text[one.start : one.end] == one.text for one in russia)
    weights = [abs(one.weight) for one in russia]
    assert weights == sorted(weights, reverse=True)
    assert {"Moscow", "accused", "shelling"} & {one.text for one in russia}


def test_explanations_of_long_paragraphs_are_bounded(
    encoder: EncoderClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.encoder.classifier.MOST_OCCLUSIONS", 12)
    passes = 0
    run = encoder._network

    def counting(*arguments: list[int]) -> np.ndarray:
        nonlocal passes
        passes += 1
        return run(*arguments)

    monkeypatch.setattr(encoder, "_network", counting)
    found = encoder.explain(prepare((PLAIN + " ") * 20), {Target.RUSSIA: Stance.NEUTRAL}, top=3)
    assert len(found[Target.RUSSIA]) == 3
    assert passes <= 13 * 3


def test_pickle_holds_no_network(encoder: EncoderClassifier) -> None:
    buffer = io.BytesIO()
    joblib.dump(encoder, buffer)
    assert buffer.tell() < 100_000
    assert len(encoder.assets()[NETWORK]) > 1_000_000
    buffer.seek(0)
    again = joblib.load(buffer)
    with pytest.raises(NotFittedError, match="training encoder train"):
        again.predict_proba([prepare(BLAME)])
    again.attach(encoder.assets())
    assert_same(again.predict_proba([prepare(BLAME)]), encoder.predict_proba([prepare(BLAME)]))


def test_clone_starts_afresh(encoder: EncoderClassifier) -> None:
    fresh = clone(encoder)
    assert fresh.get_params() == encoder.get_params()
    with pytest.raises(NotFittedError):
        fresh.fit([prepare(BLAME)], None)


def _in_child(encoder: EncoderClassifier, pipe: multiprocessing.connection.Connection) -> None:
    pipe.send(encoder.predict_proba([prepare(BLAME)]))


def test_forked_workers_agree_with_their_parent(encoder: EncoderClassifier) -> None:
    expected = encoder.predict_proba([prepare(BLAME)])
    context = multiprocessing.get_context("fork")
    for _ in range(2):
        ours, theirs = context.Pipe()
        child = context.Process(target=_in_child, args=(encoder, theirs))
        child.start()
        assert ours.poll(60)
        assert_same(ours.recv(), expected)
        child.join(10)
        assert child.exitcode == 0


def test_threads_agree(encoder: EncoderClassifier) -> None:
    expected = encoder.predict_proba([prepare(BLAME)])
    found: list[HeadProbabilities] = []
    threads = [threading.Thread(target=lambda: found.append(encoder.predict_proba([prepare(BLAME)]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for one in found:
        assert_same(one, expected)
