"""``/openapi.json``, and ``/docs``, a page that reads it; made on the server, with nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
from flask import Blueprint, Response, render_template
from markupsafe import Markup

from service.openapi import openapi_document
from service.parsing import JSON
from service.problems import Kind


def routes() -> Blueprint:
    """Return the documentation's routes."""
    blueprint = Blueprint("docs", __name__)
    blueprint.add_app_template_filter(_code, "code")
    document = cache(openapi_document)

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        return Response(orjson.dumps(document()), content_type=JSON)

    @blueprint.get("/docs")
    def docs() -> str:
        return render_template("docs.html", api=document(), operations=_operations(document()), kinds=tuple(Kind))

    return blueprint


def _code(text: str) -> Markup:
    """Return ``text`` as HTML, with what stands in backticks set as code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and operation of everything that the document describes."""
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
