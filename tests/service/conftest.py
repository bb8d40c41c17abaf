from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.store import LoadedModel, load, save
from service import Settings, create_app
from tests.core.classifiers import WordClassifier, draft

MakeApp = Callable[..., Flask]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A model that decides by words which tests put into their texts."""
    directory = tmp_path_factory.mktemp("models") / "words"
    save(directory, WordClassifier(), draft())
    return load(directory)


@pytest.fixture
def make_app(model: LoadedModel) -> MakeApp:
    def make(**settings: object) -> Flask:
        return create_app(Settings.model_validate(settings), model=model)

    return make


@pytest.fixture(scope="session")
def app(model: LoadedModel) -> Flask:
    return create_app(Settings(), model=model)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def told() -> Iterator[list[logging.LogRecord]]:
    """What the service says in its log, access lines aside."""
    handler = _Kept()
    logger = logging.getLogger("standpoint.service")
    logger.addHandler(handler)
    yield handler.records
    logger.removeHandler(handler)
