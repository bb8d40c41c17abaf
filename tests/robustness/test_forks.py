"""A child that is told to stop right after its fork ends, though its parent's handler would only take note."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.server import ROOT

SCRIPT = """
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


@pytest.mark.parametrize(("guarded", "child_ended_by"), [(True, "-15"), (False, "0")])
def test_a_newborn_can_be_stopped_and_its_parent_still_takes_note(guarded: bool, child_ended_by: str) -> None:
    command = [sys.executable, "-c", SCRIPT.format(guarded=guarded)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True).stdout
    assert told.split() == [child_ended_by, "1"]
