"""``python -m benchmarks``: measures the service's speed and writes it down."""

from __future__ import annotations

import os

# As the service has it: one thread a process, or the processes would be in each other's way.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[_variable] = "1"

from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import click  # noqa: E402

from benchmarks.server import ROOT, ServerError  # noqa: E402
from benchmarks.speed import Plan, measure, write  # noqa: E402
from models.errors import StandpointError  # noqa: E402
from models.store import load, shipped_models  # noqa: E402
from service.serving import usable_cores  # noqa: E402


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
def main() -> None:
    """Measure the speed of the service on this machine, which should have nothing else to do."""


@main.command()
@click.option(
    "--model", "models", multiple=True, help="Model to measure; may be repeated.  [default: all shipped models]"
)
@click.option(
    "--cores", type=click.IntRange(min=1), default=usable_cores, help="Processes for each of the compared ways."
)
@click.option("--batch", type=click.IntRange(min=1), default=12, help="Paragraphs in a request.")
@click.option("--rounds", type=click.IntRange(min=1), default=7, help="Rounds; each way has one turn per round.")
@click.option("--seconds", type=click.FloatRange(min=0.1), default=3.0, help="How long each turn lasts.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=ROOT / "docs/speed", help="Report to write, without .md or .json."
)
def http(models: tuple[str, ...], out: Path, **plan: Any) -> None:  # noqa: ANN401 - click's own options
    """Measure throughput over HTTP against the model called in process, and against the usual ways.

    The ways take turns, and ratios are taken turn by turn, so that what else the machine does falls on all of them.
    """
    try:
        for model in models:
            load(model)
        reports = [measure(model, Plan(**plan), click.echo) for model in models or shipped_models()]
    except (StandpointError, ServerError) as error:
        raise click.ClickException(str(error)) from error
    write(out, reports)
    click.echo(out.with_suffix(".md").read_text())


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
