"""Options that several commands of training have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

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
DRAWS: Final = click.option("--draws", default=1000, show_default=True, help="Bootstrap draws of documents.")
