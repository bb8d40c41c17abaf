"""Dynamic batching: requests that wait are scored together, and no request is worse off for another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from flask import Flask

from models.analysis import Analyzer, ParagraphResult
from models.labels import SkipReason
from models.store import LoadedModel
from service import Settings, create_app
from service.batching import Batches
from service.turns import Turns
from tests.service.test_turns import started


class Score:
    """Tells each text's result from the others' by its identity; fails at "bad"."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.results: dict[str, ParagraphResult] = {}

    def __call__(self, texts: Sequence[str]) -> list[ParagraphResult]:
        self.calls.append(list(texts))
        if "bad" in texts:
            raise ValueError("bad")
        return [self.results.setdefault(text, ParagraphResult(None, SkipReason.TOO_SHORT)) for text in texts]


def test_parts_that_wait_are_scored_with_the_one_whose_turn_it_is() -> None:
    score = Score()
    batches = Batches(score, most=8)
    parts = [batches.offer(texts) for texts in (["a", "b"], [], ["c"], ["d", "e"])]
    found = [batches.results(part) for part in parts]
    assert score.calls == [["a", "b", "c", "d", "e"]]
    assert [[id(result) for result in results] for results in found] == [
        [id(score.results[text]) for text in part.texts] for part in parts
    ]


def test_whoever_computes_first_takes_those_who_have_waited_longest() -> None:
    score = Score()
    batches = Batches(score, most=8)
    parts = [batches.offer([name]) for name in "abc"]
    batches.results(parts[1])
    assert score.calls == [["b", "a", "c"]]


def test_no_more_than_so_many_paragraphs_go_together() -> None:
    score = Score()
    batches = Batches(score, most=3)
    parts = [batches.offer(texts) for texts in (["a", "b"], ["c", "d"], ["e"], list("many"), ["f"])]
    for part in parts:
        assert len(batches.results(part)) == len(part.texts)
    assert score.calls == [["a", "b"], ["c", "d", "e"], list("many"), ["f"]]


def test_each_part_taken_along_leaves_less_room() -> None:
    score = Score()
    batches = Batches(score, most=3)
    for part in [batches.offer([name]) for name in "abcde"]:
        batches.results(part)
    assert score.calls == [["a", "b", "c"], ["d", "e"]]


def test_what_one_part_fails_at_fails_no_other() -> None:
    score = Score()
    batches = Batches(score, most=8)
    good, bad, other = (batches.offer([text]) for text in ("good", "bad", "other"))
    assert len(batches.results(good)) == 1
    with pytest.raises(ValueError, match="bad"):
        batches.results(bad)
    assert len(batches.results(other)) == 1
    assert score.calls == [["good", "bad", "other"], ["good"], ["bad"], ["other"]]


def test_a_part_that_fails_by_itself_is_scored_once() -> None:
    score = Score()
    batches = Batches(score, most=8)
    with pytest.raises(ValueError, match="bad"):
        batches.results(batches.offer(["bad"]))
    assert score.calls == [["bad"]]


def test_who_is_interrupted_keeps_nobody_waiting() -> None:
    score = Score()

    def interrupted_once(texts: Sequence[str]) -> list[ParagraphResult]:
        results = score(texts)
        if len(score.calls) == 1:
            raise KeyboardInterrupt
        return results

    batches = Batches(interrupted_once, most=8)
    first, second = batches.offer(["a"]), batches.offer(["b"])
    with pytest.raises(KeyboardInterrupt):
        batches.results(first)
    found: list[list[ParagraphResult]] = []
    (thread,) = started(lambda: found.append(batches.results(second)))
    thread.join(10)
    assert [len(results) for results in found] == [1]
    assert score.calls == [["a", "b"], ["b"]]


def test_a_part_withdrawn_is_scored_by_nobody() -> None:
    score = Score()
    batches = Batches(score, most=8)
    gone, here = batches.offer(["gone"]), batches.offer(["here"])
    batches.withdraw(gone)
    batches.results(here)
    batches.withdraw(here)
    assert score.calls == [["here"]]


def test_where_several_compute_a_part_awaits_the_one_that_has_taken_it() -> None:
    computing, go, calls = threading.Event(), threading.Event(), list[list[str]]()

    def slow(texts: Sequence[str]) -> list[ParagraphResult]:
        calls.append(list(texts))
        computing.set()
        assert go.wait(10)
        return [ParagraphResult(None, SkipReason.TOO_SHORT) for _ in texts]

    batches = Batches(slow, most=8)
    parts = [batches.offer([name]) for name in "ab"]
    found: list[list[ParagraphResult]] = []
    first, second = started(*(partial(lambda part: found.append(batches.results(part)), part) for part in parts))
    assert computing.wait(10)
    assert not found
    go.set()
    first.join(10)
    second.join(10)
    assert [len(results) for results in found] == [1, 1]
    assert calls == [["a", "b"]]


