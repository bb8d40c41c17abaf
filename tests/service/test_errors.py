from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.problems import Kind, pointer
from service.responses import ProblemDocument
from tests.service.conftest import MakeApp
from tests.service.texts import PLAIN

Json = dict[str, Any]
URL = "/v1/classify"


def problem(response: TestResponse, status: int) -> Json:
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    body: Json = json.loads(response.data)
    assert ProblemDocument.model_validate(body).model_dump(exclude_unset=True) == body
    assert body["status"] == status
    assert response.headers["X-Request-ID"]
    return body


def post(client: FlaskClient, data: bytes | str, content_type: str | None = "application/json") -> TestResponse:
    return client.post(URL, data=data, content_type=content_type)


MALFORMED = {
    "empty": b"",
    "blank": b" \n",
    "cut off": b'{"text": "on',
    "trailing": b'{"text": "one"} {}',
    "single quotes": b"{'text': 'one'}",
    "comment": b'{"text": "one"} // two',
    "comma": b'{"text": "one",}',
    "not UTF-8": b'{"text": "\xff"}',
    "Latin-1": '{"text": "d\u00e9j\u00e0 vu"}'.encode("latin-1"),
    "UTF-16": '{"text": "one"}'.encode("utf-16"),
    "NaN": b'{"text": NaN}',
    "Infinity": b'{"text": Infinity}',
    "-Infinity": b'{"text": -Infinity}',
    "five thousand digits": b'{"text": ' + b"9" * 5000 + b"}",
    "surrogate in UTF-8": b'{"text": "\xed\xa0\x80"}',
    "raw NUL": b'{"text": "a\x00b"}',
    "raw newline": b'{"text": "a\nb"}',
    "ten thousand brackets": b"[" * 10_000 + b"]" * 10_000,
    "a million brackets": b"[" * 1_000_000,
    "deep object": b'{"text":' * 10_000 + b"1" + b"}" * 10_000,
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_json(client: FlaskClient, data: bytes) -> None:
    body = problem(post(client, data), 400)
    assert body["type"] == "/docs#problem-malformed-json"
    assert "line" in body["detail"] or "byte" in body["detail"]


WRONG: list[tuple[Any, list[str]]] = [
    (None, [""]),
    ([], [""]),
    ("text", [""]),
    (7, [""]),
    ({}, [""]),
    ({"options": {}}, [""]),
    ({"text": "a", "paragraphs": ["a"]}, [""]),
    ({"text": "a", "documents": []}, [""]),
    ({"text": "a", "paragraphs": [], "documents": []}, [""]),
    ({"text": None}, ["/text"]),
    ({"text": 1}, ["/text"]),
    ({"text": ["a"]}, ["/text"]),
    ({"text": True}, ["/text"]),
    ({"paragraphs": "a"}, ["/paragraphs"]),
    ({"paragraphs": {"0": "a"}}, ["/paragraphs"]),
    ({"paragraphs": ["a", 1, ["b"], None]}, ["/paragraphs/1", "/paragraphs/2", "/paragraphs/3"]),
    ({"documents": {"id": "a"}}, ["/documents"]),
    ({"documents": "a"}, ["/documents"]),
    ({"documents": None}, ["/documents"]),
    ({"text": "a", "option": {}}, ["/option"]),
    ({"text": "a", "a/b~c": 1}, ["/a~1b~0c"]),
    ({"text": "a", "options": None}, ["/options"]),
    ({"text": "a", "options": []}, ["/options"]),
    ({"text": "a", "options": {"explain": "true"}}, ["/options/explain"]),
    ({"text": "a", "options": {"explain": 1}}, ["/options/explain"]),
    ({"text": "a", "options": {"explian": True}}, ["/options/explian"]),
    ({"text": "a", "options": {"offsets": "utf-16"}}, ["/options/offsets"]),
    ({"text": "a", "options": {"offsets": 16}}, ["/options/offsets"]),
    ({"text": "a", "options": {"include": "stance"}}, ["/options/include"]),
    ({"text": "a", "options": {"include": ["stance", "side"]}}, ["/options/include/1"]),
    ({"text": 1, "options": {"explain": 1}, "more": 0}, ["/more", "/options/explain", "/text"]),
    (json.loads("[" * 900 + "]" * 900), [""]),
]


@pytest.mark.parametrize(("value", "pointers"), WRONG)
def test_wrong_shape_with_a_pointer_to_each_field(client: FlaskClient, value: object, pointers: list[str]) -> None:
    body = problem(post(client, json.dumps(value)), 422)
    assert body["type"] == "/docs#problem-invalid-request"
    assert sorted(error["pointer"] for error in body["errors"]) == pointers
    assert all(error["detail"] for error in body["errors"])


UNTOLD: list[tuple[bytes, str]] = [
    (b'{"text": "\\ud800"}', "/text"),
    (b'{"text": "\\udc00\\ud800"}', "/text"),
    (b'{"text": "Moscow said \\ud83d"}', "/text"),
    (b'{"paragraphs": ["a", "\\ud83d"]}', "/paragraphs/1"),
    (b'{"text": "a", "options": {"offsets": "\\ud800"}}', "/options/offsets"),
    (b'{"text": 1e999}', "/text"),
    (b'{"text": -1e999}', "/text"),
]


@pytest.mark.parametrize(("data", "place"), UNTOLD)
def test_json_that_no_utf_8_or_double_can_hold_is_a_wrong_value(client: FlaskClient, data: bytes, place: str) -> None:
    [error] = problem(post(client, data), 422)["errors"]
    assert error["pointer"] == place


def test_half_a_character_spoils_its_own_document_alone(client: FlaskClient) -> None:
    documents = [
        b'{"id": "whole", "text": "One and two."}',
        b'{"id": "cut", "text": "Moscow said \\ud83d"}',
        b'{"id": "\\udc00", "text": "One and two."}',
        b'{"id": "more", "text": "One and two.", "views": 1e999, "\\ud800": "\\ud800"}',
    ]
    response = post(client, b'{"documents": [' + b", ".join(documents) + b"]}")
    assert response.status_code == 200
    found = json.loads(response.data)["documents"]
    assert [one["id"] for one in found] == ["whole", "cut", None, "more"]
    assert ["error" in one for one in found] == [False, True, True, False]
    assert found[1]["error"]["errors"] == [
        {"pointer": "/documents/1/text", "detail": "Input should be a string without unpaired surrogates"}
    ]


def test_no_error_repeats_the_text(client: FlaskClient) -> None:
    body = problem(post(client, json.dumps({"text": {"secret": "words"}, "paragraphs": ["secret", 1]})), 422)
    assert "secret" not in json.dumps(body)


def test_very_many_errors_are_told_in_part(client: FlaskClient) -> None:
    body = problem(post(client, json.dumps({"paragraphs": ["a"] + [1] * 1000, "x" * 10_000: 1})), 422)
    assert len(body["errors"]) == 20
    assert [error["pointer"] for error in body["errors"][:2]] == ["/paragraphs/1", "/paragraphs/2"]
    assert body["detail"] == "20 things are wrong, or more"
    assert len(json.dumps(body)) < 10_000


HEAVY = {
    "paragraphs": {"paragraphs": [1] * 1_000_000},
    "fields": {"text": ""} | {f"{i:x}": 1 for i in range(300_000)},
    "options": {"text": "", "options": {f"{i:x}": 1 for i in range(300_000)}},
    "include": {"text": "", "options": {"include": ["x"] * 600_000}},
    "documents": {"documents": [{"paragraphs": [1] * 1500}] * 900},
    "many documents": {"documents": [1] * 1_000_000},
}


@pytest.mark.parametrize("value", HEAVY.values(), ids=HEAVY.keys())
def test_a_heap_of_errors_costs_little(client: FlaskClient, value: Json) -> None:
    data = json.dumps(value, separators=(",", ":"))
    tracemalloc.start()
    try:
        response = post(client, data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert response.status_code in {200, 413, 422}
    assert len(response.data) < 4_000_000
    # The JSON itself takes some fifty megabytes as Python's objects.
    assert peak < 80 * 2**20


def test_of_a_repeated_key_the_last_counts(client: FlaskClient) -> None:
    response = post(client, b'{"text": 1, "text": ""}')
    assert response.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/vnd.api+json",
        "application/problem+json",
        "application/json; charset=utf-16",
        "application/json; charset=latin1",
        "application/x-ndjson; charset=utf-16",
        "nonsense",
        ";",
        "application/json\udcff",
    ],
)
def test_wrong_media_type(client: FlaskClient, content_type: str | None) -> None:
    environ = {"CONTENT_TYPE": content_type} if content_type else {}
    response = client.post(URL, data=b'{"text": ""}', environ_overrides=environ)
    problem(response, 415)
    assert response.headers["Accept-Post"] == "application/json, application/x-ndjson"


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "Application/JSON;charset=UTF8", 'application/json; charset="utf-8"'],
)
def test_utf8_may_be_said(client: FlaskClient, content_type: str) -> None:
    assert post(client, b'{"text": ""}', content_type).status_code == 200


