"""``flask --app service classify FILE…``: results as JSON lines."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

import click
import orjson

from service.commands.inputs import files_argument, format_option, read_batches, tell
from service.lines import Line
from service.requests import Offsets, Options, Part
from service.scoring import Scorer
from service.stream import cut_line

_START: Final = b'{"id":'
"""How every result begins."""


@dataclass(frozen=True, slots=True)
class Job:
    """How documents are to be answered, which of them not again, and where to."""

    scorer: Scorer
    options: Options
    done: frozenset[str]
    target: IO[bytes]


def _choice(kind: type[StrEnum]) -> click.Choice[str]:
    # click takes members of an enumeration by their names, in capitals; its values are what clients know.
    return click.Choice([member.value for member in kind])


def classify_command(scorer: Scorer) -> click.Command:
    """Return the command, which answers with ``scorer``."""

    @click.command("classify")
    @files_argument
    @click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write here, not to stdout.")
    @click.option("--resume", is_flag=True, help="Keep what --output holds, and skip the ids in it.")
    @format_option
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
        text, with the file's name for its id. "-" is standard input. What can't be scored is told on standard error,
        and the exit code is then 1.
        """
        if resume and output is None:
            raise click.UsageError("--resume needs --output")
        parts = [Part(name) for name in include] or list(Part)
        options = Options(explain=explain, offsets=Offsets(offsets), include=parts)
        done = _finished_ids(output) if resume and output and output.exists() else frozenset()
        with ExitStack() as stack:
            mode = "ab" if resume else "wb"
            target = stack.enter_context(output.open(mode)) if output else sys.stdout.buffer
            job = Job(scorer, options, done, target)
            failed = sum(
                _answer(name, batch, job) for name, batch in read_batches(files, kind, scorer.settings.max_body_bytes)
            )
        sys.exit(1 if failed else 0)

    return classify


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
            tell(name, line.number, cut.problem)
    job.target.flush()
    return failed


def _finished_ids(output: Path) -> frozenset[str]:
    """Return the ids of the results in ``output``, after cutting off a last line that was not written whole.

    Raises:
        click.ClickException: The file holds something else; it is left as it is.
    """
    found = set()
    whole = 0
    with output.open("rb+") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n") and line.startswith(_START[: len(line)]):
                break
            whole += len(line)
            found.add(_id(line, f"{output}:{number}"))
        file.truncate(whole)
    return frozenset(name for name in found if name is not None)


def _id(line: bytes, place: str) -> str | None:
    try:
        result = orjson.loads(line)
    except orjson.JSONDecodeError:
        result = None
    if not isinstance(result, dict) or not {"id", "paragraphs"} <= result.keys():
        raise click.ClickException(f"{place}: this is no result; --resume goes on only with what this command wrote")
    return result["id"] if isinstance(result["id"], str) else None
