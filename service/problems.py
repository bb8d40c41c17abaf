"""Problem documents (RFC 9457): the one shape of every error the service answers.

A :class:`ProblemError` is raised where something is found wrong and answered by :func:`install`'s handlers; the same
object stands in place of a document's result where only that document is at fault.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Any, Final, Self

import orjson
from flask import Flask, Response
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from service import metrics

MEDIA_TYPE: Final = "application/problem+json"
MOST_ERRORS: Final = 20
"""A request with a thousand wrong fields is explained well enough by the first of them."""

# pydantic speaks of Python where clients know JSON.
_WORDS: Final = {
    "model_type": "Input should be an object",
    "list_type": "Input should be an array",
    "extra_forbidden": "There is no such field",
}

_log = logging.getLogger("standpoint.service")


class Kind(Enum):
    """Every kind of problem this service tells apart: slug, status, title."""

    MALFORMED_JSON = ("malformed-json", 400, "The body is not JSON")
    INCOMPLETE_BODY = ("incomplete-body", 400, "The body ended early")
    NOT_FOUND = ("not-found", 404, "There is nothing at this path")
    METHOD_NOT_ALLOWED = ("method-not-allowed", 405, "The path does not answer this method")
    BODY_TOO_LARGE = ("body-too-large", 413, "The body is over the limit")
    TOO_MANY_DOCUMENTS = ("too-many-documents", 413, "More documents than the limit")
    TOO_MANY_PARAGRAPHS = ("too-many-paragraphs", 413, "More paragraphs than the limit")
    UNSUPPORTED_MEDIA_TYPE = ("unsupported-media-type", 415, "The body is of a type not read here")
    INVALID_REQUEST = ("invalid-request", 422, "The body has the wrong shape")
    OVERLOADED = ("overloaded", 429, "Too many requests at once")
    INTERNAL_ERROR = ("internal-error", 500, "The service failed")
    NOT_READY = ("not-ready", 503, "The service is not ready")

    def __init__(self, slug: str, status: int, title: str) -> None:
        self.slug = slug
        self.status = status
        self.title = title

    @property
    def type(self) -> str:
        """Reference to where the kind is described, relative to the service."""
        return f"/docs#problem-{self.slug}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, ready to be told."""

    type: str
    status: int
    title: str
    detail: str
    errors: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def of(cls, kind: Kind, detail: str, errors: Iterable[Mapping[str, str]] = ()) -> Self:
        """Return a problem of a kind."""
        return cls(kind.type, kind.status, kind.title, detail, tuple(errors))

    def as_json(self) -> dict[str, Any]:
        """Return the problem object."""
        body: dict[str, Any] = {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return body | {"errors": list(self.errors)} if self.errors else body


class ProblemError(Exception):
    """Raised to answer a request, or one document of it, with a problem."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        errors: Iterable[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem.of(kind, detail, errors)
        self.headers = headers


def invalid(errors: list[ErrorDetails], *prefix: str | int) -> ProblemError:
    """Return the 422 problem for pydantic's ``errors``, their pointers put under ``prefix``."""
    told = [
        {"pointer": pointer(*prefix, *error["loc"]), "detail": _WORDS.get(error["type"], error["msg"])}
        for error in errors[:MOST_ERRORS]
    ]
    detail = told[0]["detail"] if len(told) == 1 else f"{len(told)} things are wrong"
    if len(told) == MOST_ERRORS:
        detail += ", or more"
    return ProblemError(Kind.INVALID_REQUEST, detail, errors=told)


def pointer(*parts: str | int) -> str:
    """Return the JSON Pointer (RFC 6901) to ``parts``; empty for the whole document."""
    return "".join("/" + _printable(str(part)).replace("~", "~0").replace("/", "~1") for part in parts)


def from_bug(error: Exception, request_id: str | None = None) -> Problem:
    """Log an error that nobody expected, and return the problem to be told instead of it.

    The request's id need only be given where Flask no longer knows the request, as in a stream.
    """
    fields = {"request_id": request_id} if request_id else {}
    _log.error("unhandled %s", type(error).__name__, exc_info=error, extra={"fields": fields})
    return Problem.of(Kind.INTERNAL_ERROR, "It has been logged under this request's id.")


def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the HTTP answer for ``problem``."""
    metrics.count_problem(problem.status)
    return Response(orjson.dumps(problem.as_json()), problem.status, headers, content_type=MEDIA_TYPE)


def install(app: Flask) -> None:
    """Answer every error of ``app``, expected or not, with a problem document."""
    app.register_error_handler(ProblemError, lambda error: respond(error.problem, error.headers))
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, lambda error: respond(from_bug(error)))


def _printable(part: str) -> str:
    # A client's own field name may be anything; a pointer of a megabyte helps nobody.
    return part if len(part) <= 200 else part[:200] + "…"


_KINDS: Final = {
    404: Kind.NOT_FOUND,
    405: Kind.METHOD_NOT_ALLOWED,
    413: Kind.BODY_TOO_LARGE,
    415: Kind.UNSUPPORTED_MEDIA_TYPE,
}


def _from_http(error: HTTPException) -> Response:
    """Tell an error of Flask or Werkzeug; its headers (Allow, Retry-After) are kept, its HTML is not."""
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    detail = error.description or HTTPStatus(status).description
    kind = _KINDS.get(status)
    if kind is None:
        return respond(Problem("about:blank", status, HTTPStatus(status).phrase, detail), headers)
    return respond(Problem(kind.type, status, kind.title, detail), headers)
