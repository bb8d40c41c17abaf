"""A teacher's probabilities: written once, gone on with after an interruption, refused for other texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.paragraph import prepare
from models.store import load
from training.teacher import WIDTHS, TeacherError, flat, read_probabilities, write_probabilities

TEXTS = [f"Kyiv thanked Washington for the {number} generators, and Moscow mocked the gift." for number in range(3)]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("teacher") / "pool.jsonl"
    write_probabilities(load("linear").classifier, TEXTS, path)
    return path


def test_rows_are_distributions_in_the_order_of_the_heads(path: Path) -> None:
    rows = read_probabilities(path, len(TEXTS))
    assert rows.shape == (3, 45)
    stance, voice, side, *_ = np.split(rows, np.cumsum(WIDTHS)[:-1], axis=1)
    sums = np.concatenate([stance.reshape(3, 3, 4).sum(-1), voice.sum(1)[:, None], side.sum(1)[:, None]], axis=1)
    np.testing.assert_allclose(sums, 1, atol=1e-3)


def test_an_interrupted_file_is_gone_on_with(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(whole[: whole.index(b"\n") + 40])
    write_probabilities(load("linear").classifier, TEXTS, broken)
    assert broken.read_bytes() == whole


def test_a_file_about_other_texts_is_refused(path: Path) -> None:
    with pytest.raises(TeacherError, match="3 rows, but the pool has 4"):
        read_probabilities(path, 4)


def test_probabilities_stand_side_by_side() -> None:
    classifier = load("linear").classifier

    found = classifier.predict_proba([prepare(TEXTS[0])])
    assert flat(found)[0, 4:8].tolist() == found.stance[0, 1].tolist()
