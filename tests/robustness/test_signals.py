"""Signals at bad moments: a child told to stop right after its fork, a worker told to while it hands out a request."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.server import ROOT

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
