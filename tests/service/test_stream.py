from __future__ import annotations

import errno
import json
import logging
import threading
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, RawIOBase, StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from typing_extensions import Buffer

from models.heads import HeadProbabilities
from models.paragraph import Paragraph
from models.store import LoadedModel
from service import Settings, create_app
from service.logs import JsonFormatter
from service.responses import StreamLine
from service.spool import Room, Spool
from tests.core.classifiers import WordClassifier
from tests.service.conftest import MakeApp
from tests.service.texts import AGAINST, ARTICLE, PLAIN

Json = dict[str, Any]


def line(**document: object) -> bytes:
    return json.dumps(document).encode() + b"\n"


def stream(client: FlaskClient, data: bytes | Iterable[bytes], query: str = "") -> list[Json]:
    body = data if isinstance(data, bytes) else b"".join(data)
    response = client.post(f"/v1/classify{query}", data=body, content_type="application/x-ndjson")
    assert response.status_code == 200, response.text
    assert response.content_type == "application/x-ndjson"
    assert not response.data or response.data.endswith(b"\n")
    answers = [json.loads(line) for line in response.data.splitlines()]
    for answer in answers:
        assert StreamLine.model_validate(answer).model_dump(mode="json", exclude_unset=True) == answer
    return answers


def test_a_result_a_line_in_order(client: FlaskClient) -> None:
    answers = stream(client, [line(id=str(i), text=ARTICLE) for i in range(50)])
    assert [answer["id"] for answer in answers] == [str(i) for i in range(50)]
    alone = client.post("/v1/classify", json={"text": ARTICLE}).get_json()
    assert all({name: value for name, value in answer.items() if name != "id"} == alone for answer in answers)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n \n"])
def test_ends_and_blank_lines(client: FlaskClient, end: bytes) -> None:
    data = b"\n\r\n" + line(id="a", text=PLAIN) + b" \t\n" + line(id="b", text="").rstrip() + end
    assert [answer["id"] for answer in stream(client, data)] == ["a", "b"]


def test_nothing(client: FlaskClient) -> None:
    assert stream(client, b"") == []


def test_a_bad_line_is_told_with_its_number_and_the_stream_goes_on(make_app: MakeApp) -> None:
    data = [
        line(id="first", text=PLAIN),
        b"\n",
        b"{not json}\n",
        b"[1]\n",
        line(id="wrong", text=5),
        b'{"text": "\xff"}\n',
        line(id="wide", text="x" * 2000),
        line(id="many", paragraphs=["", "", ""]),
        b'{"text": "\\ud800"}\n',
        line(id="last", paragraphs=[AGAINST]),
    ]
    answers = stream(make_app(max_body_bytes=1024, max_document_paragraphs=2).test_client(), data)
    assert [(a.get("line"), a["id"], a.get("error", {}).get("status")) for a in answers] == [
        (None, "first", None),
        (3, None, 400),
        (4, None, 422),
        (5, "wrong", 422),
        (6, None, 400),
        (7, None, 413),
        (8, "many", 413),
        (9, None, 422),
        (None, "last", None),
    ]
    assert answers[3]["error"]["errors"] == [{"pointer": "/text", "detail": "Input should be a valid string"}]


def test_an_endless_line_is_not_kept(make_app: MakeApp) -> None:
    client = make_app(max_body_bytes=1024).test_client()
    answers = stream(client, b"x" * 5_000_000 + b"\n" + line(id="next", text=PLAIN) + b"y" * 3000)
    assert [(a.get("line"), a["id"]) for a in answers] == [(1, None), (None, "next"), (3, None)]


def test_options_of_the_query_and_of_a_line(client: FlaskClient) -> None:
    data = [
        line(paragraphs=[AGAINST + "🙂"]),
        line(paragraphs=[AGAINST + "🙂"], options={"include": ["voice"]}),
    ]
    first, second = stream(client, data, "?explain=true&offsets=utf16&include=stance,framing")
    assert set(first["paragraphs"][0]) == {"index", "start", "end", "status", "stance", "framing"}
    assert first["paragraphs"][0]["end"] == len(AGAINST) + 3
    assert first["paragraphs"][0]["stance"]["russia"]["explanation"]
    assert set(second["paragraphs"][0]) == {"index", "start", "end", "status", "voice"}
    assert second["paragraphs"][0]["end"] == len(AGAINST) + 1


