"""One arena of memory for all threads of a worker."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from service.serving.memory import share_one_arena

_PROBE = """
import ctypes, threading
from service.serving.memory import share_one_arena
assert share_one_arena() is True
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
found, ready = [], threading.Barrier(8)
def take():
    address = libc.malloc(50_000)
    found.append(address)
    ready.wait()
    libc.free(address)
threads = [threading.Thread(target=take) for _ in range(8)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
print(max(found) - min(found))
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"), reason="only glibc has arenas")
def test_threads_share_an_arena() -> None:
    """An arena of a thread's own lies 64 MiB or more from the others."""
    run = subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, text=True, check=True, timeout=60)
    assert int(run.stdout) < 32 * 2**20


def test_another_c_library_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert share_one_arena() is False