@pytest.mark.parametrize("coding", ["", "identity", "Identity, identity"])
def test_bodies_may_be_said_to_be_as_they_are(client: FlaskClient, coding: str) -> None:
    headers = {"Content-Encoding": coding}
    assert client.post(URL, data=b'{"text": ""}', content_type="application/json", headers=headers).status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip", "x"])
def test_compressed_bodies_are_not_read(client: FlaskClient, coding: str) -> None:
    headers = {"Content-Encoding": coding}
    response = client.post(URL, data=b"\x1f\x8b", content_type="application/json", headers=headers)
    problem(response, 415)
    assert response.headers["Accept-Encoding"] == "identity"


def test_body_over_the_limit(make_app: MakeApp) -> None:
    client = make_app(max_body_bytes=1024).test_client()
    assert post(client, json.dumps({"text": "a" * 1011})).status_code == 200
    assert problem(post(client, json.dumps({"text": "a" * 1014})), 413)["type"] == "/docs#problem-body-too-large"


def test_body_over_the_limit_without_a_length(make_app: MakeApp) -> None:
    client = make_app(max_body_bytes=1024).test_client()
    environ = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    response = client.post(URL, data=b"[" * 5000, content_type="application/json", environ_overrides=environ)
    problem(response, 413)


def test_documents_over_the_limit(make_app: MakeApp) -> None:
    client = make_app(max_documents=2).test_client()
    assert post(client, json.dumps({"documents": [{"text": ""}] * 2})).status_code == 200
    body = problem(post(client, json.dumps({"documents": [{"text": ""}] * 3})), 413)
    assert body["type"] == "/docs#problem-too-many-documents"
    assert body["detail"] == "3 documents; a request may have 2"


