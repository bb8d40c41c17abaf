"""The learning curve: nested parts of whole documents, and a page that says what each reaches."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from training.__main__ import main
from training.corpus import read_corpus
from training.curve import part_of

CORPUS = Path(__file__).parent / "paragraphs.jsonl"


def test_a_larger_part_holds_the_smaller_one_and_documents_stay_whole() -> None:
    corpus = read_corpus(CORPUS)
    small, large, whole = (part_of(corpus, share, 3) for share in (0.25, 0.5, 1.0))
    assert set(small.texts) < set(large.texts) < set(whole.texts)
    assert whole.texts == corpus.texts
    of_text = dict(zip(corpus.texts, corpus.groups, strict=True))
    taken = {of_text[text] for text in small.texts}
    assert small.texts == [text for text in corpus.texts if of_text[text] in taken]
    assert len(small) == len(small.labels) == len(small.natural) == len(small.sources)
    np.testing.assert_array_equal(np.unique(small.groups), np.arange(len(taken)))


def test_the_smallest_part_is_one_document() -> None:
    corpus = read_corpus(CORPUS)
    part = part_of(corpus, 1e-9, 3)
    assert len(set(part.groups)) == 1
    assert set(part.texts) <= set(part_of(corpus, 0.25, 3).texts)


def test_the_command_writes_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.__main__.SHARES", (0.5, 1.0))
    for split in ("train", "validation"):
        shutil.copy(CORPUS, tmp_path / f"paragraphs.{split}.jsonl")
    words = ["curve", "--data", tmp_path, "--markdown", tmp_path / "c.md", "--folds", 2, "--draws", 10]
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    page = (tmp_path / "c.md").read_text(encoding="utf-8")
    assert "\n| 60 | " in page
    assert page.count(" … ") == 10
