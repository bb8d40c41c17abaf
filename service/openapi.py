"""The OpenAPI 3.1 document, made from the definitions that validate requests and describe answers.

openapi-pydantic checks the document against OpenAPI's own object model and takes the schemas from our definitions; it
has no part in answering requests, which leaves errors and streams to this service.
"""

from __future__ import annotations

import json
from typing import Any, Final

from openapi_pydantic import OpenAPI
from openapi_pydantic.util import PydanticSchema, construct_open_api_with_schema_class
from pydantic import BaseModel

from service import examples, logs, problems
from service.parsing import FORM, JSON, NDJSON
from service.problems import Kind
from service.requests import ClassifyRequest, Document, Offsets, Part, TermsRequest
from service.responses import ClassifyResponse, ModelCard, ProblemDocument, Status, StreamLine, TermsResponse

_Object = dict[str, Any]

VERSION: Final = "0.1.0"
"""Version of the service, as in ``pyproject.toml``, which no image holds; a test compares them."""

_HTML: Final = "text/html"
_TEXT: Final = "text/plain"

_BODY_PROBLEMS: Final = (
    Kind.MALFORMED_JSON,
    Kind.INCOMPLETE_BODY,
    Kind.BODY_TOO_LARGE,
    Kind.TOO_MANY_DOCUMENTS,
    Kind.TOO_MANY_PARAGRAPHS,
    Kind.UNSUPPORTED_MEDIA_TYPE,
    Kind.INVALID_REQUEST,
    Kind.OVERLOADED,
    Kind.NOT_READY,
)
_TERMS_PROBLEMS: Final = tuple(kind for kind in _BODY_PROBLEMS if kind is not Kind.NOT_READY)
_FORM_PROBLEMS: Final = tuple(
    kind for kind in _BODY_PROBLEMS if kind not in {Kind.MALFORMED_JSON, Kind.TOO_MANY_DOCUMENTS}
)
_RETRIED: Final = frozenset({429, 503})


def openapi_document() -> _Object:
    """Return the document as a JSON object."""
    document = OpenAPI.model_validate(
        {
            "openapi": "3.1.1",
            "info": {
                "title": "Standpoint",
                "version": VERSION,
                "summary": "Stance, voice and framing of news paragraphs on Russia, Ukraine and the United States",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "paths": _paths(),
        }
    )
    built = construct_open_api_with_schema_class(document)
    return _without_unused_schemas(built.model_dump(mode="json", by_alias=True, exclude_none=True))


def _without_unused_schemas(document: _Object) -> _Object:
    """Leave out schemas that nothing refers to: what validation makes of a wrong document, which no client sees."""
    schemas = document["components"]["schemas"]
    while True:
        text = json.dumps(document)
        unused = [name for name in schemas if f'"#/components/schemas/{name}"' not in text]
        if not unused:
            return document
        for name in unused:
            del schemas[name]


def _paths() -> _Object:
    return {
        "/v1/classify": {"post": _classify()},
        "/v1/terms": {"post": _terms()},
        "/v1/model": _get("model", "The model served, its quality and this service's limits", _json(ModelCard)),
        "/livez": _get("livez", "Whether the process answers", _json(Status)),
        "/readyz": _get("readyz", "Whether the process may be sent requests", _json(Status), Kind.NOT_READY),
        "/metrics": _get("metrics", "Prometheus metrics over all worker processes", _plain(_TEXT, "The metrics")),
        "/openapi.json": _get("openapi", "This document", _plain(JSON, "OpenAPI 3.1", "object")),
        "/docs": _get("docs", "A page to read this document", _plain(_HTML, "The page")),
        "/": _get("page", "A page to paste an article into", _plain(_HTML, "The page")) | {"post": _page_post()},
    }


def _classify() -> _Object:
    answer = {
        "description": "The result; with `documents`, and in streams, errors stand in the place of results",
        "headers": _headers(),
        "content": {JSON: {"schema": _schema(ClassifyResponse)}, NDJSON: {"schema": _schema(StreamLine)}},
    }
    return {
        "operationId": "classify",
        "summary": "Label the paragraphs of one or more documents",
        "description": "As `application/json` one request; as `application/x-ndjson` a document on each line (the "
        "schema describes one line) and a result on each line of the answer, sent as it is ready",
        "parameters": _stream_parameters(),
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": _schema(ClassifyRequest), "examples": examples.REQUESTS},
                NDJSON: {"schema": _schema(Document), "examples": examples.LINES},
            },
        },
        "responses": _answers(answer, *_BODY_PROBLEMS),
    }


def _terms() -> _Object:
    body = {"schema": _schema(TermsRequest), "examples": examples.TERMS}
    return {
        "operationId": "terms",
        "summary": "Count loaded terms and spellings by entry, side, source and month",
        "requestBody": {"required": True, "content": {JSON: body}},
        "responses": _answers(_json(TermsResponse), *_TERMS_PROBLEMS),
    }


def _stream_parameters() -> list[_Object]:
    parts = {"type": "array", "items": {"type": "string", "enum": list(Part)}}
    schemas = {"explain": {"type": "boolean"}, "offsets": {"type": "string", "enum": list(Offsets)}, "include": parts}
    return [
        # Not exploded, as OpenAPI says it: include=stance,voice.
        {"name": name, "in": "query", "description": f"Option `{name}` of a stream", "schema": schema, "explode": False}
        for name, schema in schemas.items()
    ]


def _page_post() -> _Object:
    fields = {"text": {"type": "string"}, "explain": {"type": "string"}}
    form = {"schema": {"type": "object", "properties": fields, "required": ["text"]}}
    return {
        "operationId": "page_result",
        "summary": "The page with an article's results",
        "requestBody": {"required": True, "content": {FORM: form}},
        "responses": _answers(_plain(_HTML, "The page with results"), *_FORM_PROBLEMS),
    }


def _get(name: str, summary: str, answer: _Object, *kinds: Kind) -> _Object:
    return {"get": {"operationId": name, "summary": summary, "responses": _answers(answer, *kinds)}}


def _answers(answer: _Object, *kinds: Kind) -> _Object:
    by_status: dict[int, list[str]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind.title)
    told = {str(status): _problem("; ".join(titles), status) for status, titles in by_status.items()}
    return {"200": answer, **told, "default": _problem("Any other error")}


def _problem(description: str, status: int | None = None) -> _Object:
    retry = {"Retry-After": _header("Seconds to wait before the next try", "integer")} if status in _RETRIED else {}
    return {
        "description": description,
        "headers": _headers() | retry,
        "content": {problems.MEDIA_TYPE: {"schema": _schema(ProblemDocument)}},
    }


def _json(model: type[BaseModel]) -> _Object:
    description = (model.__doc__ or model.__name__).strip()
    return {"description": description, "headers": _headers(), "content": {JSON: {"schema": _schema(model)}}}


def _plain(media_type: str, description: str, kind: str = "string") -> _Object:
    return {"description": description, "headers": _headers(), "content": {media_type: {"schema": {"type": kind}}}}


def _headers() -> _Object:
    return {logs.HEADER: _header("The request's id: the client's own, or one made here", "string")}


def _header(description: str, kind: str) -> _Object:
    return {"description": description, "schema": {"type": kind}}


def _schema(model: type[BaseModel]) -> PydanticSchema[BaseModel]:
    return PydanticSchema[BaseModel].model_validate({"schema_class": model})
