"""The examples in docs/api.md are of the shape that the service takes and gives."""

from __future__ import annotations

import json
import re
import tomllib
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import BaseModel

from service.openapi import openapi_document
from service.problems import Kind
from service.requests import ClassifyRequest, Document, TermsRequest
from service.responses import ClassifyResponse, StreamLine, TermsResponse

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = (ROOT / "docs" / "api.md").read_text()
BLOCKS: Final = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", DOCS, re.DOTALL | re.MULTILINE)]
ANSWERS: Final = (ClassifyResponse, StreamLine, TermsResponse)


def kind(block: dict[str, Any]) -> type[BaseModel]:
    if "model" in block:
        return ClassifyResponse
    if "counts" in block:
        return TermsResponse
    if "error" in block:
        return StreamLine
    if "id" in block:
        return Document
    documents = block.get("documents", [])
    return TermsRequest if any("date" in document for document in documents) else ClassifyRequest


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: kind(block).__name__)
def test_examples_have_the_right_shape(block: dict[str, Any]) -> None:
    model = kind(block)
    value = model.model_validate(block)
    if model in ANSWERS:
        assert value.model_dump(mode="json", exclude_unset=True) == block


@pytest.mark.parametrize("block", [block for block in BLOCKS if kind(block) not in ANSWERS])
def test_example_requests_are_answered(client: FlaskClient, block: dict[str, Any]) -> None:
    path = "/v1/terms" if kind(block) is TermsRequest else "/v1/classify"
    media_type = "application/x-ndjson" if kind(block) is Document else "application/json"
    response = client.post(path, data=json.dumps(block), content_type=media_type)
    assert response.status_code == 200
    assert "error" not in response.text


def test_the_counts_of_the_example_are_true(client: FlaskClient) -> None:
    asked, told = (block for block in BLOCKS if kind(block) in {TermsRequest, TermsResponse})
    assert client.post("/v1/terms", json=asked).get_json() == told


def test_every_route_and_command_is_named(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            method = min((rule.methods or set()) & {"GET", "POST"})
            assert f"`{method} {rule}`" in DOCS
    for name in app.cli.commands:
        assert f"flask --app service {name}" in DOCS


def test_the_table_of_errors_is_complete() -> None:
    rows = re.findall(r"^\| (\d{3}(?:, \d{3})*) \|", DOCS, re.MULTILINE)
    worker = (ROOT / "service" / "serving" / "worker.py").read_text(encoding="utf-8")
    by_worker = {HTTPStatus[name].value for name in re.findall(r"\bHTTPStatus\.([A-Z_]+)\b", worker)}
    assert by_worker >= {408, 414, 417, 431}
    assert [int(status) for row in rows for status in row.split(", ")] == sorted(
        {kind.status for kind in Kind} | by_worker
    )


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert openapi_document()["info"]["version"] == project["version"]