@pytest.mark.parametrize("body", [{"paragraphs": [""] * 4}, {"text": f"{PLAIN}\n\n" * 4}])
def test_paragraphs_of_a_document_over_the_limit(make_app: MakeApp, body: Json) -> None:
    client = make_app(max_document_paragraphs=3).test_client()
    assert problem(post(client, json.dumps(body)), 413)["type"] == "/docs#problem-too-many-paragraphs"


def test_very_many_lines_are_not_even_cut(client: FlaskClient) -> None:
    body = problem(post(client, json.dumps({"text": "a\n" * 100_000})), 413)
    assert body["detail"] == "100000 lines; a document may have 2000 paragraphs"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", " \n"])
def test_blank_lines_are_no_paragraphs(client: FlaskClient, end: str) -> None:
    answer = post(client, json.dumps({"text": end * 50_000 + PLAIN}))
    assert answer.status_code == 200
    assert [one["start"] for one in answer.get_json()["paragraphs"]] == [50_000 * len(end)]


def test_a_byte_order_mark_is_passed_over(client: FlaskClient) -> None:
    assert post(client, b"\xef\xbb\xbf" + json.dumps({"text": PLAIN}).encode()).status_code == 200


def test_the_first_byte_that_is_not_utf8_is_named(client: FlaskClient) -> None:
    detail = problem(post(client, b'{"text": "one \xff"}'), 400)["detail"]
    assert detail == "byte 14 is not UTF-8 (invalid start byte)"