_TEXT = "The ministry said on Tuesday that the talks in the capital would go on for another week, come what may."


class Calls:
    """Notes what the model is asked, has the first call wait until it may go on, and fails at "Fails"."""

    def __init__(self, analyze: Callable[..., list[ParagraphResult]]) -> None:
        self._analyze = analyze
        self.texts: list[list[str]] = []
        self.first = threading.Event()
        self.go = threading.Event()

    def __call__(self, texts: Sequence[str], **options: object) -> list[ParagraphResult]:
        if texts:
            self.texts.append([text.removeprefix(_TEXT) for text in texts])
            self.first.set()
            assert self.go.wait(10)
        if any("Fails" in text for text in texts):
            raise ValueError("fails")
        return self._analyze(texts, **options)


@pytest.fixture
def asked(model: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[list[Any], list[list[str]]]]:
    """Sends requests that arrive while another one computes; returns their answers, and what the model was asked."""
    calls = Calls(Analyzer(model).analyze)
    monkeypatch.setattr(Analyzer, "analyze", lambda _, texts, **options: calls(texts, **options))
    app = create_app(Settings(), model=model)

    def ask(*bodies: dict[str, object]) -> tuple[list[Any], list[list[str]]]:
        answers: list[Any] = [None] * len(bodies)

        def one(number: int) -> None:
            answers[number] = app.test_client().post("/v1/classify", json=bodies[number])

        (busy,) = started(lambda: app.test_client().post("/v1/classify", json={"text": _TEXT}))
        assert calls.first.wait(10)
        threads = started(*(partial(one, number) for number in range(len(bodies))))
        calls.go.set()
        for thread in [busy, *threads]:
            thread.join(30)
        return answers, calls.texts[1:]

    return ask


Asked = Callable[..., tuple[list[Any], list[list[str]]]]


def test_requests_that_wait_share_a_call_and_get_the_answers_they_get_alone(app: Flask, asked: Asked) -> None:
    bodies: list[dict[str, object]] = [
        {"text": f"{_TEXT} One."},
        {"documents": [{"id": "a", "text": f"{_TEXT} Two."}, {"id": "b", "paragraphs": [f"{_TEXT} Three.", ""]}]},
        {"paragraphs": [f"{_TEXT} Four."], "options": {"offsets": "utf16", "include": ["stance"]}},
    ]
    answers, calls = asked(*bodies)
    alone = [app.test_client().post("/v1/classify", json=body) for body in bodies]
    assert calls == [[" One.", " Two.", " Three.", "", " Four."]]
    assert [answer.json for answer in answers] == [answer.json for answer in alone]


def test_a_paragraph_that_the_model_fails_at_fails_its_own_request_only(asked: Asked) -> None:
    answers, _ = asked(*({"text": f"{_TEXT} {end}"} for end in ("Well.", "Fails.", "Well again.")))
    assert [answer.status_code for answer in answers] == [200, 500, 200]


def test_no_request_awaits_one_that_awaits_its_turn(asked: Asked) -> None:
    """More than the model computes without a pause is never put together: in the pause another would come to wait."""
    bodies = [{"paragraphs": [f"{_TEXT} {number}."] * count} for number, count in enumerate([15, 2, 1, 16, 17, 1, 1])]
    answers, calls = asked(*bodies)
    assert [answer.status_code for answer in answers] == [200] * len(bodies)
    assert max(len(call) for call in calls) == 17


def test_a_request_that_ends_before_its_turn_is_scored_by_nobody(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Calls(Analyzer(model).analyze)
    calls.go.set()
    monkeypatch.setattr(Analyzer, "analyze", lambda _, texts, **options: calls(texts, **options))
    client = create_app(Settings(), model=model).test_client()

    def interrupted(_: Turns) -> Turns:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Turns, "__enter__", interrupted)
        assert client.post("/v1/classify", json={"text": f"{_TEXT} Gone."}).status_code == 500
    assert client.post("/v1/classify", json={"text": f"{_TEXT} Here."}).status_code == 200
    assert calls.texts == [[" Here."]]


def test_explanations_are_made_for_their_own_request_alone(asked: Asked) -> None:
    (explained, plain), calls = asked({"text": _TEXT, "options": {"explain": True}}, {"text": f"{_TEXT} More."})
    assert sorted(calls) == [[""], [" More."]]
    assert "explanation" in explained.text
    assert "explanation" not in plain.text