def test_parts_may_be_named_one_by_one_in_the_query(client: FlaskClient) -> None:
    (answer,) = stream(client, line(text=PLAIN), "?include=stance,&include=voice")
    assert set(answer["paragraphs"][0]) == {"index", "start", "end", "status", "stance", "voice"}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("explain=yes", "/options/explain"),
        ("offsets=16", "/options/offsets"),
        ("include=stance,x", "/options/include/1"),
        ("include=stance&include=x", "/options/include/1"),
        ("explain=true&explain=false", "/options/explain"),
        ("offsets=utf16&offsets=codepoint", "/options/offsets"),
        ("explian=true", "/options/explian"),
    ],
)
def test_wrong_options_in_the_query(client: FlaskClient, query: str, pointer: str) -> None:
    response = client.post(f"/v1/classify?{query}", data=b"", content_type="application/x-ndjson")
    assert (response.status_code, response.content_type) == (422, "application/problem+json")
    assert [error["pointer"] for error in response.get_json()["errors"]] == [pointer]


class Choking(WordClassifier):
    """Fails on whatever comes with a paragraph it can't stomach."""

    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        if any("choke" in paragraph.text for paragraph in X):
            raise RuntimeError("a secret")
        return super().predict_proba(X)


def test_a_line_that_makes_the_model_fail_is_told_and_the_stream_goes_on(
    model: LoadedModel, told: list[logging.LogRecord]
) -> None:
    app = create_app(Settings(), model=LoadedModel(model.manifest, model.sha256, Choking()))
    data = [line(id="a", text=PLAIN), line(id="b", text=f"choke on it: {PLAIN}"), b"{\n", line(id="c", text=PLAIN)]
    answers = stream(app.test_client(), data)
    assert [(a["id"], a.get("line"), a.get("error", {}).get("status")) for a in answers] == [
        ("a", None, None),
        ("b", 2, 500),
        (None, 3, 400),
        ("c", None, None),
    ]
    assert "secret" not in json.dumps(answers)
    (record,) = told
    assert record.exc_info is not None


