"""Every setting of the service, typed, defaulted and described in one place.

Each is read from the environment as ``STANDPOINT_`` and its name in capitals. A test holds the tables in
``docs/settings.md`` to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Final, Literal

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.text import MAX_LENGTH

PREFIX: Final = "STANDPOINT_"


class Settings(BaseSettings):
    """Settings of one application; immutable once made."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    model: str = Field(default="ensemble", description="model to serve: the name of a shipped model, or a directory")
    max_body_bytes: int = Field(
        default=4 * 2**20,
        ge=1024,
        description="largest request body or line of a stream, in bytes; above it 413",
    )
    max_documents: int = Field(default=1000, ge=1, description="most documents in one request; above it 413")
    max_document_paragraphs: int = Field(
        default=2000,
        ge=1,
        description="most paragraphs in one document; above it 413, or an `error` in place of that document's result",
    )
    max_request_paragraphs: int = Field(
        default=4000, ge=1, description="most paragraphs scored in one request, all documents together; above it 413"
    )
    max_paragraph_length: int = Field(
        default=MAX_LENGTH,
        ge=1,
        le=MAX_LENGTH,
        description="longest paragraph that is scored, in code points; a longer one is `too_long`",
    )
    max_in_flight: int = Field(
        default=32, ge=1, description="requests that a worker process scores or keeps waiting at once; above it 429"
    )
    computing: int = Field(
        default=1,
        ge=1,
        description="how many of these compute at once; they take turns every few paragraphs. More than 1 pays only "
        "where a worker has several cores to itself",
    )
    retry_after_seconds: int = Field(default=1, ge=1, description="`Retry-After` of answers with 429 and 503")
    stream_ahead_bytes: int = Field(
        default=256 * 2**20,
        ge=2**20,
        description="how much of a stream's input may be read ahead of its results, so that clients that send "
        "everything before they read do not block; past 1 MiB it is kept in a temporary file",
    )
    streams_ahead_bytes: int = Field(
        default=384 * 2**20,
        ge=0,
        description="how large these files of a worker process may become together; past it their clients wait",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="lowest level that is logged; access lines are `INFO`"
    )


def settings_table(kind: type[BaseSettings] = Settings) -> str:
    """Return a Markdown table of every setting in ``kind``; a default that depends on the machine is left open."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in kind.model_fields.items()
    ]
    return "\n".join(["| variable | default | what |", "|---|---|---|", *rows]) + "\n"


def _default(field: FieldInfo) -> str:
    return "" if field.default_factory else f"`{field.default}`"


def wrong_settings(error: ValidationError) -> str:
    """Return what is wrong with the settings in the environment, in one line."""
    return "; ".join(
        f"setting {PREFIX}{'.'.join(map(str, told['loc'])).upper().removeprefix(PREFIX)}: {told['msg']}"
        for told in error.errors()
    )


def unknown_settings(names: Iterable[str], *kinds: type[BaseSettings]) -> Iterator[str]:
    """Yield a line for each environment variable in ``names`` that looks like a setting and is none of ``kinds``."""
    known = [field.upper() for kind in kinds for field in kind.model_fields]
    for name in names:
        # The prefix that all share would make any two of them alike.
        field = name.upper().removeprefix(PREFIX)
        if name.upper().startswith(PREFIX) and field not in known:
            meant = get_close_matches(field, known, 1)
            yield f"there is no setting {name}" + (f"; did you mean {PREFIX}{meant[0]}?" if meant else "")
