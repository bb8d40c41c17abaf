"""Cuts arriving bytes into lines, holding no more than one line of a limited length, and lines into batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from service.problems import Kind, Problem, ProblemError

# Enough paragraphs to be worth a batch, few enough for the first result to come soon.
_BATCH_LINES: Final = 16
_BATCH_BYTES: Final = 64 * 1024


class Line(NamedTuple):
    """A line with its number from 1, without its end; a problem stands for what can't be read."""

    number: int
    content: bytes | Problem


class LineCutter:
    """Takes pieces of a stream and gives its lines; blank ones are counted and left out."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = bytearray()
        self._number = 1
        self._too_long = False

    def feed(self, data: bytes) -> Iterator[Line]:
        """Yield the lines that end in ``data``."""
        *ends, rest = data.split(b"\n")
        for end in ends:
            self._hold(end)
            yield from self._line()
            self._number += 1
        self._hold(rest)

    def finish(self) -> Iterator[Line]:
        """Yield what is left at the end: a last line without an end."""
        yield from self._line()

    def broken_off(self, problem: Problem) -> Line:
        """Return ``problem`` in place of the line in which the stream broke off."""
        return Line(self._number, problem)

    def _hold(self, data: bytes) -> None:
        self._too_long = self._too_long or len(self._held) + len(data) > self._limit
        if self._too_long:
            self._held.clear()
        else:
            self._held += data

    def _line(self) -> Iterator[Line]:
        content = bytes(self._held)
        if self._too_long:
            detail = f"the line is longer than {self._limit} bytes"
            yield Line(self._number, ProblemError(Kind.BODY_TOO_LARGE, detail).problem)
        elif content.strip():
            yield Line(self._number, content)
        self._held.clear()
        self._too_long = False


def batches(lines: Iterable[Line | None]) -> Iterator[list[Line]]:
    """Yield lines by the batch; None among them means that no more have come yet, so the batch ends there."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        if line is not None:
            batch.append(line)
            size += len(line.content) if isinstance(line.content, bytes) else 0
        if batch and (line is None or len(batch) == _BATCH_LINES or size >= _BATCH_BYTES):
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
