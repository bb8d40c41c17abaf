"""Recall, precision and offsets on sentences with the terms that a linguist expects (see SENTENCES.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from models.terminology import Term, find_terms
from models.text import find_quotes

FILES = ("sentences.jsonl", "sentences_second.jsonl", "sentences_third.jsonl", "sentences_mended.jsonl")
LEAST_RECALL = 0.97
LEAST_PRECISION = 0.98
LEAST_RIGHT_KIND = 0.97
LEAST_RIGHT_DISTANCE = 0.97


class Hit(NamedTuple):
    """What a found and an expected term must agree on."""

    start: int
    end: int
    side: str


def load(name: str) -> list[dict[str, Any]]:
    path = Path(__file__).with_name(name)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def span_of(text: str, surface: str, nth: int) -> tuple[int, int]:
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    return start, start + len(surface)


def expected(sentence: dict[str, Any]) -> dict[Hit, dict[str, Any]]:
    return {Hit(*span_of(sentence["text"], hit["text"], hit["nth"]), hit["side"]): hit for hit in sentence["expect"]}


def found(sentence: dict[str, Any]) -> dict[Hit, Term]:
    terms = find_terms(sentence["text"], find_quotes(sentence["text"]))
    return {Hit(term.start, term.end, term.side.value): term for term in terms}


Outcome = list[tuple[dict[str, Any], dict[Hit, dict[str, Any]], dict[Hit, Term]]]


@pytest.fixture(scope="module", params=FILES)
def outcome(request: pytest.FixtureRequest) -> Outcome:
    return [(sentence, expected(sentence), found(sentence)) for sentence in load(request.param)]


@pytest.mark.parametrize("name", FILES)
def test_there_are_enough_sentences(name: str) -> None:
    assert len(load(name)) >= (150 if name == "sentences_mended.jsonl" else 400)


def test_ids_are_unique() -> None:
    ids = [sentence["id"] for name in FILES for sentence in load(name)]
    assert len(ids) == len(set(ids))


def test_recall_and_precision(outcome: Outcome) -> None:
    right = sum(len(gold.keys() & hits.keys()) for _, gold, hits in outcome)
    missed = [(s["id"], gold[key]["text"]) for s, gold, hits in outcome for key in gold if key not in hits]
    wrong = [(s["id"], hits[key].text) for s, gold, hits in outcome for key in hits if key not in gold]
    assert right / sum(len(gold) for _, gold, _ in outcome) >= LEAST_RECALL, missed
    assert right / sum(len(hits) for _, _, hits in outcome) >= LEAST_PRECISION, wrong


def test_every_offset_is_exact(outcome: Outcome) -> None:
    for sentence, _, hits in outcome:
        assert all(sentence["text"][term.start : term.end] == term.text for term in hits.values())


def test_kinds_are_right(outcome: Outcome) -> None:
    pairs = [(gold[key]["kind"].split("|"), hits[key].kind) for _, gold, hits in outcome for key in gold if key in hits]
    assert sum(kind in allowed for allowed, kind in pairs) / len(pairs) >= LEAST_RIGHT_KIND


def test_distance_is_right(outcome: Outcome) -> None:
    pairs = [(gold[key], hits[key]) for _, gold, hits in outcome for key in gold if key in hits]
    wrong = [(hit["text"], term.distanced) for hit, term in pairs if hit["distanced"] != term.distanced]
    assert 1 - len(wrong) / len(pairs) >= LEAST_RIGHT_DISTANCE, wrong
