"""``flask --app service classify FILE…``: results as JSON lines."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

import click
import orjson

from service.commands.earlier import EarlierResults
from service.commands.inputs import files_argument, format_option, read_batches, tell
from service.commands.outputs import check_outputs, opened
from service.lines import Line
from service.requests import Offsets, Options, Part
from service.scoring import Scorer
from service.stream import cut_line

_WAYS_ON: Final = "--resume goes on with it, --overwrite replaces it"


@dataclass(frozen=True, slots=True)
class Job:
    """How documents are to be answered, where to, and what is there already."""

    scorer: Scorer
    options: Options
    target: IO[bytes]
    earlier: EarlierResults | None


def _choice(kind: type[StrEnum]) -> click.Choice[str]:
    # click takes members of an enumeration by their names, in capitals; its values are what clients know.
    return click.Choice([member.value for member in kind])


def classify_command(scorer: Scorer) -> click.Command:
    """Return the command, which answers with ``scorer``."""

    @click.command("classify")
    @files_argument
    @click.option(
        "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="File to write to instead of stdout."
    )
    @click.option("--resume", is_flag=True, help="Go on where the run that wrote --output stopped.")
    @click.option("--overwrite", is_flag=True, help="Overwrite what --output holds.")
    @format_option
    @click.option("--explain", is_flag=True, help="Add the words that moved each stance label most.")
    @click.option(
        "--offsets",
        type=_choice(Offsets),
        default="codepoint",
        show_default=True,
        help="Unit of start and end: code points, or UTF-16 units as in JavaScript.",
    )
    @click.option(
        "--include",
        multiple=True,
        type=_choice(Part),
        help="Part of the result to write; may be repeated. Default: all.",
    )
    def classify(  # noqa: PLR0917 - click passes them by name
        files: tuple[str, ...],
        output: Path | None,
        resume: bool,
        overwrite: bool,
        kind: str,
        explain: bool,
        offsets: str,
        include: tuple[str, ...],
    ) -> None:
        """Label the documents in FILES and write one JSON result per line.

        A .jsonl or .ndjson file holds one document per line: {"id": …, "text": …}. Any other file is one document of
        plain text, whose id is the file's name. "-" is standard input. What can't be scored is reported on standard
        error, and the exit code is then 1.

        --resume needs the same FILES, model and options again: results stand in the order of the documents, and as many
        documents are skipped as --output has results.
        """
        if (resume or overwrite) and output is None:
            raise click.UsageError(f"--{'resume' if resume else 'overwrite'} needs --output")
        if resume and overwrite:
            raise click.UsageError("--resume keeps what --output holds, --overwrite replaces it: give one of them")
        check_outputs(files, [output], may_hold=resume or overwrite, ways_on=_WAYS_ON)
        parts = [Part(name) for name in include] or list(Part)
        options = Options(explain=explain, offsets=Offsets(offsets), include=parts)
        with opened(output, keep=resume) as target:
            earlier = EarlierResults(target, click.format_filename(output), scorer.model) if resume and output else None
            job = Job(scorer, options, target, earlier)
            failed = sum(
                _answer(name, batch, job) for name, batch in read_batches(files, kind, scorer.settings.max_body_bytes)
            )
            if earlier:
                earlier.finish()
        sys.exit(1 if failed else 0)

    return classify


def _answer(name: str, lines: list[Line], job: Job) -> int:
    """Write the results of ``lines`` and return how many failed."""
    cuts = [(line, cut_line(line, job.scorer, job.options)) for line in lines]
    wanted = [
        (line, cut) for line, cut in cuts if not (job.earlier and job.earlier.answer(f"{name}:{line.number}", cut))
    ]
    failed = 0
    for (line, cut), result in zip(wanted, job.scorer.results([cut for _, cut in wanted]), strict=True):
        if cut.problem is None:
            job.target.write(orjson.dumps(result, option=orjson.OPT_APPEND_NEWLINE))
        else:
            failed += 1
            tell(name, line.number, cut.problem)
    job.target.flush()
    return failed
