"""The labelled paragraphs that were written for these tests, prepared."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from models.heads import HeadLabels
from models.paragraph import Paragraph, prepare
from training.corpus import read_corpus

PATH = Path(__file__).parents[1] / "training" / "paragraphs.jsonl"


@cache
def labelled() -> tuple[list[Paragraph], HeadLabels]:
    """Return the paragraphs and their labels."""
    corpus = read_corpus(PATH)
    return [prepare(text) for text in corpus.texts], corpus.labels
