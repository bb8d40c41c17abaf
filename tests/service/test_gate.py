from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import pytest

from models.heads import HeadProbabilities
from models.paragraph import Paragraph
from models.store import LoadedModel
from service import Settings, create_app
from service.gate import Gate
from service.problems import ProblemError
from tests.core.classifiers import WordClassifier
from tests.service.test_turns import started
from tests.service.texts import PLAIN


class SlowClassifier(WordClassifier):
    """Scores only when told to, the golden paragraph apart."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Semaphore(0)
        self.go = threading.Event()

    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        if X[0].text == PLAIN:
            self.entered.release()
            assert self.go.wait(10)
        return super().predict_proba(X)

    def assets(self) -> Mapping[str, bytes]:
        return {}


def test_requests_over_the_limit_are_turned_away_at_once(model: LoadedModel) -> None:
    slow = SlowClassifier()
    settings = Settings(max_in_flight=2, computing=2, retry_after_seconds=7)
    app = create_app(settings, model=LoadedModel(model.manifest, model.sha256, slow))
    statuses: list[int] = []

    def post() -> None:
        statuses.append(app.test_client().post("/v1/classify", json={"text": PLAIN}).status_code)

    threads = started(post, post)
    for _ in threads:
        assert slow.entered.acquire(timeout=10)
    for content_type, data in [("application/json", b'{"text": ""}'), ("application/x-ndjson", b"")]:
        refused = app.test_client().post("/v1/classify", data=data, content_type=content_type)
        assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
        assert refused.headers["Retry-After"] == "7"
    page = app.test_client().post("/", data={"text": PLAIN})
    assert page.status_code == 429
    for path in ("/livez", "/readyz", "/metrics"):
        assert app.test_client().get(path).status_code == 200
    slow.go.set()
    for thread in threads:
        thread.join(10)
    assert statuses == [200, 200]
    assert app.test_client().post("/v1/classify", json={"text": ""}).status_code == 200


def test_the_only_place_may_be_waited_for() -> None:
    gate, inside = Gate(1, 1), threading.Event()

    def stream() -> None:
        with gate.wait():
            inside.set()

    (thread,) = started(stream)
    assert inside.wait(10)
    thread.join(10)


@pytest.mark.timeout(60)
def test_a_place_is_given_back_whatever_happens() -> None:
    gate = Gate(1, 1)
    with pytest.raises(ZeroDivisionError), gate.enter():
        raise ZeroDivisionError
    with gate.wait(), pytest.raises(ProblemError):
        gate.check()
    gate.check()


def test_who_waits_leaves_half_of_the_places_to_who_does_not() -> None:
    gate = Gate(4, 1)
    go, inside = threading.Event(), threading.Semaphore(0)

    def stream() -> None:
        with gate.wait():
            inside.release()
            assert go.wait(10)

    threads = started(*[stream] * 5)
    assert inside.acquire(timeout=10)
    assert inside.acquire(timeout=10)
    assert not inside.acquire(timeout=0.1)
    with gate.enter(), gate.enter(), pytest.raises(ProblemError), gate.enter():
        pass
    go.set()
    for thread in threads:
        thread.join(10)
    gate.check()
