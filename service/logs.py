"""Structured logs: one JSON object a line on standard error, and never a word of any article.

An access line holds the route, not the path, and no query: what clients put there is theirs.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
import uuid
from typing import Final

from flask import Flask, Response, g, has_request_context, request

from models.errors import StandpointError
from service import metrics

HEADER: Final = "X-Request-ID"

_access = logging.getLogger("standpoint.access")
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")


class JsonFormatter(logging.Formatter):
    """Formats a record, with the fields given as ``extra={"fields": {...}}``, as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for ``record``."""
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **({"request_id": g.request_id} if has_request_context() and "request_id" in g else {}),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["trace"] = _trace(record.exc_info[1])
        return json.dumps(line)


_OF_NO_TEXT: Final = (OSError, ImportError, StandpointError)
"""Errors of the system and of the installation, which say nothing of what was sent."""

_MOST_CAUSES: Final = 16


def _trace(error: BaseException) -> str:
    """Return where ``error`` came from, but not what it says: that may quote an article, which no log may hold."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause and cause not in chain and len(chain) < _MOST_CAUSES:
        chain.insert(0, cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n\n".join(f"{''.join(traceback.format_tb(one.__traceback__))}{_name(one)}" for one in chain)


def _name(error: BaseException) -> str:
    name = type(error).__qualname__
    said = error.strerror if isinstance(error, OSError) else error
    return f"{name}: {said}" if isinstance(error, _OF_NO_TEXT) and said else name


def configure(level: str) -> None:
    """Send what this service logs to standard error, from ``level`` on; once a process, whatever is called when."""
    logger = logging.getLogger("standpoint")
    logger.setLevel(level)
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter())
        logger.addHandler(handler)
        logger.propagate = False


def new_id() -> str:
    """Return an id for a request that came without one, or never as far as its headers."""
    return uuid.uuid4().hex


def install(app: Flask) -> None:
    """Give each request an id, log it and count it when it has been answered."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    g.started = time.perf_counter()
    given = request.headers.get(HEADER, "")
    g.request_id = given if _ID.fullmatch(given) else new_id()


def _finish(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    endpoint, method, started = request.endpoint, request.method, g.started
    route = str(request.url_rule) if request.url_rule else None
    fields = {"request_id": g.request_id, "method": method[:10], "route": route}

    def answered() -> None:
        seconds = time.perf_counter() - started
        metrics.count_request(endpoint, method, response.status_code, seconds)
        _access.info(
            "request", extra={"fields": fields | {"status": response.status_code, "ms": round(seconds * 1000, 2)}}
        )

    if response.is_streamed:
        response.call_on_close(answered)
    else:
        answered()
    return response
