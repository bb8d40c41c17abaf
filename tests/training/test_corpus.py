"""Reading labelled paragraphs: what is right is read, what is wrong is named."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from models.labels import Frame, Stance
from training.corpus import CorpusError, corpus_path, digest, pool_path, read_corpus, read_texts

ROW: dict[str, Any] = {
    "text": "Moscow fell silent.",
    "stance": {"russia": "neutral", "ukraine": "absent", "us": "absent"},
    "voice": "none",
    "side": "none",
    "frames": ["political"],
    "narratives": [],
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_rows_become_texts_and_labels(tmp_path: Path) -> None:
    other = ROW | {"text": "Kyiv spoke.", "doc": "b", "sample": "targeted", "frames": ["economic", "political"]}
    corpus = read_corpus(write(tmp_path / "a.jsonl", ROW | {"doc": "b"}, "", other, ROW | {"doc": "a"}))
    assert corpus.texts == ["Moscow fell silent.", "Kyiv spoke.", "Moscow fell silent."]
    assert corpus.groups[0] == corpus.groups[1] != corpus.groups[2]
    assert corpus.natural.tolist() == [True, False, True]
    assert corpus.labels.stance[0, 0] == list(Stance).index(Stance.NEUTRAL)
    assert [list(Frame)[at] for at in corpus.labels.frames[1].nonzero()[0]] == [Frame.ECONOMIC, Frame.POLITICAL]


def test_rows_without_a_document_are_documents_of_their_own(tmp_path: Path) -> None:
    assert len(set(read_corpus(write(tmp_path / "a.jsonl", ROW, ROW)).groups)) == 2
    unnamed = [ROW | {"doc": doc} for doc in (None, "", float("nan"), "b", "b", 0, 0)]
    assert read_corpus(write(tmp_path / "b.jsonl", *unnamed)).documents == 5


def test_a_byte_order_mark_is_no_part_of_the_data(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ROW) + "\r\n", encoding="utf-8-sig")
    assert read_corpus(path).texts == [ROW["text"]]
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert read_corpus(tmp_path / "a.jsonl.gz").texts == [ROW["text"]]


def test_gzip_is_read_and_the_digest_is_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "paragraphs.train.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROW).encode()))
    corpus = read_corpus(corpus_path(tmp_path, "train"))
    assert len(corpus) == 1
    assert corpus.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == digest([path])


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    text = "one\u2028two\x85three"
    corpus = read_corpus(write(tmp_path / "a.jsonl", json.dumps(ROW | {"text": text}, ensure_ascii=False)))
    assert corpus.texts == [text]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: an object was expected"),
        (ROW | {"text": 3}, "line 2: field 'text'"),
        (ROW | {"stance": None}, "line 2: field 'stance'"),
        (
            ROW | {"stance": {"russia": "neutral", "us": "absent"}},
            "line 2: field 'stance.ukraine' is missing",
        ),
        ({key: ROW[key] for key in ROW if key != "voice"}, "line 2: field 'voice' is missing"),
        (ROW | {"voice": None}, "line 2: field 'voice': None is none of own"),
        (ROW | {"text": " \n"}, "line 2: field 'text': there is no text in it"),
        (ROW | {"doc": ["a"]}, "line 2: field 'doc': a name or a number was expected"),
        ("[" * 100_000, "line 2: not JSON"),
        (ROW | {"voice": "loud"}, "line 2: field 'voice': 'loud' is none of own, quoted"),
        (ROW | {"side": ["none"]}, "line 2: field 'side'"),
        (ROW | {"frames": "political"}, "line 2: field 'frames': a list"),
        (ROW | {"narratives": ["gossip"]}, "line 2: field 'narratives': 'gossip' is none of"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: object, told: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read_corpus(write(tmp_path / "a.jsonl", ROW, row))
    assert f"a.jsonl: {told}" in str(caught.value)


def test_a_missing_empty_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no paragraphs\.train\.jsonl\.gz or paragraphs\.train\.jsonl"):
        corpus_path(tmp_path, "train")
    with pytest.raises(CorpusError, match="can't be read"):
        read_corpus(tmp_path / "none.jsonl")
    with pytest.raises(CorpusError, match="no paragraphs in it"):
        read_corpus(write(tmp_path / "empty.jsonl"))
    (tmp_path / "bad.jsonl.gz").write_bytes(b"not gzip")
    with pytest.raises(CorpusError, match="not gzipped UTF-8"):
        read_corpus(tmp_path / "bad.jsonl.gz")
    broken = bytearray(gzip.compress(json.dumps(ROW).encode() * 50, mtime=0))
    broken[20:40] = b"\xff" * 20
    (tmp_path / "broken.jsonl.gz").write_bytes(broken)
    with pytest.raises(CorpusError, match="not gzipped UTF-8"):
        read_corpus(tmp_path / "broken.jsonl.gz")
    (tmp_path / "latin.jsonl").write_bytes("é".encode("latin-1"))
    with pytest.raises(CorpusError, match="not UTF-8"):
        read_corpus(tmp_path / "latin.jsonl")


def test_the_pool_is_optional(tmp_path: Path) -> None:
    assert pool_path(tmp_path) is None
    path = write(tmp_path / "pool.jsonl", {"text": "Snow."}, {"text": "Rain."})
    assert pool_path(tmp_path) == path
    assert read_texts(path) == ["Snow.", "Rain."]
