"""Has threads compute one after another, in short turns, rather than all at once and each of them slowly.

Threads of one interpreter share one core's worth of Python. Left to themselves they take it from each other every few
milliseconds, each time with what the core's caches held: fewer requests are answered, and every one is late. So they
wait for their turn, and long work passes it on between its parts.
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType
from typing import Self


class Turns:
    """A lock, or several, that is given to whoever has waited longest; a context manager.

    Args:
        places: How many threads may compute at a time.
    """

    def __init__(self, places: int = 1) -> None:
        self._lock = threading.Lock()
        self._free = places
        self._waiting: deque[threading.Event] = deque()

    def __enter__(self) -> Self:
        """Wait for a turn."""
        with self._lock:
            if self._free:
                self._free -= 1
                return self
            called = threading.Event()
            self._waiting.append(called)
        try:
            called.wait()
        except BaseException:
            # Interrupted: nobody may call a place that is left, nor keep one that was called already.
            with self._lock:
                if not called.is_set():
                    self._waiting.remove(called)
                    raise
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the turn."""
        self._end()

    def pass_on(self) -> None:
        """Within a turn: let those who wait go first, and come back after them."""
        if self._waiting:
            self._end()
            self.__enter__()

    def _end(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
