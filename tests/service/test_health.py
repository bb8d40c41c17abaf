from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.heads import HeadProbabilities
from models.labels import Side
from models.paragraph import Paragraph
from models.store import LoadedModel
from service import Settings, create_app, drain, warm_up
from service.responses import ProblemDocument
from tests.core.classifiers import WordClassifier
from tests.service.conftest import MakeApp


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/livez").get_json() == {"status": "alive"}
    assert client.get("/readyz").get_json() == {"status": "ready"}


def refusals(client: FlaskClient) -> list[TestResponse]:
    """Return what is answered where the model is needed, after a look that all of it says to come again."""
    responses = [
        client.get("/readyz"),
        client.post("/v1/classify", json={"text": ""}),
        client.post("/v1/classify", data=b"", content_type="application/x-ndjson"),
        client.post("/", data={"text": ""}),
    ]
    for response in responses:
        assert (response.status_code, response.content_type) == (503, "application/problem+json")
        assert response.headers["Retry-After"] == "1"
    return responses


def test_a_model_that_gives_other_labels_here_is_not_served(model: LoadedModel) -> None:
    golden = model.manifest.golden.model_copy(update={"side": Side.CONTESTED})
    manifest = model.manifest.model_copy(update={"golden": golden})
    client = create_app(Settings(), model=LoadedModel(manifest, model.sha256, model.classifier)).test_client()
    assert client.get("/livez").status_code == 200
    for response in refusals(client):
        assert "known paragraph" in response.get_json()["detail"]


class Failing(WordClassifier):
    """Raises what it is given, as long as it has something to raise."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self.errors = list(errors)

    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        if self.errors:
            raise self.errors.pop()
        return super().predict_proba(X)


def failing_app(model: LoadedModel, *errors: Exception) -> Flask:
    return create_app(Settings(), model=LoadedModel(model.manifest, model.sha256, Failing(*errors)))


@pytest.mark.parametrize("error", [RuntimeError("a secret"), ValueError("a secret"), MemoryError("a secret")])
def test_a_model_that_fails_is_not_ready(model: LoadedModel, told: list[logging.LogRecord], error: Exception) -> None:
    app = failing_app(model, error)
    warm_up(app)
    client = app.test_client()
    assert client.get("/livez").status_code == 200
    for response in refusals(client):
        assert ProblemDocument.model_validate_json(response.data).type == "/docs#problem-not-ready"
        assert "secret" not in response.text
    (record,) = told
    assert record.exc_info is not None
    assert record.exc_info[1] is error


def test_a_test_that_failed_is_repeated_when_clients_may_come_again(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    client = failing_app(model, MemoryError(), MemoryError()).test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").status_code == 503
    now += 1
    assert client.get("/readyz").status_code == 503
    now += 1
    assert client.get("/readyz").status_code == 200
    assert client.post("/v1/classify", json={"text": ""}).status_code == 200


def test_other_labels_are_logged_and_not_tested_again(
    model: LoadedModel, told: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = model.manifest.golden.model_copy(update={"side": Side.CONTESTED})
    manifest = model.manifest.model_copy(update={"golden": golden})
    client = create_app(Settings(), model=LoadedModel(manifest, model.sha256, model.classifier)).test_client()
    for now in (1000.0, 2000.0):
        monkeypatch.setattr("time.monotonic", lambda now=now: now)
        assert client.get("/readyz").status_code == 503
    (record,) = told
    assert record.levelname == "ERROR"


def test_draining_turns_new_clients_away_and_serves_those_that_come(make_app: MakeApp) -> None:
    app = make_app()
    client = app.test_client()
    assert client.get("/readyz").status_code == 200
    drain(app)
    response = client.get("/readyz")
    assert (response.status_code, response.get_json()["detail"]) == (503, "the process is draining")
    assert client.get("/livez").status_code == 200
    assert client.post("/v1/classify", json={"text": ""}).status_code == 200


def _in_child(app: Flask) -> dict[str, int]:
    """Ask for readiness in a forked process, which says how often the model was tested there."""
    health = app.extensions["standpoint"]
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        status = app.test_client().get("/readyz").status_code
        os.write(write, json.dumps({"status": status, "tested_in": health._tested_in, "pid": os.getpid()}).encode())
        os._exit(0)
    os.waitpid(child, 0)
    told: dict[str, int] = json.loads(os.read(read, 1000))
    os.close(read)
    os.close(write)
    return told


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_each_process_tests_the_model_for_itself(make_app: MakeApp) -> None:
    app = make_app()
    assert app.test_client().get("/readyz").status_code == 200
    told = _in_child(app)
    assert told["status"] == 200
    assert told["tested_in"] == told["pid"] != os.getpid()
