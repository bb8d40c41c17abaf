from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import logs
from service.logs import JsonFormatter
from tests.service.conftest import MakeApp
from tests.service.texts import AGAINST


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler = Kept()
    logger = logging.getLogger("standpoint")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def test_a_line_a_request_without_its_text(client: FlaskClient, kept: Kept) -> None:
    client.post("/v1/classify?secret=1", json={"text": AGAINST})
    client.get("/secret/path")
    first, second = kept.entries()
    assert (first["method"], first["route"], first["status"]) == ("POST", "/v1/classify", 200)
    assert (second["route"], second["status"]) == (None, 404)
    assert first["ms"] >= 0
    assert len(first["request_id"]) == 32
    for word in ("Moscow", "bad", "secret"):
        assert word not in "".join(kept.lines)


def test_a_stream_is_logged_when_it_ends(client: FlaskClient, kept: Kept) -> None:
    data = json.dumps({"text": AGAINST})
    response = client.post("/v1/classify", data=data, content_type="application/x-ndjson", buffered=False)
    assert kept.lines == []
    assert response.data
    response.close()
    assert [entry["status"] for entry in kept.entries()] == [200]


@pytest.mark.parametrize("given", ["abc-123", "A" * 128, "01.02_x"])
def test_a_request_id_is_echoed_and_logged(client: FlaskClient, kept: Kept, given: str) -> None:
    for path in ("/livez", "/nothing"):
        assert client.get(path, headers={"X-Request-ID": given}).headers["X-Request-ID"] == given
    assert {entry["request_id"] for entry in kept.entries()} == {given}


@pytest.mark.parametrize("given", ["", "A" * 129, "a b", "a\tb", "é", '"}'])
def test_an_odd_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    answered = client.get("/livez", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert len(answered) == 32
    assert answered != client.get("/livez").headers["X-Request-ID"]


def test_a_bug_is_logged_with_its_trace(make_app: MakeApp, kept: Kept) -> None:
    app = make_app()

    def fail() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/raise", view_func=fail)
    app.test_client().get("/raise", headers={"X-Request-ID": "here"})
    bug, access = kept.entries()
    assert bug["level"] == "ERROR"
    assert "ZeroDivisionError" in bug["trace"]
    assert bug["request_id"] == access["request_id"] == "here"


def test_a_trace_tells_where_and_not_what(make_app: MakeApp, kept: Kept) -> None:
    app = make_app()

    def fail() -> str:
        try:
            {}["+".join(["articles", "words"])]
        except KeyError as error:
            raise ValueError(f"no {error}") from error

    app.add_url_rule("/raise", view_func=fail)
    app.test_client().get("/raise")
    trace = kept.entries()[0]["trace"]
    assert "articles+words" not in kept.lines[0]
    assert trace.index("KeyError") < trace.index("ValueError")
    assert trace.count("in fail") == 2


def test_errors_that_cause_each_other_are_logged(kept: Kept) -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    logging.getLogger("standpoint.service").error("odd", exc_info=one)
    logging.getLogger("standpoint.service").error("plain", exc_info=OSError("a text"))
    assert [entry["trace"] for entry in kept.entries()] == ["KeyError\n\nValueError", "OSError"]


def test_configuring_twice_adds_no_second_handler() -> None:
    logger = logging.getLogger("standpoint")
    level = logger.level
    logs.configure("INFO")
    count = len(logger.handlers)
    logs.configure("ERROR")
    assert (len(logger.handlers), logger.level) == (count, logging.ERROR)
    logger.setLevel(level)
