"""Files and standard input as documents, a line each, with a progress bar on a terminal."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Final

import click
import orjson

from service.lines import Line, LineCutter, batches
from service.problems import Problem

_CHUNK: Final = 8 * 1024
_JSONL: Final = frozenset({".jsonl", ".ndjson"})

files_argument: Final = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
format_option: Final = click.option(
    "--format",
    "kind",
    type=click.Choice(["auto", "text", "jsonl"]),
    default="auto",
    show_default=True,
    help="Format of the files; auto goes by their names, and for standard input by its first character.",
)


def read_batches(files: Iterable[str], kind: str, longest: int) -> Iterator[tuple[str, list[Line]]]:
    """Yield the documents of all ``files``, by the batch, with the name of the file they are from.

    Args:
        files: Names of files; ``-`` is standard input.
        kind: ``auto``, ``text`` or ``jsonl``.
        longest: Bytes of the longest line read.

    Raises:
        click.ClickException: A file can't be read.
    """
    files = list(files)
    size = sum(_size(name) for name in files)
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=size, label="Reading", file=sys.stderr, hidden=hidden) as bar:
        for name in files:
            with _reading(name), _open(name) as source:
                for batch in batches(_lines(source, name, kind, LineCutter(longest), bar.update)):
                    yield click.format_filename(name), batch


def tell(name: str, line: int, problem: Problem) -> None:
    """Say on standard error what is wrong with a document."""
    fields = [": ".join(filter(None, (error["pointer"], error["detail"]))) for error in problem.errors]
    # Of one field the problem's own detail says the same.
    details = fields if len(fields) == 1 else [problem.detail, *fields]
    click.echo(f"{name}:{line}: {problem.title}: {'; '.join(details)}", err=True)


def _size(name: str) -> int:
    with _reading(name):
        return Path(name).stat().st_size if name != "-" else 0


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        told = f"{click.format_filename(name)}: can't be read ({error.strerror or error})"
        raise click.ClickException(f"{told}; run again once it can be") from error


def _open(name: str) -> AbstractContextManager[IO[bytes]]:
    if name != "-":
        return Path(name).open("rb")
    if sys.stdin is None:
        raise click.ClickException("standard input is closed; name a file to read")
    return nullcontext(sys.stdin.buffer)


def _lines(
    source: IO[bytes], name: str, kind: str, cutter: LineCutter, advance: Callable[[int], None]
) -> Iterator[Line]:
    """Yield the documents of one file as lines; a plain text becomes one."""
    first = source.read(_CHUNK).removeprefix(BOM_UTF8)
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
        detail = f"byte {error.start} is not UTF-8 ({error.reason}); convert the file to UTF-8"
        return Line(1, Problem("about:blank", 400, "The text is not UTF-8", detail))
    return Line(1, orjson.dumps({"id": click.format_filename(name), "text": text}))
