"""``POST /v1/terms``: how often each loaded term and spelling is used, by whom and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Blueprint, Response, request

from models.terminology import Adoption, TermReport, find_terms
from models.text import find_quotes, split_paragraphs
from service.body import read_body
from service.gate import Gate
from service.parsing import JSON, media_type, parse_terms
from service.requests import Content, TermsDocument
from service.settings import Settings


def routes(settings: Settings, gate: Gate) -> Blueprint:
    """Return the route of one application."""
    blueprint = Blueprint("terms", __name__)

    @blueprint.post("/v1/terms")
    def terms() -> Response:
        media_type(request, JSON)
        parsed = parse_terms(read_body(request, settings.max_body_bytes), settings.max_documents)
        with gate.enter():
            return Response(orjson.dumps(count_terms(parsed.documents)), content_type=JSON)

    return blueprint


def count_terms(documents: Sequence[TermsDocument]) -> dict[str, Any]:
    """Return the response body for a whole request."""
    report = TermReport()
    paragraphs = sum(add_document(report, document) for document in documents)
    return {
        "documents": len(documents),
        "paragraphs": paragraphs,
        "counts": [
            count._asdict() | {"source": count.source or None, "month": count.month or None}
            for count in report.counts()
        ],
        "adoption": [_adoption(row) for row in report.adoption()],
    }


def add_document(report: TermReport, document: TermsDocument, source: str = "") -> int:
    """Count the terms of one document, of ``source`` unless it names its own; return how many paragraphs it has."""
    texts = paragraphs_of(document)
    for text in texts:
        report.add(find_terms(text, find_quotes(text)), document.source or source, document.date)
    return len(texts)


def paragraphs_of(content: Content) -> Sequence[str]:
    """Return the paragraphs of a document, cut here or by the client."""
    if "text" not in content.model_fields_set:
        return content.paragraphs
    return [content.text[span.start : span.end] for span in split_paragraphs(content.text)]


def _adoption(row: Adoption) -> dict[str, Any]:
    return {"month": row.month, "ukrainian": row.ukrainian, "russian": row.russian, "share": row.share}
