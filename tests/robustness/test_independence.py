"""A paragraph's result depends on that paragraph alone, whatever else is asked for and when."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from benchmarks.paragraphs import paragraphs
from benchmarks.server import Server
from service.settings import Settings
from tests.robustness.talk import NDJSON, classify, post

PARAGRAPHS = [*paragraphs()[::2], "", "Nothing to see.", "Це речення українською мовою, і сервіс її не читає."]


@pytest.fixture(scope="module")
def service() -> Iterator[Server]:
    """Two workers with the model that is served unless another is asked for."""
    with Server({"STANDPOINT_MODEL": Settings.model_fields["model"].default, "STANDPOINT_WORKERS": "2"}) as server:
        yield server


def alone(server: Server, texts: list[str]) -> list[dict[str, Any]]:
    """Return each paragraph's result from a request of its own."""
    return [_result(classify(server, {"paragraphs": [text]})["paragraphs"][0]) for text in texts]


def _result(paragraph: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in paragraph.items() if name not in {"index", "start", "end"}}


def test_neighbours_and_order_change_nothing(service: Server) -> None:
    expected = alone(service, PARAGRAPHS)
    rng = random.Random(20260131)
    for size in (2, 3, 17, len(PARAGRAPHS)):
        chosen = rng.sample(range(len(PARAGRAPHS)), size)
        found = classify(service, {"paragraphs": [PARAGRAPHS[i] for i in chosen]})["paragraphs"]
        assert [_result(paragraph) for paragraph in found] == [expected[i] for i in chosen]


def test_the_three_shapes_and_the_stream_agree(service: Server) -> None:
    texts = PARAGRAPHS[:8]
    expected = alone(service, texts)
    documents = [{"id": str(i), "paragraphs": [text]} for i, text in enumerate(texts)]
    found = classify(service, {"documents": documents})["documents"]
    assert [_result(document["paragraphs"][0]) for document in found] == expected
    article = classify(service, {"text": "\n\n".join(texts)})["paragraphs"]
    assert [_result(paragraph) for paragraph in article] == expected
    connection = service.connect()
    lines = post(connection, "\n".join(map(json.dumps, documents)).encode(), NDJSON).body.splitlines()
    connection.close()
    assert [_result(json.loads(line)["paragraphs"][0]) for line in lines] == expected


def test_concurrency_changes_nothing(service: Server) -> None:
    expected = alone(service, PARAGRAPHS)

    def ask(seed: int) -> bool:
        rng = random.Random(seed)
        chosen = rng.choices(range(len(PARAGRAPHS)), k=rng.randint(1, 8))
        found = classify(service, {"paragraphs": [PARAGRAPHS[i] for i in chosen]})["paragraphs"]
        return [_result(paragraph) for paragraph in found] == [expected[i] for i in chosen]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(40)))
