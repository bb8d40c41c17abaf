"""Options that several commands around the encoder have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from training.encoder import network
from training.encoder.train import Settings

DATA: Final = click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Directory with paragraphs.train.jsonl.gz, paragraphs.validation.jsonl.gz (or .jsonl) and human/.",
)
RUN: Final = click.option(
    "--run",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Directory of the run: its checkpoint, its curve and its frozen spellings.",
)

THREADS: Final = click.option(
    "--threads", type=click.IntRange(min=1), default=Settings.threads, show_default=True, help="Threads for torch."
)
MINUTES: Final = click.FloatRange(min=0, min_open=True)
LAYERS: Final = click.option(
    "--layers",
    type=click.IntRange(2, network.LAYERS),
    default=network.LAYERS,
    show_default=True,
    help="How many of the pretrained layers to keep, from the lowest up.",
)
BFLOAT16: Final = click.option(
    "--bfloat16/--float32",
    default=Settings.bfloat16,
    show_default=True,
    help="Number format to compute in; bfloat16 is twice as fast on CPUs with instructions for it.",
)