def test_what_fails_in_a_stream_is_logged_with_its_id(model: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = logging.StreamHandler(told := StringIO())
    handler.setFormatter(JsonFormatter())
    monkeypatch.setattr(logging.getLogger("standpoint.service"), "handlers", [handler])
    client = create_app(Settings(), model=LoadedModel(model.manifest, model.sha256, Choking())).test_client()
    headers = {"X-Request-ID": "here"}
    data = line(text=f"choke on it: {PLAIN}")
    client.post("/v1/classify", data=data, content_type="application/x-ndjson", headers=headers)
    assert json.loads(told.getvalue())["request_id"] == "here"


class Pipe(RawIOBase):
    """Input that comes when the test says so."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._changed = threading.Condition()

    def send(self, data: bytes) -> None:
        with self._changed:
            self._pieces.append(data)
            self._changed.notify_all()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        with self._changed:
            assert self._changed.wait_for(lambda: self._pieces, timeout=10)
            piece = self._pieces.pop(0)
            if len(piece) > len(view):
                self._pieces.insert(0, piece[len(view) :])
                piece = piece[: len(view)]
            view[: len(piece)] = piece
            return len(piece)


def answers_as_they_come(client: FlaskClient, source: RawIOBase, length: int | None = None) -> Iterator[bytes]:
    environ = {
        "wsgi.input": source,
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": "" if length is None else str(length),
    }
    response = client.post("/v1/classify", content_type="application/x-ndjson", environ_overrides=environ)
    return iter(response.iter_encoded())


def test_each_result_comes_before_the_next_line_is_sent(client: FlaskClient) -> None:
    pipe = Pipe()
    pipe.send(line(id="0", text=PLAIN))
    answers = answers_as_they_come(client, pipe)
    for i in range(3):
        assert json.loads(next(answers))["id"] == str(i)
        pipe.send(line(id=str(i + 1), text=PLAIN)[:20])
        pipe.send(line(id=str(i + 1), text=PLAIN)[20:])
    assert json.loads(next(answers))["id"] == "3"
    pipe.send(b"")
    assert next(answers, None) is None


class Endless(RawIOBase):
    """Many documents, made as they are read."""

    def __init__(self, document: bytes, count: int) -> None:
        self._document = document
        self._left = count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        if not self._left:
            return 0
        self._left -= 1
        view[: len(self._document)] = self._document
        return len(self._document)


def test_memory_does_not_grow_with_the_stream(make_app: MakeApp) -> None:
    document = line(id="x", paragraphs=[" " * 50_000])
    client = make_app(stream_ahead_bytes=2**20).test_client()
    tracemalloc.start()
    try:
        count = sum(1 for _ in answers_as_they_come(client, Endless(document, 2000)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 2000
    # A hundred megabytes went through.
    assert peak < 20 * 2**20


class Breaking(BytesIO):
    """Input whose connection breaks at its end."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise ConnectionResetError
        return data


def test_a_broken_stream_is_told_at_its_end(client: FlaskClient) -> None:
    source: Any = Breaking(line(id="whole", text=PLAIN) + b'{"id": "half"')
    first, last = map(json.loads, answers_as_they_come(client, source))
    assert first["id"] == "whole"
    assert (last["line"], last["error"]["status"]) == (2, 400)


def test_a_stream_shorter_than_it_said_is_told(client: FlaskClient) -> None:
    source: Any = BytesIO(line(id="whole", text=PLAIN))
    answers = [json.loads(answer) for answer in answers_as_they_come(client, source, length=10_000)]
    assert [answer.get("line") for answer in answers] == [None, 2]


@pytest.mark.parametrize("limit", [7, 64, 1000, 10**6])
def test_a_spool_gives_back_what_it_was_given(limit: int) -> None:
    pieces = [bytes([i % 256]) * (i % 37 + 1) for i in range(500)]
    source = iter([*pieces, b""])
    spool = Spool(lambda: next(source), limit, ())
    taken = bytearray()
    while data := spool.take(wait=True):
        assert len(data) <= limit
        taken += data
    spool.close()
    assert taken == b"".join(pieces)


def test_spools_share_their_room_and_give_it_back() -> None:
    size = 3 * 2**20
    room = Room(size)
    first, second = (Spool(iter([b"x" * size, b""]).__next__, 2 * size, (), room) for _ in range(2))
    spools = {"first": first, "second": second}
    # Each has a mebibyte of its own; what one takes beyond it the other must wait for, and in the end it gets it.
    for spool in spools.values():
        taken = 0
        while data := spool.take(wait=True):
            taken += len(data)
        assert taken == size
        spool.close()
        spool.close()
    assert room.reserve(size)
    assert not room.reserve(1)


def test_a_full_disk_is_no_fault_of_the_client(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Full(BytesIO):
        def __init__(self, _: int) -> None:
            super().__init__()

        def write(self, data: bytes) -> int:  # type: ignore[override]
            if self.tell() or len(data) < 200:
                raise OSError(errno.ENOSPC, "no space left")
            return super().write(data)

    monkeypatch.setattr("service.spool.tempfile.SpooledTemporaryFile", Full)
    [answer] = stream(client, b'{"id": "a", "text": ""}')
    assert (answer["line"], answer["error"]["status"]) == (1, 500)
    assert "no space left" in caplog.text


def test_a_disk_that_fills_up_later_gives_the_room_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Filling(BytesIO):
        def __init__(self, _: int) -> None:
            super().__init__()

        def seek(self, at: int, whence: int = 0) -> int:
            if self.tell() > 2 * 2**20:
                raise OSError(errno.ENOSPC, "no space left")
            return super().seek(at, whence)

        def truncate(self, size: int | None = None) -> int:
            raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr("service.spool.tempfile.SpooledTemporaryFile", Filling)
    room = Room(2**22)
    spool = Spool(iter([b"x" * 2**20] * 4 + [b""]).__next__, 2**23, (), room)
    while spool.take(wait=True):
        pass
    spool.close()
    assert isinstance(spool.failed, OSError)
    assert room.reserve(2**22)


def test_whatever_keeps_a_spool_from_reading_ends_the_wait() -> None:
    def read() -> bytes:
        raise RuntimeError("nobody expected this")

    spool = Spool(read, 100, (OSError,))
    assert spool.take(wait=True) == b""
    spool.close()
    assert isinstance(spool.failed, RuntimeError)


def test_a_spool_lets_its_reader_go_when_it_is_closed() -> None:
    started = threading.active_count()
    spool = Spool(lambda: b"more" * 1000, 100, ())
    assert spool.take(wait=True)
    spool.close()
    for thread in threading.enumerate():
        if thread.name == "stream-input":
            thread.join(timeout=5)
    assert threading.active_count() == started
