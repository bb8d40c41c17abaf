"""Bytes into lines of a limited length, and lines into batches."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable

import pytest

from service.lines import Line, LineCutter, batches
from service.problems import Problem


def cut(pieces: Iterable[bytes], limit: int = 10) -> list[tuple[int, bytes | int]]:
    """Return the number of each line with its content, or with the status of what is wrong with it."""
    cutter = LineCutter(limit)
    lines = [line for piece in pieces for line in cutter.feed(piece)] + list(cutter.finish())
    return [(n, told.status if isinstance(told, Problem) else told) for n, told in lines]


DATA = b"0123456789\n0123456789a\n\nnext\n0123456789"
LINES = [(1, b"0123456789"), (2, 413), (4, b"next"), (5, b"0123456789")]


@pytest.mark.parametrize("size", [1, 2, 7, 11, 100])
def test_a_line_may_be_as_long_as_the_limit_however_it_comes(size: int) -> None:
    assert cut(DATA[at : at + size] for at in range(0, len(DATA), size)) == LINES


def test_a_last_line_that_is_too_long_is_told() -> None:
    assert cut([b"a\n0123456789a"]) == [(1, b"a"), (2, 413)]


def test_what_is_told_of_a_line_names_the_limit() -> None:
    ((number, problem),) = LineCutter(10).feed(b"0123456789a\n")
    assert number == 1
    assert isinstance(problem, Problem)
    assert "10 bytes" in problem.detail


def test_a_line_over_the_limit_is_not_held() -> None:
    cutter, piece = LineCutter(2**20), b"x" * 2**20
    tracemalloc.start()
    try:
        for _ in range(100):
            assert list(cutter.feed(piece)) == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # Of the hundred mebibytes that came, the line that may be held, and copies of a piece.
    assert peak < 8 * 2**20


def of_size(size: int, count: int) -> list[Line | None]:
    return [Line(number, b"x" * size) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("lines", "sizes"),
    [
        ([], []),
        (of_size(10, 15), [15]),
        (of_size(10, 16), [16]),
        (of_size(10, 17), [16, 1]),
        (of_size(10, 40), [16, 16, 8]),
        (of_size(32 * 1024, 5), [2, 2, 1]),
        (of_size(32 * 1024 - 1, 5), [3, 2]),
        (of_size(64 * 1024, 2), [1, 1]),
        (of_size(10**6, 2), [1, 1]),
    ],
)
def test_a_batch_ends_with_sixteen_lines_or_64_kibibytes(lines: list[Line | None], sizes: list[int]) -> None:
    found = list(batches(lines))
    assert [len(batch) for batch in found] == sizes
    assert [line for batch in found for line in batch] == lines


def test_a_batch_ends_where_no_more_has_come_yet() -> None:
    one, other = of_size(10, 2)
    assert list(batches([None, one, None, None, other, None])) == [[one], [other]]


def test_what_can_not_be_read_counts_among_the_lines() -> None:
    problem = Problem("about:blank", 400, "No", "no")
    assert [len(batch) for batch in batches(Line(number, problem) for number in range(20))] == [16, 4]
