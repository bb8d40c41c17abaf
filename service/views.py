"""The routes of the JSON side: classify, model, health and metrics."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Final

import orjson
from flask import Blueprint, Response, request

from service import metrics, stream
from service.body import read_body
from service.gate import Gate
from service.health import Health
from service.modelcard import model_card
from service.parsing import JSON, NDJSON, media_type, parse_request
from service.scoring import Scorer

_LARGE: Final = 64 * 1024


def routes(scorer: Scorer, gate: Gate, health: Health) -> Blueprint:
    """Return the routes of one application."""
    blueprint = Blueprint("api", __name__)
    settings = scorer.settings
    card = model_card(scorer.analyzer.model, settings).model_dump_json().encode()

    @blueprint.post("/v1/classify")
    def classify() -> Response:
        kind = media_type(request, JSON, NDJSON)
        health.check_model()
        if kind == NDJSON:
            return stream.respond(request, scorer, gate)
        body = read_body(request, settings.max_body_bytes)
        with gate.enter():
            # To read and cut a large body takes time and memory enough to be work of its own.
            with scorer.turns if len(body) > _LARGE else nullcontext():
                cut = scorer.cut_request(parse_request(body, settings.max_documents))
            return _json(orjson.dumps(scorer.answer(cut)))

    @blueprint.get("/v1/model")
    def model() -> Response:
        return _json(card)

    @blueprint.get("/livez")
    def livez() -> Response:
        return _json(b'{"status":"alive"}')

    @blueprint.get("/readyz")
    def readyz() -> Response:
        health.check_ready()
        return _json(b'{"status":"ready"}')

    @blueprint.get("/metrics")
    def metrics_() -> Response:
        return metrics.respond(request.headers.get("Accept", ""))

    return blueprint


def _json(body: bytes) -> Response:
    return Response(body, content_type=JSON)
