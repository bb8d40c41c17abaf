"""Admits a limited number of requests at a time, and turns the others away at once rather than late."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from service.metrics import IN_FLIGHT
from service.problems import Kind, ProblemError


class Gate:
    """A count of free places in one process."""

    def __init__(self, places: int, retry_after_seconds: int) -> None:
        self._places = threading.BoundedSemaphore(places)
        # Waiters take every place the moment it is free: if they could hold all, enter() would hardly ever succeed.
        self._for_waiting = threading.BoundedSemaphore(max(1, places // 2))
        self._headers = {"Retry-After": str(retry_after_seconds)}

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Hold a place.

        Raises:
            ProblemError: 429, since there is none.
        """
        if not self._places.acquire(blocking=False):
            raise ProblemError(
                Kind.OVERLOADED, "all places of this process are taken; try again soon", headers=self._headers
            )
        yield from self._held()

    @contextmanager
    def wait(self) -> Iterator[None]:
        """Hold a place, one of half of them, waiting for it."""
        with self._for_waiting:
            self._places.acquire()
            yield from self._held()

    def check(self) -> None:
        """Raise what :meth:`enter` would raise now."""
        with self.enter():
            pass

    def _held(self) -> Iterator[None]:
        try:
            with IN_FLIGHT.track_inprogress():
                yield
        finally:
            self._places.release()
