"""Prometheus metrics, summed over worker processes when ``PROMETHEUS_MULTIPROC_DIR`` names a directory.

prometheus_client looks at that variable when it is imported, so whatever starts the workers sets it, and empties the
directory, before this module is loaded. A server that replaces workers calls :func:`forget_worker` for each dead one.
"""

from __future__ import annotations

import os
from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from flask import Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, exposition, multiprocess
from prometheus_client.registry import REGISTRY

from models.analysis import ParagraphResult
from models.labels import STANCE_HEADS, Target
from models.manifest import Manifest

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)

REQUESTS: Final = Counter("standpoint_requests", "Requests answered", ["endpoint", "method", "status"])
LATENCY: Final = Histogram("standpoint_request_seconds", "Seconds to an answer", ["endpoint"], buckets=_SECONDS)
IN_FLIGHT: Final = Gauge("standpoint_in_flight", "Requests scored or waiting now", multiprocess_mode="livesum")
BATCHES: Final = Histogram(
    "standpoint_batch_paragraphs", "Paragraphs scored for one request, or one batch of a stream", buckets=_SIZES
)
DOCUMENTS: Final = Counter("standpoint_documents", "Documents answered", ["outcome"])
PARAGRAPHS: Final = Counter("standpoint_paragraphs", "Paragraphs answered", ["status"])
SKIPS: Final = Counter("standpoint_skips", "Paragraphs not scored", ["reason"])
LABELS: Final = Counter("standpoint_labels", "Labels given", ["head", "label"])
ERRORS: Final = Counter("standpoint_errors", "Problems answered, for requests, documents and lines", ["status"])
MODEL: Final = Gauge(
    "standpoint_model_info", "The model served; always 1", ["name", "version", "sha256"], multiprocess_mode="max"
)


def count_request(endpoint: str | None, method: str, status: int, seconds: float) -> None:
    """Count one answered request; what no route matched is one endpoint, whatever its path."""
    endpoint = endpoint or "unmatched"
    _counter(REQUESTS, endpoint, method if method in _METHODS else "other", status).inc()
    LATENCY.labels(endpoint).observe(seconds)


def count_refusal(status: int) -> None:
    """Count a request that was answered with a problem before it was known what it asks for."""
    _counter(REQUESTS, "unmatched", "other", status).inc()
    count_problem(status)


def count_problem(status: int) -> None:
    """Count one problem told to a client."""
    _counter(ERRORS, status).inc()


def count_documents(scored: int, failed: int) -> None:
    """Count documents answered with a result and with an error."""
    for outcome, count in (("scored", scored), ("error", failed)):
        if count:
            _counter(DOCUMENTS, outcome).inc(count)


def count_results(results: Sequence[ParagraphResult]) -> None:
    """Count the paragraphs of one batch, their skips and their labels."""
    skips: Tally[str] = Tally([result.reason for result in results if result.reason is not None])
    scored = [result.scores for result in results if result.scores is not None]
    given: dict[str, list[str]] = {
        head: [scores.stance[target].label for scores in scored]
        for head, target in zip(STANCE_HEADS, Target, strict=True)
    }
    given["voice"] = [scores.voice.label for scores in scored]
    given["side"] = [scores.side.label for scores in scored]
    given["frames"] = [label for scores in scored for label, _ in scores.frames]
    given["narratives"] = [label for scores in scored for label, _ in scores.narratives]
    _add_results(len(results), skips, {head: Tally(labels) for head, labels in given.items()})


def _add_results(total: int, skips: Tally[str], labels: Mapping[str, Tally[str]]) -> None:
    scored = total - skips.total()
    if scored:
        BATCHES.observe(scored)
    _counter(PARAGRAPHS, "scored").inc(scored)
    _counter(PARAGRAPHS, "skipped").inc(skips.total())
    for reason, count in skips.items():
        _counter(SKIPS, reason).inc(count)
    for head, counts in labels.items():
        for label, count in counts.items():
            _counter(LABELS, head, label).inc(count)


@cache
def _counter(metric: Counter, *labels: str | int) -> Counter:
    """Return the part of ``metric`` with these labels; there are few, and finding one again costs half of counting."""
    return metric.labels(*labels)


def set_model(manifest: Manifest, sha256: str) -> None:
    """Publish which model this process serves."""
    MODEL.labels(manifest.name, manifest.version, sha256).set(1)


def respond(accept: str) -> Response:
    """Return all metrics in the format that the ``Accept`` header asks for."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    try:
        encode, content_type = exposition.choose_encoder(accept)
    except (TypeError, ValueError):  # the library stumbles over versions that are none
        encode, content_type = exposition.choose_encoder("")
    return Response(encode(registry), content_type=content_type)


def forget_worker(pid: int) -> None:
    """Drop the gauges of a worker process that died; its counts stay, as they must. For a server's exit hook."""
    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
