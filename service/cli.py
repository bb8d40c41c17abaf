"""The command line: ``flask --app service classify FILE…``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

import click
import orjson
from flask import Flask

from service.lines import Line, LineCutter, batches
from service.problems import Kind, ProblemError
from service.requests import Offsets, Options, Part
from service.scoring import Scorer
from service.stream import cut_line

_CHUNK: Final = 64 * 1024
_JSONL: Final = frozenset({".jsonl", ".ndjson"})
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Job:
    """How the files of one command are to be read and answered."""

    scorer: Scorer
    options: Options
    format: str
    done: frozenset[str]
    target: IO[bytes]


def _choice(kind: type[StrEnum]) -> click.Choice[str]:
    # click takes members of an enumeration by their names, in capitals; its values are what clients know.
    return click.Choice([member.value for member in kind])


def install(app: Flask, scorer: Scorer) -> None:
    """Add the commands to ``app``."""

    @app.cli.command("classify")
    @click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
    @click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write here, not to stdout.")
    @click.option("--resume", is_flag=True, help="Keep what --output holds, and skip the ids in it.")
    @click.option("--format", "kind", type=click.Choice(["auto", "text", "jsonl"]), default="auto", show_default=True)
    @click.option("--explain", is_flag=True, help="Add the words that moved each stance label most.")
    @click.option("--offsets", type=_choice(Offsets), default="codepoint", show_default=True)
    @click.option("--include", multiple=True, type=_choice(Part), help="Part to answer; all by default.")
    def classify(  # noqa: PLR0917 - click passes them by name
        files: tuple[str, ...],
        output: Path | None,
        resume: bool,
        kind: str,
        explain: bool,
        offsets: str,
        include: tuple[str, ...],
    ) -> None:
        """Label the documents in FILES and write a JSON result for each, one a line.

        A .jsonl or .ndjson file holds a document a line: {"id": …, "text": …}. Any other file is one document of plain
        text, with the file's name for its id. "-" is standard input, either of the two by its first character.
        What can't be scored is told on standard error, and the exit code is then 1.
        """
        if resume and output is None:
            raise click.UsageError("--resume needs --output")
        parts = [Part(name) for name in include] or list(Part)
        options = Options(explain=explain, offsets=Offsets(offsets), include=parts)
        done = _finished_ids(output) if resume and output and output.exists() else frozenset()
        with ExitStack() as stack:
            mode = "ab" if resume else "wb"
            target = stack.enter_context(output.open(mode)) if output else sys.stdout.buffer
            failed = _classify(files, Job(scorer, options, kind, done, target))
        sys.exit(1 if failed else 0)


def _classify(files: Iterable[str], job: Job) -> int:
    """Write the results of all ``files`` and return how many documents failed."""
    failed = 0
    size = sum(Path(name).stat().st_size for name in files if name != "-")
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=size, label="Classifying", file=sys.stderr, hidden=hidden) as bar:
        for name in files:
            with click.open_file(name, "rb") as source:
                for batch in batches(_lines(source, name, job, bar.update)):
                    failed += _answer(name, batch, job)
    return failed


def _answer(name: str, lines: list[Line], job: Job) -> int:
    """Write the results of ``lines`` and return how many failed."""
    cuts = [(line, cut_line(line, job.scorer, job.options)) for line in lines]
    wanted = [(line, cut) for line, cut in cuts if cut.id is None or cut.id not in job.done]
    failed = 0
    for (line, cut), result in zip(wanted, job.scorer.results([cut for _, cut in wanted]), strict=True):
        if cut.problem is None:
            job.target.write(orjson.dumps(result, option=orjson.OPT_APPEND_NEWLINE))
        else:
            failed += 1
            fields = "".join(f"; {error['pointer'] or '/'}: {error['detail']}" for error in cut.problem.errors)
            click.echo(f"{name}:{line.number}: {cut.problem.title}: {cut.problem.detail}{fields}", err=True)
    job.target.flush()
    return failed


def _lines(source: IO[bytes], name: str, job: Job, advance: Callable[[int], None]) -> Iterator[Line]:
    """Yield the documents of one file as lines; a plain text becomes one."""
    first = source.read(_CHUNK).removeprefix(_BOM)
    if job.format == "text" or (job.format == "auto" and not _looks_like_jsonl(name, first)):
        data = first + source.read()
        yield _as_line(name, data)
        advance(len(data))
        return
    cutter = LineCutter(job.scorer.settings.max_body_bytes)
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


def _finished_ids(output: Path) -> frozenset[str]:
    """Return the ids of the results in ``output``, after cutting off a last line that was not written whole."""
    found = set()
    whole = 0
    with output.open("rb+") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            found.add(orjson.loads(line)["id"])
        file.truncate(whole)
    return frozenset(found - {None})
