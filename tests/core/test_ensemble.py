from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import joblib
import numpy as np
import pytest

from models import store
from models.ensemble import EnsembleClassifier, pooled
from models.errors import IntegrityError
from models.heads import HeadLabels, HeadProbabilities
from models.labels import Frame, Narrative, Stance, Target
from models.paragraph import Paragraph, prepare
from tests.core.classifiers import WordClassifier, draft

TEXTS = ["Moscow is a bad neighbour to all around it.", "Kyiv thanked its good friends on Friday.", "Rain fell."]


@pytest.fixture
def paragraphs() -> list[Paragraph]:
    return [prepare(text) for text in TEXTS]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    for name, certainty in (("sure", 0.9), ("unsure", 0.4)):
        store.save(tmp_path / name, WordClassifier(certainty), draft().model_copy(update={"name": name}))
    return tmp_path


def joined(shelf: Path, emphasis: Mapping[str, float] | None = None) -> EnsembleClassifier:
    ensemble = EnsembleClassifier({"sure": 0.75, "unsure": 0.25}, emphasis=emphasis)
    ensemble.join({name: store.load(shelf / name).classifier for name in ensemble.member_names})
    return ensemble


def labels(n: int) -> HeadLabels:
    return HeadLabels(
        np.tile([0, 1, 3], (n, 1)),
        np.arange(n) % 4,
        np.arange(n) % 4,
        np.zeros((n, len(Frame)), bool),
        np.zeros((n, len(Narrative)), bool),
    )


def one(stance: list[float], frame: float) -> HeadProbabilities:
    return HeadProbabilities(
        np.array([[stance] * 3]),
        np.array([stance]),
        np.array([stance]),
        np.full((1, 14), frame),
        np.full((1, 11), frame),
    )


def test_equal_members_pool_to_themselves() -> None:
    member = one([0.7, 0.1, 0.1, 0.1], 0.2)
    assert np.allclose(pooled({"a": member, "b": member}, {"a": 0.5, "b": 0.5}), pooled({"a": member}, {"a": 1.0}))


def test_the_larger_share_decides(shelf: Path, paragraphs: list[Paragraph]) -> None:
    found = joined(shelf).predict_proba(paragraphs)
    alone = store.load(shelf / "sure").classifier.predict_proba(paragraphs)
    assert (found.stance.argmax(-1) == alone.stance.argmax(-1)).all()
    assert np.allclose(found.stance.sum(-1), 1)
    assert found.stance.max() < alone.stance.max()


def test_results_do_not_depend_on_the_neighbours(shelf: Path, paragraphs: list[Paragraph]) -> None:
    ensemble = joined(shelf)
    together = ensemble.predict_proba(paragraphs)
    for row, paragraph in enumerate(paragraphs):
        assert (ensemble.predict_proba([paragraph]).stance[0] == together.stance[row]).all()
    assert len(ensemble.predict_proba([])) == 0


def test_emphasis_raises_what_is_rare(shelf: Path, paragraphs: list[Paragraph]) -> None:
    plain, raised = (joined(shelf, emphasis={"stance": e}).fit(paragraphs * 10, labels(30)) for e in (0.0, 0.5))
    against = list(Stance).index(Stance.AGAINST)
    before, after = (ensemble.predict_proba(paragraphs).stance[..., against] for ensemble in (plain, raised))
    assert (after > before).all()


def test_it_explains_by_its_strongest_member(shelf: Path, paragraphs: list[Paragraph]) -> None:
    found = joined(shelf).explain(paragraphs[0], {Target.RUSSIA: Stance.AGAINST})
    assert [word.text for word in found[Target.RUSSIA]] == ["bad"]


def test_it_comes_back_from_the_store_with_its_members(shelf: Path, paragraphs: list[Paragraph]) -> None:
    ensemble = joined(shelf)
    manifest = store.save(shelf / "both", ensemble, draft())
    assert set(manifest.members) == {"sure", "unsure"}
    found = store.load(shelf / "both").classifier.predict_proba(paragraphs)
    assert (found.stance == ensemble.predict_proba(paragraphs).stance).all()


def test_a_changed_member_is_refused_before_anything_is_unpickled(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(shelf / "both", joined(shelf), draft())
    store.save(shelf / "unsure", WordClassifier(0.5), draft().model_copy(update={"version": "0.0.2"}))
    changed = (shelf / "unsure" / "classifier.joblib").read_bytes()
    unpickle, seen = joblib.load, list[bytes]()

    def noted(file: io.BytesIO) -> object:
        seen.append(file.getvalue())
        return unpickle(file)

    monkeypatch.setattr(joblib, "load", noted)
    with pytest.raises(IntegrityError, match="not the model that its ensemble was made of"):
        store.load(shelf / "both")
    assert changed not in seen
