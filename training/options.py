"""Options that several commands of training have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
from pydantic import TypeAdapter, ValidationError

from models.manifest import ModelVersion
from training.outputs import OutputFile

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
    "--markdown", type=OutputFile(), required=True, help="Page to write, anew if it is there already."
)
SEEDS: Final = click.IntRange(0, 2**32 - 1)
"""What numpy and scikit-learn take as a seed."""

SEED: Final = click.option("--seed", type=SEEDS, default=0, show_default=True, help="Random seed.")
FOLDS: Final = click.IntRange(min=2)
VERSION: Final = click.option(
    "--version",
    default="1.0.0",
    show_default=True,
    callback=lambda _, __, value: _version(value),
    help="Version to give the model.",
)
DRAWS: Final = click.option(
    "--draws", type=click.IntRange(min=1), default=1000, show_default=True, help="Bootstrap draws of documents."
)


def _version(value: str) -> str:
    try:
        return _VERSION.validate_python(value)
    except ValidationError:
        raise click.BadParameter(f"{value!r} is not a version: give three numbers, as in 1.0.0.") from None