def test_paragraphs_of_a_request_over_the_limit(make_app: MakeApp) -> None:
    client = make_app(max_request_paragraphs=3).test_client()
    documents = [{"paragraphs": [""] * 2}, {"paragraphs": [""] * 2}]
    assert post(client, json.dumps({"documents": documents[:1]})).status_code == 200
    assert problem(post(client, json.dumps({"documents": documents})), 413)["detail"].startswith("4 paragraphs")


@pytest.mark.parametrize("path", ["/nothing", "/v1/classify/", "/v1//classify", "/v1/classify%00", "/%ff"])
def test_not_found(client: FlaskClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert problem(client.open(path, method=method), 404)["type"] == "/docs#problem-not-found"


@pytest.mark.parametrize(
    "path", ["/v1/classify", "/v1/model", "/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/"]
)
def test_method_not_allowed(client: FlaskClient, path: str) -> None:
    allowed = set(client.options(path).headers["Allow"].split(", "))
    assert "OPTIONS" in allowed
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"} - allowed:
        response = client.open(path, method=method)
        problem(response, 405)
        assert set(response.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/v1/classify", "/v1/terms", "/livez", "/"])
def test_options_answers_nothing_and_so_names_no_type(client: FlaskClient, path: str) -> None:
    response = client.options(path)
    assert (response.status_code, response.data) == (200, b"")
    assert "Content-Type" not in response.headers
    problem(client.options("/nothing"), 404)


def test_head(client: FlaskClient) -> None:
    response = client.head("/livez")
    assert (response.status_code, response.data) == (200, b"")
    assert client.head(URL).status_code == 405


@pytest.mark.parametrize("code", [400, 408, 414, 418, 431, 505])
def test_any_other_http_error_is_a_problem_too(make_app: MakeApp, code: int) -> None:
    app = make_app()
    _raise_at(app, code)
    assert problem(app.test_client().get("/raise"), code)["type"] == "about:blank"


def test_a_bug_is_told_without_its_trace(make_app: MakeApp, capfd: pytest.CaptureFixture[str]) -> None:
    app = make_app()
    _raise_at(app, ZeroDivisionError("a secret"))
    response = app.test_client().get("/raise")
    body = problem(response, 500)
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert body["type"] == "/docs#problem-internal-error"


def _raise_at(app: Flask, error: int | Exception) -> None:
    from werkzeug.exceptions import HTTPException, default_exceptions

    def fail() -> str:
        if isinstance(error, Exception):
            raise error
        raise default_exceptions.get(error, _with_code(error, HTTPException))()

    app.add_url_rule("/raise", view_func=fail)


def _with_code(number: int, base: type[Exception]) -> type[Exception]:
    return type("Other", (base,), {"code": number})


def test_kinds_have_the_titles_and_statuses_of_their_documentation(client: FlaskClient) -> None:
    page = client.get("/docs").text
    for kind in Kind:
        assert f'id="{kind.type.partition("#")[2]}"' in page


def test_pointers_escape_as_rfc_6901_has_it() -> None:
    assert pointer() == ""
    assert pointer("a/b", 0, "~1", "") == "/a~1b/0/~01/"


def test_static_files_stay_in_their_folder(client: FlaskClient) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/"):
        problem(client.get(path), 404)


def test_of_many_unknown_fields_as_many_are_told_as_of_others(client: FlaskClient) -> None:
    fields = {f"field{number}": 1 for number in range(30)}
    for body in ({"text": "Kyiv was calm."} | fields, fields | {"text": "Kyiv was calm."}):
        problem = client.post("/v1/classify", json=body).get_json()
        assert len(problem["errors"]) == 20
        assert problem["detail"] == "20 things are wrong, or more"
