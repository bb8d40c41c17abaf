"""Bodies bent in every way that can be thought of, and hundreds that can't: problem documents or true results."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.server import Server
from tests.robustness.talk import ARTICLE, JSON, NDJSON, Answer, assert_problem, post

SEEDS: list[Any] = [
    {"text": ARTICLE},
    {"paragraphs": ARTICLE.split("\n\n"), "options": {"explain": True, "offsets": "utf16", "include": ["stance"]}},
    {
        "documents": [{"id": "a-1", "text": ARTICLE}, {"id": "a-2", "paragraphs": ["“Ça va”, said 🇺🇦 Kyiv."]}],
        "options": {"include": ["voice", "framing"]},
    },
]

# Values that have broken parsers, validators and models before.
AWKWARD: list[Any] = [
    None, True, -1, 0, 1e308, 2**63, 10**400, "", " ", "\x00", "\ud83c", "\u202e", "a\u0301" * 500, "é" * 4000,
    "\r\n" * 900, "'" * 3000, "“" * 3000, "Kiev " * 900, "." * 5000, "\ufeff", "🇷🇺" * 300, "9" * 5000, "\uffff",
    [], [[]], [None], {}, {"text": {}}, {"id": None}, [""] * 300,
    "<script>alert(1)</script>", "{{7*7}}", "%s%n", "../../etc/passwd",
]  # fmt: skip


@pytest.fixture(scope="module")
def connection(service: Server) -> Iterator[HTTPConnection]:
    connection = service.connect()
    yield connection
    connection.close()


def assert_sound(answer: Answer) -> None:
    """Assert that the answer is a result in which everything adds up, or a problem document for a bad request."""
    if answer.status != 200:
        assert_problem(answer, 400, 413, 415, 422)
        return
    assert answer.media_type == JSON
    value = answer.json()
    for document in value.get("documents", [value]):
        if "error" in document:
            assert 400 <= document["error"]["status"] < 500
            continue
        summary = document["summary"]
        assert summary["paragraphs"] == len(document["paragraphs"])
        assert summary["paragraphs"] == summary["scored"] + summary["skipped"]
        for paragraph in document["paragraphs"]:
            assert (paragraph["status"] == "skipped") == ("reason" in paragraph)
            for head in (paragraph.get("stance") or {}).values():
                assert abs(sum(head["probabilities"].values()) - 1) <= 1e-6


def bent(value: Any, rng: random.Random) -> Any:  # noqa: ANN401
    """Return ``value`` with something in it replaced, dropped, doubled or renamed."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(list(value))
        rest = {name: other for name, other in value.items() if name != key}
        return rng.choice(
            [
                {**value, key: bent(value[key], rng)},
                {**value, key: rng.choice(AWKWARD)},
                {**rest, rng.choice([key.upper(), key + " ", "x" * 300, "", "\ud800"]): value[key]},
                {**value, rng.choice(["text", "paragraphs", "documents", "options", "id"]): rng.choice(AWKWARD)},
                rest,
            ]
        )
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        inner = rng.choice([bent(value[at], rng), rng.choice(AWKWARD)])
        return rng.choice([[*value[:at], inner, *value[at + 1 :]], value * 40, value[:at], [value]])
    return rng.choice(AWKWARD)


def broken(body: bytes, rng: random.Random) -> bytes:
    """Return ``body`` with some of its bytes cut, doubled, swapped or made up."""
    at, to = sorted(rng.randrange(len(body) + 1) for _ in range(2))
    noise = rng.randbytes(rng.randint(1, 8))
    return rng.choice(
        [
            body[:at],
            body[:at] + body[to:],
            body[:to] + body[at:],
            body[:at] + noise + body[at:],
            body[:at]
            + rng.choice([b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf", b'"', b"{", b"[" * 2000])
            + body[at:],
            b"\xef\xbb\xbf" + body,
            body.decode("latin-1").encode("utf-16"),
            body + body,
            noise,
        ]
    )


def as_bytes(value: Any) -> bytes:  # noqa: ANN401
    return json.dumps(value).encode()


@pytest.mark.parametrize("seed", range(40))
def test_bent_values(connection: HTTPConnection, seed: int) -> None:
    rng = random.Random(seed)
    for original in SEEDS * 3:
        value = bent(original, rng)
        for _ in range(rng.randint(0, 2)):
            value = bent(value, rng)
        assert_sound(post(connection, as_bytes(value)))


@pytest.mark.parametrize("seed", range(40))
def test_broken_bytes(connection: HTTPConnection, seed: int) -> None:
    rng = random.Random(seed)
    for original in SEEDS * 3:
        body = json.dumps(original, ensure_ascii=rng.random() < 0.5).encode()
        for _ in range(rng.randint(1, 3)):
            body = broken(body, rng) if body else body
        assert_sound(post(connection, body))


@pytest.mark.parametrize("seed", range(20))
def test_broken_streams(connection: HTTPConnection, seed: int) -> None:
    rng = random.Random(seed)
    line = as_bytes({"id": "a", "text": ARTICLE}) + b"\n"
    body = line * 3 + broken(line * 3, rng) + line
    answer = post(connection, body, NDJSON)
    assert (answer.status, answer.media_type) == (200, NDJSON)
    results = [json.loads(result) for result in answer.body.splitlines()]
    assert all(result["id"] == "a" and "summary" in result for result in results[:3])
    for result in results[3:]:
        assert ("error" in result) != ("summary" in result)
        assert "error" not in result or (result["line"] > 3 and 400 <= result["error"]["status"] < 500)


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "application/xml", "application/json; charset=latin-1", "/", "a" * 900]
)
def test_other_media_types(connection: HTTPConnection, media_type: str) -> None:
    assert_problem(post(connection, as_bytes(SEEDS[0]), media_type), 415)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["text", "paragraphs", "documents", "options", "id", "explain"]) | st.text(), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(json_values)
def test_any_json(connection: HTTPConnection, value: Any) -> None:  # noqa: ANN401
    assert_sound(post(connection, as_bytes(value)))


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300))
def test_any_bytes(connection: HTTPConnection, body: bytes) -> None:
    assert_sound(post(connection, body))


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), max_size=5))
def test_any_text(connection: HTTPConnection, texts: list[str]) -> None:
    answer = post(connection, as_bytes({"paragraphs": texts}))
    assert answer.status == 200
    assert_sound(answer)
    assert len(answer.json()["paragraphs"]) == len(texts)


def test_no_fault_was_logged(service: Server) -> None:
    assert "Traceback" not in service.log
