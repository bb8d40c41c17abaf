"""``POST /v1/terms``: how often each loaded term and spelling is used, by whom and when."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import orjson
from flask import Blueprint, Response, request

from models.terminology import Adoption, TermReport, find_terms
from models.text import find_quotes
from service.body import read_body
from service.cutting import check_paragraphs, cut_text
from service.gate import Gate
from service.parsing import JSON, media_type, parse_terms
from service.requests import Content, TermsDocument
from service.settings import Settings
from service.turns import Turns

_WITHOUT_PAUSE: Final = 64


def routes(settings: Settings, gate: Gate, turns: Turns) -> Blueprint:
    """Return the route of one application."""
    blueprint = Blueprint("terms", __name__)

    @blueprint.post("/v1/terms")
    def terms() -> Response:
        media_type(request, JSON)
        body = read_body(request, settings.max_body_bytes)
        with gate.enter(), turns:
            documents = parse_terms(body, settings.max_documents).documents
            answer = count_terms(documents, settings.max_document_paragraphs, turns.pass_on)
            return Response(orjson.dumps(answer), content_type=JSON)

    return blueprint


def count_terms(
    documents: Sequence[TermsDocument], most: int, between: Callable[[], object] | None = None
) -> dict[str, Any]:
    """Return the response body for a whole request; ``between`` is called every few paragraphs.

    Raises:
        ProblemError: 413 for a document of more than ``most`` paragraphs.
    """
    report = TermReport()
    paragraphs = sum(add_document(report, document, most=most, between=between) for document in documents)
    return {
        "documents": len(documents),
        "paragraphs": paragraphs,
        "counts": [
            count._asdict() | {"source": count.source or None, "month": count.month or None}
            for count in report.counts()
        ],
        "adoption": [_adoption(row) for row in report.adoption()],
    }


def add_document(
    report: TermReport,
    document: TermsDocument,
    source: str = "",
    most: float = math.inf,
    between: Callable[[], object] | None = None,
) -> int:
    """Count the terms of one document, of ``source`` unless it names its own; return how many paragraphs it has.

    Raises:
        ProblemError: 413, since they are more than ``most``.
    """
    texts = _paragraphs_of(document, most)
    for number, text in enumerate(texts, start=1):
        if between and number % _WITHOUT_PAUSE == 0:
            between()
        report.add(find_terms(text, find_quotes(text)), document.source or source, document.date)
    return len(texts)


def _paragraphs_of(content: Content, most: float) -> Sequence[str]:
    """Return the paragraphs of a document, cut here or by the client."""
    if "text" not in content.model_fields_set:
        check_paragraphs(len(content.paragraphs), most)
        return content.paragraphs
    return [content.text[span.start : span.end] for span in cut_text(content.text, most)]


def _adoption(row: Adoption) -> dict[str, Any]:
    return {"month": row.month, "ukrainian": row.ukrainian, "russian": row.russian, "share": row.share}
