"""``flask --app service terms FILE…``: counts of terms as CSV, and the picture of their adoption."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Final

import click

from models.terminology import TermReport, adoption_svg
from service.commands.inputs import files_argument, format_option, read_batches, tell
from service.commands.outputs import check_outputs, write_whole
from service.lines import Line
from service.parsing import parse_terms_line
from service.problems import Problem, ProblemError
from service.settings import Settings
from service.terms import add_document

_WAY_ON: Final = "--overwrite replaces it"
_STDOUT: Final = Path("-")


def terms_command(settings: Settings) -> click.Command:
    """Return the command."""

    @click.command("terms")
    @files_argument
    @click.option(
        "--csv",
        "table",
        type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
        default=_STDOUT,
        help="File to write the counts to instead of stdout.",
    )
    @click.option(
        "--plot", type=click.Path(dir_okay=False, path_type=Path), help="SVG file to draw adoption over time in."
    )
    @click.option("--overwrite", is_flag=True, help="Overwrite what --csv and --plot hold.")
    @click.option("--by-entry", is_flag=True, help="Draw one line per entry.")
    @format_option
    def terms(  # noqa: PLR0917 - click passes them by name
        files: tuple[str, ...], table: Path, plot: Path | None, overwrite: bool, by_entry: bool, kind: str
    ) -> None:
        """Count loaded terms and spellings in FILES by entry, side, source and month.

        A .jsonl or .ndjson file holds one document per line: {"text": …, "source": …, "date": "2022-03-01"}. Any
        other file is one undated document of plain text. The source defaults to the file's name. What can't be read is
        reported on standard error, and the exit code is then 1.
        """
        target = None if table == _STDOUT else table
        if target and plot and os.path.realpath(target) == os.path.realpath(plot):
            raise click.UsageError("--csv and --plot name the same file")
        check_outputs(files, [target, plot] if plot else [target], may_hold=overwrite, ways_on=_WAY_ON)
        report = TermReport()
        failed = sum(
            not _add(report, name, line)
            for name, batch in read_batches(files, kind, settings.max_body_bytes)
            for line in batch
        )
        write_whole(target, _csv(report))
        if plot:
            write_whole(plot, adoption_svg(report.adoption(by_entry=by_entry)))
        sys.exit(1 if failed else 0)

    return terms


def _csv(report: TermReport) -> str:
    table = io.StringIO(newline="")
    report.write_csv(table)
    return table.getvalue()


def _add(report: TermReport, name: str, line: Line) -> bool:
    """Count the terms of a line and return whether it could be read."""
    try:
        if isinstance(line.content, Problem):
            tell(name, line.number, line.content)
            return False
        add_document(report, parse_terms_line(line.content), source=name)
    except ProblemError as error:
        tell(name, line.number, error.problem)
        return False
    return True
