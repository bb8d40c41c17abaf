"""Options that several commands of training have in common."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click
from pydantic import TypeAdapter, ValidationError

from models.manifest import ModelName, ModelVersion

_NAME: Final[TypeAdapter[str]] = TypeAdapter(ModelName)
_VERSION: Final[TypeAdapter[str]] = TypeAdapter(ModelVersion)
_DIRECTORY: Final = click.Path(exists=True, file_okay=False, path_type=Path)

DATA: Final = click.option(
    "--data",
    type=_DIRECTORY,
    required=True,
    help="Directory with paragraphs.train.jsonl.gz and paragraphs.validation.jsonl.gz (or .jsonl).",
)
VALIDATION: Final = click.option(
    "--data", type=_DIRECTORY, required=True, help="Directory with paragraphs.validation.jsonl.gz."
)
PAGE: Final = click.option(
    "--markdown", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Page to write."
)
SEED: Final = click.option("--seed", default=0, show_default=True, help="Seed of everything random.")
VERSION: Final = click.option(
    "--version",
    default="1.0.0",
    show_default=True,
    callback=lambda _, __, value: _version(value),
    help="Version to give the model.",
)
DRAWS: Final = click.option("--draws", default=1000, show_default=True, help="Bootstrap draws of documents.")


class ModelDirectory(click.Path):
    """A model directory to write, whose own name becomes the model's: an unfit one is refused before hours of work."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; a name that no manifest may have is a usage error."""
        name = Path(value).absolute().name
        try:
            _NAME.validate_python(name)
        except ValidationError:
            self.fail(
                f"a model can't be called {name!r}: use small letters, digits and hyphens, a letter first.", param, ctx
            )
        return super().convert(value, param, ctx)


def _version(value: str) -> str:
    try:
        return _VERSION.validate_python(value)
    except ValidationError:
        raise click.BadParameter(f"{value!r} is no version: give three numbers, as in 1.0.0.") from None
