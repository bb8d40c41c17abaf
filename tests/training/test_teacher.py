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
    write_probabilities(load("linear"), TEXTS, path)
    return path


def test_rows_are_distributions_in_the_order_of_the_heads(path: Path) -> None:
    rows = read_probabilities(path, TEXTS)
    assert rows.shape == (3, 45)
    stance, voice, side, *_ = np.split(rows, np.cumsum(WIDTHS)[:-1], axis=1)
    sums = np.concatenate([stance.reshape(3, 3, 4).sum(-1), voice.sum(1)[:, None], side.sum(1)[:, None]], axis=1)
    np.testing.assert_allclose(sums, 1, atol=1e-3)


def test_an_interrupted_file_is_gone_on_with(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    first, second = whole.index(b"\n"), whole.index(b"\n", whole.index(b"\n") + 1)
    broken = tmp_path / "broken.jsonl"
    for length in (0, 10, first, first + 1, first + 2, second, second + 40, len(whole)):
        broken.write_bytes(whole[:length])
        write_probabilities(load("linear"), TEXTS, broken)
        assert broken.read_bytes() == whole


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"my only notes without newline", "doesn't say whose"),
        (b"one\ntwo\nthree", "doesn't say whose"),
        (b"[0.5]\n", "doesn't say whose"),
        (b"\xff\xfe\n", "doesn't say whose"),
    ],
)
def test_what_it_did_not_write_stays_as_it_is(content: bytes, told: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_bytes(content)
    with pytest.raises(TeacherError, match=f"{told}.*name another file"):
        write_probabilities(load("linear"), TEXTS, notes)
    assert notes.read_bytes() == content


def test_rows_of_earlier_releases_are_read_and_not_gone_on_with(path: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.jsonl"
    earlier.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    np.testing.assert_array_equal(read_probabilities(earlier, TEXTS), read_probabilities(path, TEXTS))
    before = earlier.read_bytes()
    with pytest.raises(TeacherError, match="doesn't say whose"):
        write_probabilities(load("linear"), TEXTS, earlier)
    assert earlier.read_bytes() == before


def test_another_teacher_another_pool_and_lines_added_are_refused(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    found = tmp_path / "found.jsonl"
    found.write_bytes(whole)
    with pytest.raises(TeacherError, match=r"probabilities of linear \d.*; name another file"):
        write_probabilities(load("svm"), TEXTS, found)
    with pytest.raises(TeacherError, match="of another pool"):
        write_probabilities(load("linear"), TEXTS[:2], found)
    with pytest.raises(TeacherError, match="is about another pool"):
        read_probabilities(found, TEXTS[::-1])
    for added, told in ((b"my notes", "line 5: ends with"), (b"my notes\n", "line 5: 45 numbers were")):
        found.write_bytes(whole + added)
        with pytest.raises(TeacherError, match=told):
            write_probabilities(load("linear"), TEXTS, found)
        assert found.read_bytes() == whole + added


def test_a_file_about_other_texts_is_refused(path: Path) -> None:
    with pytest.raises(TeacherError, match="3 rows, but the pool has 4"):
        read_probabilities(path, [*TEXTS, "Another."])


@pytest.mark.parametrize("content", [b"no JSON", b"[1, 2]\n", b"[" * 100_000, b"\xff", b'["a"]'])
def test_what_is_no_file_of_probabilities_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "said.jsonl").write_bytes(content)
    with pytest.raises(TeacherError, match=r"line 1: 45 numbers were expected|can't be read"):
        read_probabilities(tmp_path / "said.jsonl", TEXTS)


def test_probabilities_stand_side_by_side() -> None:
    classifier = load("linear").classifier

    found = classifier.predict_proba([prepare(TEXTS[0])])
    assert flat(found)[0, 4:8].tolist() == found.stance[0, 1].tolist()
