"""Texts cut into paragraphs, within the limits of one application."""

from __future__ import annotations

from typing import Final

from models.spans import Span
from models.text import split_paragraphs
from service.problems import Kind, ProblemError

# No news text has more lines per paragraph.
_MOST_LINES: Final = 20


def cut_text(text: str, most: float) -> list[Span]:
    """Return the paragraphs of ``text``.

    Raises:
        ProblemError: 413, since it has more than ``most`` of them.
    """
    # Cutting takes much longer than counting, and an answer would be refused in any case.
    if text.count("\n") > _MOST_LINES * most and (lines := _filled_lines(text)) > _MOST_LINES * most:
        raise ProblemError(Kind.TOO_MANY_PARAGRAPHS, f"{lines} lines; a document may have {most} paragraphs")
    spans = split_paragraphs(text)
    check_paragraphs(len(spans), most)
    return spans


def _filled_lines(text: str) -> int:
    return sum(1 for line in text.split("\n") if line.strip())


def check_paragraphs(count: int, most: float) -> None:
    """Make sure that a document of ``count`` paragraphs is within the limit.

    Raises:
        ProblemError: 413, since it has more than ``most`` of them.
    """
    if count > most:
        raise ProblemError(Kind.TOO_MANY_PARAGRAPHS, f"{count} paragraphs; a document may have {most}")
