"""What clients send: pydantic definitions that validate requests and that the OpenAPI document is made from.

Everything is strict: a value of another JSON type is refused, never converted, and so is ``null``. An unknown field
beside ``text``, ``paragraphs`` or ``documents``, or in ``options``, is refused as well, since a misspelled option would
silently change the answer. Inside a document unknown fields are ignored: it is the client's own record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from service.problems import MOST_ERRORS

# More than there are, for clients that name one twice.
_MOST_PARTS: Final = 16


class Offsets(StrEnum):
    """Unit of every offset in the response."""

    CODEPOINT = "codepoint"
    UTF16 = "utf16"


class Part(StrEnum):
    """A part of the analysis."""

    STANCE = "stance"
    VOICE = "voice"
    FRAMING = "framing"


def _without_default(schema: dict[str, Any]) -> None:
    # The defaults of text and paragraphs only stand for "not given"; a client must not take them for values.
    schema.pop("default", None)


def _one_of_these(default: object, description: str) -> Any:  # noqa: ANN401 - stands for a field of any type
    return Field(default=default, description=description, json_schema_extra=_without_default)


def _as_enum(kind: type[StrEnum]) -> Any:  # noqa: ANN401 - pydantic's own type for annotations
    # Strict validation takes no strings for enumerations from Python objects, only from JSON text.
    return Field(strict=False, description=kind.__doc__)


def _up_to_many_errors(value: object) -> object:
    """Cut a list off after so many items that are not strings: a million errors would take gigabytes to describe."""
    if isinstance(value, list):
        wrong = list(islice((at for at, item in enumerate(value) if not isinstance(item, str)), MOST_ERRORS))
        if len(wrong) == MOST_ERRORS:
            return value[: wrong[-1] + 1]
    return value


def _up_to_many_fields(kind: type[BaseModel], value: object) -> object:
    """Leave out unknown fields of an object past so many; for the same reason."""
    if isinstance(value, dict) and len(value) > MOST_ERRORS:
        known = {name: value[name] for name in kind.model_fields if name in value}
        return known | dict(islice(((name, part) for name, part in value.items() if name not in known), MOST_ERRORS))
    return value


def _up_to_too_many(value: object) -> object:
    return value[: _MOST_PARTS + 1] if isinstance(value, list) else value


_Paragraphs = Annotated[list[str], BeforeValidator(_up_to_many_errors)]
_Parts = Annotated[list[Annotated[Part, _as_enum(Part)]], BeforeValidator(_up_to_too_many)]


class Options(BaseModel):
    """How to analyze and what to answer."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    explain: bool = Field(default=False, description="add to each stance the words that moved its label most")
    offsets: Annotated[Offsets, _as_enum(Offsets)] = Offsets.CODEPOINT
    include: _Parts = Field(
        default=list(Part), max_length=_MOST_PARTS, description="parts to answer; what is not named is left out"
    )

    @model_validator(mode="before")
    @classmethod
    def _few(cls, value: object) -> object:
        return _up_to_many_fields(cls, value)


DEFAULT_OPTIONS: Final = Options()


class Content(BaseModel):
    """Exactly one of ``text`` and ``paragraphs``."""

    text: str = _one_of_these("", "plain text, to be cut into paragraphs")
    paragraphs: _Paragraphs = _one_of_these([], "paragraphs, scored as they are")


def _one_of(model: BaseModel, *names: str) -> None:
    given = [name for name in names if name in model.model_fields_set]
    if len(given) != 1:
        found = f"found {' and '.join(given)}" if given else "found none"
        raise PydanticCustomError("one_of", f"exactly one of {', '.join(names)} is needed; {found}")


class Document(Content):
    """One document: an element of ``documents``, or a line of a stream."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["paragraphs"]}]},
    )

    id: str | None = Field(default=None, description="echoed in the result; need not be unique")
    options: Options | None = Field(default=None, description="in place of the request's options")

    @model_validator(mode="after")
    def _check(self) -> Self:
        _one_of(self, "text", "paragraphs")
        return self


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that failed validation, while its neighbors may be fine: its id, if it has one, and what is wrong."""

    id: str | None
    errors: list[ErrorDetails]


def parse_document(value: object) -> Document | Rejected:
    """Validate one document, without raising for a bad one."""
    try:
        return Document.model_validate(value)
    except ValidationError as error:
        given = value.get("id") if isinstance(value, dict) else None
        return Rejected(given if isinstance(given, str) else None, details(error))


UNPAIRED: Final = object()
"""Stands for a string with an unpaired surrogate: half of a character, which JSON can write and UTF-8 can't hold."""


def details(error: ValidationError) -> list[ErrorDetails]:
    """Return what is wrong, without the values that are: those are the client's and may be long."""
    found = error.errors(include_url=False, include_context=False)
    for one in found:
        if one["input"] is UNPAIRED:
            one["msg"] = "Input should be a string without unpaired surrogates"
        one["input"] = None
    return found


_TOLERANT: Final = PlainValidator(parse_document, json_schema_input_type=Document)


class ClassifyRequest(Content):
    """A request body: exactly one of ``text``, ``paragraphs`` and ``documents``."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "oneOf": [{"required": ["text"]}, {"required": ["paragraphs"]}, {"required": ["documents"]}],
        },
    )

    documents: list[Annotated[Document | Rejected, _TOLERANT]] = _one_of_these([], "documents, each with a result")
    options: Options = DEFAULT_OPTIONS

    @model_validator(mode="before")
    @classmethod
    def _few(cls, value: object) -> object:
        return _up_to_many_fields(cls, value)

    @model_validator(mode="after")
    def _check(self) -> Self:
        _one_of(self, "text", "paragraphs", "documents")
        return self


def _begins_with_month(value: str) -> str:
    try:
        date.fromisoformat(f"{value[:7]}-01")
    except ValueError:
        raise PydanticCustomError("month", "Input should begin with a year and a month, like 2022-03-01") from None
    return value


class TermsDocument(Content):
    """One document whose terms are to be counted. Unknown fields are ignored: it is the client's own record."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["paragraphs"]}]},
    )

    source: str | None = Field(default=None, description="outlet; counted apart")
    date: Annotated[str, AfterValidator(_begins_with_month)] | None = Field(
        default=None, description="ISO 8601 date, of which year and month count"
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        _one_of(self, "text", "paragraphs")
        return self


class TermsRequest(BaseModel):
    """Documents whose terms are to be counted together."""

    model_config = ConfigDict(extra="forbid", strict=True)

    documents: list[TermsDocument]

    @model_validator(mode="before")
    @classmethod
    def _few(cls, value: object) -> object:
        return _up_to_many_fields(cls, value)
