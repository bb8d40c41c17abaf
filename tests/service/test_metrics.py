from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from models.store import LoadedModel
from tests.service.texts import AGAINST, FRENCH, PLAIN

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def parse(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scrape(client: FlaskClient) -> Samples:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.content_type.startswith("text/plain; version=")
    return parse(response.text)


def grown(before: Samples, after: Samples, name: str, **labels: str) -> float:
    key = (name, tuple(sorted(labels.items())))
    return after.get(key, 0) - before.get(key, 0)


def test_what_is_counted(client: FlaskClient) -> None:
    before = scrape(client)
    documents = [{"paragraphs": [AGAINST, FRENCH]}, {"text": PLAIN}, {"text": 5}]
    client.post("/v1/classify", json={"documents": documents})
    client.post("/v1/classify", data=b"{")
    client.get("/a-path-that-nobody-should-count")
    after = scrape(client)

    def count(name: str, **labels: str) -> float:
        return grown(before, after, f"standpoint_{name}", **labels)

    assert count("requests_total", endpoint="api.classify", method="POST", status="200") == 1
    assert count("requests_total", endpoint="api.classify", method="POST", status="415") == 1
    assert count("requests_total", endpoint="unmatched", method="GET", status="404") == 1
    assert count("request_seconds_count", endpoint="api.classify") == 2
    assert count("documents_total", outcome="scored") == 2
    assert count("documents_total", outcome="error") == 1
    assert count("paragraphs_total", status="scored") == 2
    assert count("paragraphs_total", status="skipped") == 1
    assert count("skips_total", reason="not_english") == 1
    assert count("labels_total", head="stance.russia", label="against") == 1
    assert count("labels_total", head="stance.russia", label="absent") == 1
    assert count("labels_total", head="voice", label="own") == 2
    assert count("labels_total", head="side", label="russian") == 1
    assert count("errors_total", status="422") == 1
    assert count("errors_total", status="415") == 1
    assert count("batch_paragraphs_count") == 1
    assert count("batch_paragraphs_sum") == 2
    assert not any("nobody" in label for _, labels in after for _, label in labels)


def test_lines_of_streams_are_counted(client: FlaskClient) -> None:
    before = scrape(client)
    data = json.dumps({"paragraphs": [PLAIN]}).encode() + b"\n{\n"
    client.post("/v1/classify", data=data, content_type="application/x-ndjson").close()
    after = scrape(client)
    assert grown(before, after, "standpoint_documents_total", outcome="scored") == 1
    assert grown(before, after, "standpoint_errors_total", status="400") == 1
    assert grown(before, after, "standpoint_requests_total", endpoint="api.classify", method="POST", status="200") == 1


def test_the_model_and_what_is_in_flight(client: FlaskClient, model: LoadedModel) -> None:
    samples = scrape(client)
    labels = {"name": "words", "version": "0.0.1", "sha256": model.sha256}
    assert samples["standpoint_model_info", tuple(sorted(labels.items()))] == 1
    assert samples["standpoint_in_flight", ()] == 0


def test_openmetrics_when_asked_for(client: FlaskClient) -> None:
    response = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert response.content_type.startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")


@pytest.mark.parametrize("version", ["abc", "1..0", "", "9999999999.0", "-1"])
def test_an_unknown_version_is_answered_all_the_same(client: FlaskClient, version: str) -> None:
    for kind in ("text/plain", "application/openmetrics-text"):
        response = client.get("/metrics", headers={"Accept": f"{kind};version={version}"})
        assert response.status_code == 200
        assert "standpoint_requests" in response.text


def test_odd_methods_are_counted_together(client: FlaskClient) -> None:
    before = scrape(client)
    for method in ("BREW", "PROPFIND"):
        client.open("/livez", method=method)
    after = scrape(client)
    assert grown(before, after, "standpoint_requests_total", endpoint="unmatched", method="other", status="405") == 2


WORKERS = """
import os, sys
from pathlib import Path
from models.store import load
from service import Settings, create_app, forget_worker
from tests.service.texts import PLAIN

app = create_app(Settings(), model=load(sys.argv[1]))
client = app.test_client()
for posts in (1, 2, 3):
    if (child := os.fork()) == 0:
        for _ in range(posts):
            client.post("/v1/classify", json={"text": PLAIN})
        if posts == 3:
            from service.metrics import IN_FLIGHT
            IN_FLIGHT.inc(5)  # as if it had died over them
        os._exit(0)
    os.waitpid(child, 0)
    if posts == 3:
        Path("with-gauge").write_bytes(client.get("/metrics").data)
    forget_worker(child)
Path("without").write_bytes(client.get("/metrics").data)
"""


def test_counts_of_all_workers_are_summed_and_the_gauges_of_the_dead_dropped(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from models.store import save
    from tests.core.classifiers import WordClassifier, draft

    save(tmp_path / "words", WordClassifier(), draft())
    directory = tmp_path_factory.mktemp("metrics")
    root = Path(__file__).parents[2]
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(directory), "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", WORKERS, str(tmp_path / "words")]
    subprocess.run(command, env=environ, cwd=tmp_path, check=True, stderr=subprocess.PIPE)
    during, after = (parse((tmp_path / name).read_text()) for name in ("with-gauge", "without"))
    labels = (("endpoint", "api.classify"), ("method", "POST"), ("status", "200"))
    assert after["standpoint_requests_total", labels] == 6
    assert after["standpoint_request_seconds_count", (("endpoint", "api.classify"),)] == 6
    assert after["standpoint_paragraphs_total", (("status", "scored"),)] == 6
    assert during["standpoint_in_flight", ()] == 5
    assert after["standpoint_in_flight", ()] == 0
    assert [value for (name, _), value in after.items() if name == "standpoint_model_info"] == [1]
