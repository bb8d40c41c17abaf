"""Throughput of the service beside the model in process and the usual ways, in turns, with the ratios of each turn."""

from __future__ import annotations

import datetime
import hashlib
import json
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.in_process import Crew, has_torch, ours, separate_pipelines, separate_transformers
from benchmarks.over_http import CLIENTS_PER_WORKER, Load, percentiles
from benchmarks.paragraphs import paragraphs
from benchmarks.server import Server
from models.store import load
from training.machine import describe_machine

_LATENCY_REQUESTS: Final = 300
_EXPLAINED_REQUESTS: Final = 30

_WAYS: Final = {
    "http": "the service over HTTP",
    "in_process": "the same model called in process",
    "pipelines": "three scikit-learn pipelines (TF-IDF, logistic regression), called once a paragraph",
    "transformers": "three transformers of RoBERTa-base's size (torch, fp32), called once a paragraph",
}

Report = dict[str, Any]


class Plan(NamedTuple):
    """How to measure.

    Attributes:
        cores: Worker processes, of the service and of each other way.
        batch: Paragraphs in a request.
        rounds: How often the ways take turns.
        seconds: Length of a turn.
    """

    cores: int
    batch: int
    rounds: int
    seconds: float


def measure(model: str, plan: Plan, say: Callable[[str], object]) -> Report:
    """Return what was measured for one model, a shipped one or a directory; ``say`` is told of each turn."""
    loaded = load(model)
    with ExitStack() as stack:
        started = time.perf_counter()
        server = stack.enter_context(Server({"STANDPOINT_MODEL": model, "STANDPOINT_WORKERS": str(plan.cores)}))
        ready = time.perf_counter() - started
        requests = Load(server, CLIENTS_PER_WORKER * plan.cores, plan.batch)
        ways: dict[str, Callable[[float], float]] = {"http": requests.rate}
        for name, make, args, batch in _crews(model, plan.batch):
            ways[name] = stack.enter_context(Crew(make, *args, size=plan.cores, batch=batch)).rate
        requests.rate(plan.seconds)
        turns = _take_turns(ways, plan, lambda text: say(f"{model}: {text}"))
        latency = {
            str(size): percentiles(Load(server, 1, size).latencies(_LATENCY_REQUESTS))
            for size in sorted({1, plan.batch})
        }
        explained = Load(server, 1, 1, options={"explain": True}).latencies(_EXPLAINED_REQUESTS)
        latency["1, with `explain`"] = percentiles(explained)
    return {
        "model": {"name": loaded.manifest.name, "version": loaded.manifest.version, "sha256": loaded.sha256},
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": describe_machine(),
        "paragraphs": {
            "count": len(paragraphs()),
            "sha256": hashlib.sha256("\n\n".join(paragraphs()).encode()).hexdigest(),
        },
        "settings": plan._asdict(),
        "rates": {name: _spread(turns[name], 1) for name in ways},
        "ratios": {
            f"http/{name}": _spread([a / b for a, b in zip(turns["http"], turns[name], strict=True)], 3)
            for name in ways
            if name != "http"
        },
        "latency_ms": latency,
        "start_seconds": round(ready, 1),
    }


def _crews(model: str, batch: int) -> list[tuple[str, Callable[..., Any], tuple[str, ...], int]]:
    crews: list[tuple[str, Callable[..., Any], tuple[str, ...], int]] = [
        ("in_process", ours, (model,), batch),
        # These take a paragraph at a time whatever they are given; given one, their turns end when they should.
        ("pipelines", separate_pipelines, (), 1),
    ]
    return [*crews, ("transformers", separate_transformers, (), 1)] if has_torch() else crews


def _take_turns(
    ways: dict[str, Callable[[float], float]], plan: Plan, say: Callable[[str], object]
) -> dict[str, list[float]]:
    turns: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(1, plan.rounds + 1):
        # Every other round goes backwards: none always follows the same one.
        for name in list(ways)[:: 1 if number % 2 else -1]:
            turns[name].append(ways[name](plan.seconds))
        told = ", ".join(f"{name} {rates[-1]:.0f}" for name, rates in turns.items())
        say(f"round {number} of {plan.rounds}: {told} paragraphs per second")
    return turns


def _spread(values: Sequence[float], decimals: int) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), decimals),
        "min": round(min(values), decimals),
        "max": round(max(values), decimals),
    }


def write(out: Path, reports: list[Report]) -> None:
    """Write the reports as ``out``.json and ``out``.md."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.with_suffix(".json").write_text(json.dumps(reports, indent=2) + "\n")
    out.with_suffix(".md").write_text("\n".join(["# Speed", "", _INTRODUCTION, "", *map(_section, reports)]))


_INTRODUCTION: Final = """\
Written by `make bench`, not by hand. All ways label the same paragraphs, which were written for this purpose, on as
many processes as there are cores, with one thread each. They take turns; each figure is the median of its turns, with
the lowest and the highest in brackets, and ratios are taken turn by turn. The clients run on the same cores as the
service, at its expense. The pipelines and transformers, which stand for the usual ways, give stances only; they are
fitted on meaningless data or not at all, since what they learned does not change their speed."""


def _section(report: Report) -> str:
    model, settings = report["model"], report["settings"]
    rows = [
        f"| {_WAYS[name]} | {_told(rate, _decimals(rate))} | {_ratio(report['ratios'].get(f'http/{name}'))} |"
        for name, rate in report["rates"].items()
    ]
    latencies = [
        f"| {size} | {found['p50']} | {found['p95']} | {found['p99']} |" for size, found in report["latency_ms"].items()
    ]
    return "\n".join(
        [
            f"## `{model['name']}` {model['version']}",
            "",
            f"Measured on {report['date']}: {report['machine']}; {settings['cores']} processes, "
            f"{settings['batch']} paragraphs per request, {settings['rounds']} turns of {settings['seconds']:g} "
            f"seconds; model {model['sha256'][:12]}, paragraphs {report['paragraphs']['sha256'][:12]}.",
            "",
            "| way | paragraphs per second | service ÷ this way |",
            "|---|---|---|",
            *rows,
            "",
            "One client at a time, milliseconds per request:",
            "",
            "| paragraphs | median | 95 % | 99 % |",
            "|---|---|---|---|",
            *latencies,
            "",
            f"From the command to the first “ready”: {report['start_seconds']} seconds.",
            "",
        ]
    )


def _decimals(spread: dict[str, float]) -> int:
    return 0 if spread["median"] >= 10 else 1


def _told(spread: dict[str, float], decimals: int) -> str:
    return f"{spread['median']:,.{decimals}f} ({spread['min']:,.{decimals}f}–{spread['max']:,.{decimals}f})"


def _ratio(spread: dict[str, float] | None) -> str:
    return "" if spread is None else f"× {_told(spread, 2)}"
