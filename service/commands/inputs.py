"""Files and standard input as documents, a line each, with a progress bar on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Final

import click
import orjson

from service.lines import Line, LineCutter, batches
from service.problems import Kind, Problem, ProblemError

_CHUNK: Final = 8 * 1024
_JSONL: Final = frozenset({".jsonl", ".ndjson"})
_BOM: Final = b"\xef\xbb\xbf"

files_argument: Final = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
format_option: Final = click.option(
    "--format",
    "kind",
    type=click.Choice(["auto", "text", "jsonl"]),
    default="auto",
    show_default=True,
    help="What the files are; auto tells by their names, and standard input by its first character.",
)


def read_batches(files: Iterable[str], kind: str, longest: int) -> Iterator[tuple[str, list[Line]]]:
    """Yield the documents of all ``files``, by the batch, with the name of the file they are from.

    Args:
        files: Names of files; ``-`` is standard input.
        kind: ``auto``, ``text`` or ``jsonl``.
        longest: Bytes of the longest line read.
    """
    files = list(files)
    size = sum(Path(name).stat().st_size for name in files if name != "-")
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=size, label="Reading", file=sys.stderr, hidden=hidden) as bar:
        for name in files:
            with click.open_file(name, "rb") as source:
                for batch in batches(_lines(source, name, kind, LineCutter(longest), bar.update)):
                    yield name, batch


def tell(name: str, line: int, problem: Problem) -> None:
    """Say on standard error what is wrong with a document."""
    fields = "".join(f"; {error['pointer'] or '/'}: {error['detail']}" for error in problem.errors)
    click.echo(f"{name}:{line}: {problem.title}: {problem.detail}{fields}", err=True)


def _lines(
    source: IO[bytes], name: str, kind: str, cutter: LineCutter, advance: Callable[[int], None]
) -> Iterator[Line]:
    """Yield the documents of one file as lines; a plain text becomes one."""
    first = source.read(_CHUNK).removeprefix(_BOM)
    if kind == "text" or (kind == "auto" and not _looks_like_jsonl(name, first)):
        data = first + source.read()
        yield _as_line(name, data)
        advance(len(data))
        return
    while first:
        yield from cutter.feed(first)
        advance(len(first))
        first = source.read(_CHUNK)
    yield from cutter.finish()


def _looks_like_jsonl(name: str, start: bytes) -> bool:
    return start.lstrip().startswith(b"{") if name == "-" else Path(name).suffix.lower() in _JSONL


def _as_line(name: str, data: bytes) -> Line:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return Line(1, ProblemError(Kind.MALFORMED_JSON, f"not UTF-8 at byte {error.start}").problem)
    return Line(1, orjson.dumps({"id": name, "text": text}))
