from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator

from models.labels import HEADS, Frame, Narrative, Side, Stance, Target, Voice
from service.examples import REQUESTS
from service.problems import Kind
from tests.service.texts import ARTICLE

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document(app: Flask) -> Json:
    response = app.test_client().get("/openapi.json")
    assert response.content_type == "application/json"
    told: Json = response.get_json()
    return told


def validator(document: Json, name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def operations(document: Json) -> list[tuple[str, str, Json]]:
    return [(path, method, told) for path, methods in document["paths"].items() for method, told in methods.items()]


def test_it_is_valid_openapi_31(document: Json) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_route_is_described_and_nothing_else(app: Flask, document: Json) -> None:
    routes = {
        (str(rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in operations(document)} == routes


def test_operation_ids_are_unique(document: Json) -> None:
    names = [told["operationId"] for _, _, told in operations(document)]
    assert len(set(names)) == len(names)


def test_errors_are_problem_documents(document: Json) -> None:
    for path, method, told in operations(document):
        for status, response in told["responses"].items():
            if status != "200":
                assert list(response["content"]) == ["application/problem+json"], (path, method, status)
        assert "default" in told["responses"]
    classify = document["paths"]["/v1/classify"]["post"]["responses"]
    assert {str(kind.status) for kind in Kind} - set(classify) == {"404", "405", "500"}


def test_labels_are_those_of_the_models(document: Json) -> None:
    schemas = document["components"]["schemas"]
    for kind in (Target, Stance, Voice, Side, Frame, Narrative):
        assert schemas[kind.__name__]["enum"] == [label.value for label in kind]
    assert len(HEADS) == 7


def test_answers_conform_to_their_schemas(client: FlaskClient, document: Json) -> None:
    for options in ({}, {"explain": True}, {"include": ["voice"]}):
        for body in ({"text": ARTICLE}, {"paragraphs": [ARTICLE, ""]}, {"documents": [{"text": ARTICLE}, {}, 5]}):
            answer = client.post("/v1/classify", json={**body, "options": options}).get_json()
            validator(document, "ClassifyResponse").validate(answer)
    validator(document, "ModelCard").validate(client.get("/v1/model").get_json())
    validator(document, "ProblemDocument").validate(client.get("/nothing").get_json())


@pytest.mark.parametrize("name", REQUESTS)
def test_examples_are_valid_and_answered(client: FlaskClient, document: Json, name: str) -> None:
    shown = document["paths"]["/v1/classify"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    body = shown[name]["value"]
    validator(document, "ClassifyRequest").validate(body)
    assert client.post("/v1/classify", json=body).status_code == 200


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ({"text": ""}, True),
        ({}, False),
        ({"text": "", "paragraphs": []}, False),
        ({"text": "", "other": 1}, False),
        ({"text": None}, False),
        ({"documents": [{"text": "", "other": 1}]}, True),
        ({"text": "", "options": {"offsets": "utf16", "include": []}}, True),
        ({"text": "", "options": {"offsets": "utf-16"}}, False),
    ],
)
def test_the_request_schema_allows_what_the_service_does(
    client: FlaskClient, document: Json, body: Json, valid: bool
) -> None:
    assert validator(document, "ClassifyRequest").is_valid(body) is valid
    assert (client.post("/v1/classify", json=body).status_code == 200) is valid


def test_the_page_names_every_operation_schema_and_problem(client: FlaskClient, document: Json) -> None:
    response = client.get("/docs")
    assert response.content_type == "text/html; charset=utf-8"
    anchors = set(re.findall(r'id="([^"]+)"', response.text))
    assert {f"operation-{told['operationId']}" for _, _, told in operations(document)} <= anchors
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= anchors
    assert {link[1:] for link in re.findall(r'href="(#[^"]+)"', response.text)} <= anchors
