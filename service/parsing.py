"""From bytes to validated requests, with a problem for whatever is wrong with them."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import Any, Final, TypeVar

import orjson
from flask import Request
from pydantic import BaseModel, ValidationError

from service.problems import Kind, ProblemError, invalid
from service.requests import (
    UNPAIRED,
    ClassifyRequest,
    Document,
    Rejected,
    TermsDocument,
    TermsRequest,
    details,
    parse_document,
)

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
FORM: Final = "application/x-www-form-urlencoded"

_Model = TypeVar("_Model", bound=BaseModel)


def media_type(request: Request, *accepted: str) -> str:
    """Return the body's media type.

    Raises:
        ProblemError: 415, since it is missing, not one of ``accepted``, not in UTF-8, or compressed.
    """
    wanted = " or ".join(accepted)
    headers = {"Accept-Post": ", ".join(accepted)}
    if request.mimetype not in accepted:
        found = f"Content-Type is {request.mimetype[:100]!r}" if request.mimetype else "there is no Content-Type"
        raise ProblemError(Kind.UNSUPPORTED_MEDIA_TYPE, f"{found}; send {wanted}", headers=headers)
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise ProblemError(Kind.UNSUPPORTED_MEDIA_TYPE, f"charset is {charset[:100]!r}; send UTF-8", headers=headers)
    coding = request.headers.get("Content-Encoding", "")
    if any(name.strip().lower() not in {"", "identity"} for name in coding.split(",")):
        detail = f"Content-Encoding is {coding[:100]!r}; send the body as it is"
        raise ProblemError(Kind.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept-Encoding": "identity"})
    return request.mimetype


def decode(data: bytes) -> Any:  # noqa: ANN401 - whatever JSON there is
    """Return the value of JSON text, which must be UTF-8 as RFC 8259 has it; a byte order mark is passed over.

    Refuses ``NaN``, the infinities and nesting deeper than about a thousand levels. An unpaired surrogate that is
    escaped, and a number beyond a double, are JSON all the same: validation refuses what it must of them. Of a
    repeated key the last value counts.

    Raises:
        ProblemError: 400, with the place in the text.
    """
    data = data.removeprefix(BOM_UTF8)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            return _whole(json.loads(data.decode(), parse_constant=_no_constant))
        except (ValueError, RecursionError):
            raise ProblemError(Kind.MALFORMED_JSON, _what_is_wrong(data, error)) from error


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _whole(value: Any) -> Any:  # noqa: ANN401 - whatever JSON there is
    """Return ``value`` with each string that no UTF-8 can hold replaced by something that is not a string."""
    if isinstance(value, str):
        return value if _can_be_told(value) else UNPAIRED
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {name if _can_be_told(name) else ascii(name): _whole(item) for name, item in value.items()}
    return value


def _can_be_told(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _what_is_wrong(data: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as undecoded:  # of which orjson tells no place
        return f"byte {undecoded.start} is not UTF-8 ({undecoded.reason})"
    return f"{error.msg} at line {error.lineno}, column {error.colno}"


def parse_request(data: bytes, most_documents: int) -> ClassifyRequest:
    """Return the request in a JSON body.

    Raises:
        ProblemError: 400 for malformed JSON, 413 for too many documents, 422 for a wrong shape.
    """
    return _validated(ClassifyRequest, _few_documents(decode(data), most_documents))


def parse_line(data: bytes) -> Document | Rejected:
    """Return the document in a line of a stream.

    Raises:
        ProblemError: 400 for malformed JSON.
    """
    return parse_document(decode(data))


def parse_terms(data: bytes, most_documents: int) -> TermsRequest:
    """Return the request for counts of terms in a JSON body.

    Raises:
        ProblemError: 400 for malformed JSON, 413 for too many documents, 422 for a wrong shape.
    """
    return _validated(TermsRequest, _few_documents(decode(data), most_documents))


def parse_terms_line(data: bytes) -> TermsDocument:
    """Return the document in a line of a file whose terms are to be counted.

    Raises:
        ProblemError: 400 for malformed JSON, 422 for a wrong shape.
    """
    return _validated(TermsDocument, decode(data))


def _few_documents(value: object, most: int) -> object:
    """Return ``value``, if it has no more documents than ``most``: a bad one costs much more than its few bytes."""
    documents = value.get("documents") if isinstance(value, dict) else None
    if isinstance(documents, list) and len(documents) > most:
        raise ProblemError(Kind.TOO_MANY_DOCUMENTS, f"{len(documents)} documents; a request may have {most}")
    return value


def _validated(kind: type[_Model], value: object) -> _Model:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise invalid(details(error)) from error
