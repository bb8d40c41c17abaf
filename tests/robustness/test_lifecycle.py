"""Starting, stopping and losing workers."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.server import ROOT, Server
from models.store import shipped_models
from tests.robustness.talk import ARTICLE, NDJSON, assert_problem, classify, post, read, receive, request_bytes

LINE = json.dumps({"id": "a", "text": ARTICLE}).encode() + b"\n"


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run gunicorn with settings that it must refuse."""
    command = [sys.executable, "-m", "gunicorn", "-c", "service/gunicorn.py"]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )


def metric(server: Server, name: str, **labels: str) -> float:
    """Return the sum of a metric's samples that have ``labels``."""
    total = 0.0
    for line in server.get("/metrics")[1].decode().splitlines():
        found = re.fullmatch(rf"{name}(?:\{{(.*)\}})? (\S+)", line)
        if found and all(f'{label}="{value}"' in (found[1] or "") for label, value in labels.items()):
            total += float(found[2])
    return total


def workers(server: Server) -> set[int]:
    """Return the process ids of the workers."""
    pid = server.process.pid
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def test_a_model_that_cannot_be_loaded_is_told_in_one_line(tmp_path: Path) -> None:
    done = start(STANDPOINT_MODEL="no-such-model", PORT="0", TMPDIR=str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("standpoint: no model 'no-such-model'")


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "http"), ("STANDPOINT_WORKERS", "0"), ("STANDPOINT_MAX_BODY_BYTES", "lots")]
)
def test_a_wrong_setting_is_told_in_one_line(name: str, value: str) -> None:
    done = start(**{name: value})
    assert done.returncode == 1
    assert re.fullmatch(
        rf"standpoint: setting \S*{name.removeprefix('STANDPOINT_').lower()}\S*: .+\n", done.stderr, re.I
    )


def test_metrics_are_those_of_all_workers() -> None:
    with Server({"STANDPOINT_WORKERS": "2"}) as server, contextlib.ExitStack() as stack:
        kept = [stack.enter_context(contextlib.closing(server.connect())) for _ in range(16)]
        body = json.dumps({"text": ARTICLE}).encode()
        for _ in range(3):
            assert all(post(connection, body).status == 200 for connection in kept)
        for _ in range(5):
            assert metric(server, "standpoint_paragraphs_total", status="scored") == 3 * 3 * 16
            assert metric(server, "standpoint_requests_total", endpoint="api.classify", status="200") == 3 * 16
            assert metric(server, "standpoint_model_info") == 1
            assert metric(server, "standpoint_in_flight") == 0


def test_a_worker_that_dies_is_replaced_and_its_counts_stay() -> None:
    with Server({"STANDPOINT_WORKERS": "2"}) as server:
        for _ in range(6):
            classify(server, {"text": ARTICLE})
        before = workers(server)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 60
        while len(workers(server) - before) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        classify(server, {"text": ARTICLE})
        assert not workers(server) & before
        assert metric(server, "standpoint_paragraphs_total", status="scored") == 7 * 3


def test_sigterm_lets_requests_finish_and_turns_new_clients_away() -> None:
    draining = {"STANDPOINT_WORKERS": "2", "STANDPOINT_DRAIN_SECONDS": "3"}
    with Server(draining) as server:
        classify(server, {"text": ARTICLE})
        with server.dial() as stream, server.dial() as late, contextlib.closing(server.connect()) as kept:
            assert post(kept, b'{"text": ""}').status == 200
            stream.sendall(request_bytes(LINE, f"Content-Type: {NDJSON}", length=2 * len(LINE)))
            assert stream.recv(15) == b"HTTP/1.1 200 OK"
            late.sendall(request_bytes(json.dumps({"text": ARTICLE}).encode())[:-50])
            server.process.send_signal(signal.SIGTERM)
            _await_draining(server)
            kept.request("GET", "/livez")
            answer = kept.getresponse()
            assert (answer.status, answer.headers["Connection"]) == (200, "close")
            answer.read()
            late.sendall(request_bytes(json.dumps({"text": ARTICLE}).encode())[-50:])
            assert len(receive(late).json()["paragraphs"]) == 3
            _await_refusal(server)
            stream.sendall(LINE)
            rest = stream.makefile("rb").read()
            assert rest.count(b'"id":"a"') == 2
            assert rest.endswith(b"0\r\n\r\n")
        assert server.process.wait(30) == 0
        assert "Traceback" not in server.log


def _await_draining(server: Server) -> None:
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        connection = server.connect()
        connection.request("GET", "/readyz")
        answer = read(connection.getresponse())
        connection.close()
        if answer.status == 503:
            assert_problem(answer, 503)
            return
    pytest.fail("still ready while draining")


def _await_refusal(server: Server) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            server.get("/livez")
        except OSError:
            return
        time.sleep(0.1)
    pytest.fail("new clients are still taken")


def test_half_open_connections_do_not_delay_the_end() -> None:
    with Server({"STANDPOINT_DRAIN_SECONDS": "0"}) as server:
        halves = [server.dial() for _ in range(20)]
        for half in halves:
            half.sendall(b"POST /v1/classify HTTP/1.1\r\nContent-")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
        for half in halves:
            half.close()


def test_the_metrics_directory_goes_with_the_server(tmp_path: Path) -> None:
    with Server({"TMPDIR": str(tmp_path), "STANDPOINT_DRAIN_SECONDS": "0"}) as server:
        assert [path.name for path in tmp_path.iterdir()] != []
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
        assert list(tmp_path.iterdir()) == []


def test_a_given_metrics_directory_is_emptied_and_kept(tmp_path: Path) -> None:
    given, others = tmp_path / "given", tmp_path / "others"
    given.mkdir()
    others.mkdir()
    stale = given / "counter_1.db"
    stale.write_bytes(b"of an earlier run")
    places = {"PROMETHEUS_MULTIPROC_DIR": str(given), "TMPDIR": str(others)}
    with Server({**places, "STANDPOINT_DRAIN_SECONDS": "0"}) as server:
        assert not stale.exists()
        assert metric(server, "standpoint_model_info") == 1
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
    assert given.exists()
    assert list(others.iterdir()) == []


@pytest.mark.parametrize("model", shipped_models())
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_workers_that_have_scored_end_without_a_crash(model: str, stop: signal.Signals) -> None:
    with Server({"STANDPOINT_MODEL": model, "STANDPOINT_DRAIN_SECONDS": "0"}) as server:
        assert classify(server, {"text": ARTICLE})["model"]["name"] == model
        server.process.send_signal(stop)
        server.process.wait(30)
        # gunicorn tells of every worker that a signal ended.
        assert "was sent SIG" not in server.log
