"""Live servers to be rude to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.server import Server


@pytest.fixture(scope="package", autouse=True)
def quick_model() -> Iterator[None]:
    """Serve the model that takes the least time, unless a server is told otherwise: these are tests of manners."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANDPOINT_MODEL", "linear")
        yield


@pytest.fixture(scope="package")
def service() -> Iterator[Server]:
    """The service with two workers, shared by tests that leave it as they found it."""
    with Server({"STANDPOINT_WORKERS": "2"}) as server:
        yield server


@pytest.fixture(scope="module")
def narrow() -> Iterator[Server]:
    """One worker with two threads, soon out of patience: what takes up a thread here is noticed at once."""
    impatient = {"STANDPOINT_HEAD_SECONDS": "1.5", "STANDPOINT_PATIENCE_SECONDS": "1.5"}
    with Server({"STANDPOINT_WORKERS": "1", "STANDPOINT_THREADS": "2", **impatient}) as server:
        yield server
