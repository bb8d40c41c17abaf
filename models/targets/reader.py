"""Reading a TOML table field by field, with errors that name file, entry and field."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from models.errors import TableError


class Reader:
    """One file and the checks that every field goes through.

    Attributes:
        path: The file.
        data: Its content.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError as error:
            raise TableError(f"{path.name}: no such file in {path.parent}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise TableError(f"{path.name}: not valid TOML: {error}") from error

    def error(self, entry: str, field: str, problem: str) -> TableError:
        """Return an error that names the file, this entry and this field."""
        return TableError(f"{self.path.name}: {entry}: field {field!r} {problem}")

    def known(self, data: dict[str, Any], fields: set[str], entry: str) -> None:
        """Refuse fields of an entry that are not among ``fields``."""
        for field in data.keys() - fields:
            raise self.error(entry, field, f"is unknown; known are {', '.join(sorted(fields))}")

    def entries(self, data: dict[str, Any], field: str, entry: str) -> list[dict[str, Any]]:
        """Return a list of tables, empty where the field is missing."""
        value = data.get(field, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(entry, field, "must be a list of tables")
        return value

    def text(self, data: dict[str, Any], field: str, entry: str) -> str:
        """Return a text that is not empty."""
        value = data.get(field)
        if not isinstance(value, str) or not value.strip():
            raise self.error(entry, field, "must be a text that is not empty")
        return value

    def texts(self, data: dict[str, Any], field: str, entry: str, *, optional: bool = False) -> tuple[str, ...]:
        """Return a list of texts without blanks at their edges, not empty unless it is optional and missing."""
        value = data.get(field)
        if value is None and optional:
            return ()
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            raise self.error(entry, field, "must be a list of texts that is not empty")
        for item in value:
            if not item or item != item.strip():
                raise self.error(entry, field, f"has {item!r}: empty, or with blanks at its edges")
        return tuple(value)

    def flag(self, data: dict[str, Any], field: str, entry: str, *, optional: bool = False) -> bool:
        """Return a truth value, False where it is optional and missing."""
        value = data.get(field, False if optional else None)
        if not isinstance(value, bool):
            raise self.error(entry, field, "must be true or false")
        return value
