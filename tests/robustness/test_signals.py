"""Signals at bad moments: a child told to stop right after its fork, a worker told to while it hands out a request."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.server import ROOT, Server
from service.serving.worker import PatientWorker
from tests.robustness.talk import ARTICLE, NDJSON, classify, request_bytes

NEWBORN = """
import os, signal, sys, time
from service.serving.forks import let_newborns_be_stopped
noted = []
signal.signal(signal.SIGTERM, lambda number, frame: noted.append(number))
if {guarded}:
    let_newborns_be_stopped()
    let_newborns_be_stopped()
child = os.fork()
if child == 0:
    time.sleep(1)
    os._exit(0)
os.kill(child, signal.SIGTERM)
_, status = os.waitpid(child, 0)
os.kill(os.getpid(), signal.SIGTERM)
print(os.waitstatus_to_exitcode(status), len(noted))
"""

BUSY = """
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from service.serving.worker import PatientWorker
worker = object.__new__(PatientWorker)
worker.cfg = SimpleNamespace(worker_int=lambda worker: None)
worker.tpool = ThreadPoolExecutor(1)
with worker.tpool._shutdown_lock:
    worker.handle_quit(2, None)
print("went on")
"""


@pytest.mark.parametrize(("guarded", "child_ended_by"), [(True, "-15"), (False, "0")])
def test_a_newborn_can_be_stopped_and_its_parent_still_takes_note(guarded: bool, child_ended_by: str) -> None:
    command = [sys.executable, "-c", NEWBORN.format(guarded=guarded)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True).stdout
    assert told.split() == [child_ended_by, "1"]


def test_a_worker_quits_though_the_signal_comes_while_its_pool_is_locked() -> None:
    command = [sys.executable, "-c", BUSY]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True).stdout == ""


def children(pid: int) -> set[int]:
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if done():
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


IMPATIENT = {"STANDPOINT_WORKERS": "1", "STANDPOINT_DRAIN_SECONDS": "0.1", "STANDPOINT_GRACE_SECONDS": "2"}
OPEN_STREAM = request_bytes(b"", f"Content-Type: {NDJSON}", length=500)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_open_stream_does_not_hold_up_the_end(number: signal.Signals) -> None:
    with Server(IMPATIENT) as server, server.dial() as client:
        client.sendall(OPEN_STREAM)
        time.sleep(0.3)
        server.process.send_signal(number)
        assert server.process.wait(8) == 0
        assert "Traceback" not in server.log


def test_an_open_stream_does_not_keep_a_worker_that_is_replaced() -> None:
    with Server(IMPATIENT) as server, server.dial() as client:
        [old] = children(server.process.pid)
        client.sendall(OPEN_STREAM)
        time.sleep(0.3)
        server.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: not alive(old), 10)
        assert len(classify(server, {"text": ARTICLE})["paragraphs"]) == 3
        assert "Traceback" not in server.log


def test_a_worker_without_its_master_leaves_the_port() -> None:
    with Server(IMPATIENT) as server, server.dial() as client:
        [worker] = children(server.process.pid)
        client.sendall(OPEN_STREAM)
        time.sleep(0.3)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(5)
        assert wait_until(lambda: not alive(worker), 10)


def test_what_the_poller_still_tells_of_a_connection_that_is_gone_is_passed_over() -> None:
    worker: Any = object.__new__(PatientWorker)
    worker._sending, worker._lingering, worker._waiting = {}, {}, {}
    gone: Any = object()
    for heard in (worker._send_on, worker._discard, worker._gather_more):
        heard(gone, gone)
