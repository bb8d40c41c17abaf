"""What the server answers by itself, before a request reaches the application or after it came out unanswered."""

from __future__ import annotations

import http.client
import logging
import socket

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http import errors

from service.responses import ProblemDocument
from service.serving.logger import EventLogger
from service.serving.worker import PatientWorker


def answer_to(error: BaseException) -> http.client.HTTPResponse:
    worker = object.__new__(PatientWorker)
    vars(worker)["log"] = logging.getLogger("standpoint.test")
    client, server = socket.socketpair()
    with client, server:
        worker.handle_error(None, server, None, error)
        server.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(client)
        response.begin()
        return response


@pytest.mark.parametrize(
    ("error", "status", "level"),
    [
        (errors.InvalidRequestLine("GET"), 400, "INFO"),
        (errors.InvalidHeader("CONTENT-LENGTH"), 400, "INFO"),
        (errors.LimitRequestLine(9000, 4094), 414, "INFO"),
        (errors.LimitRequestHeaders("many"), 431, "INFO"),
        (errors.ExpectationFailed("tea"), 417, "INFO"),
        (ZeroDivisionError("a secret"), 500, "ERROR"),
    ],
)
def test_an_answer_of_the_server_is_a_problem_with_an_id_that_is_logged(
    caplog: pytest.LogCaptureFixture, error: Exception, status: int, level: str
) -> None:
    with caplog.at_level("INFO", "standpoint.test"):
        response = answer_to(error)
    body = response.read()
    assert (response.status, response.headers["Content-Type"]) == (status, "application/problem+json")
    assert ProblemDocument.model_validate_json(body).status == status
    assert b"secret" not in body
    (record,) = caplog.records
    assert record.levelname == level
    assert record.__dict__["fields"]["request_id"] == response.headers["X-Request-ID"]
    assert len(response.headers["X-Request-ID"]) == 32


def test_the_server_puts_no_access_lines_together_though_its_log_is_configured() -> None:
    config = Config()
    config.set("logconfig_dict", {"disable_existing_loggers": False})
    assert Logger(config).access_log_enabled
    logger = EventLogger(config)
    assert not logger.access_log_enabled
    # Nothing is looked at: gunicorn's own logger would fail here.
    logger.access(None, None, {}, None)
    with pytest.raises(AttributeError):
        Logger(config).access(None, None, {}, None)
