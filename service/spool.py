"""Reads a stream's input ahead of its results, in bounded memory.

Many HTTP clients send a whole body before they read any of the answer. A server that reads a line, writes its result
and reads on would then stand with full buffers on both sides, each waiting for the other. So a thread reads whatever
the client sends and keeps what is not yet wanted: a little in memory, more in a temporary file, up to a limit.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Callable
from typing import IO, Final

_CHUNK: Final = 64 * 1024
_IN_MEMORY: Final = 2**20
_RETRY_SECONDS: Final = 0.1


class Room:
    """How much the temporary files of all streams of a process may take up together.

    Args:
        total: Bytes.
    """

    def __init__(self, total: int) -> None:
        self._free = total
        self._lock = threading.Lock()

    def reserve(self, size: int) -> bool:
        """Take ``size`` bytes, if there are as many."""
        with self._lock:
            if size > self._free:
                return False
            self._free -= size
            return True

    def release(self, size: int) -> None:
        """Give ``size`` bytes back."""
        with self._lock:
            self._free += size


class Spool:
    """A first-in first-out buffer between the thread that reads a request and the one that answers it.

    The file is a ring of ``limit`` bytes, and starts over whenever it runs empty.

    Args:
        read: Returns some input, empty at its end, or raises one of ``errors``.
        limit: Most bytes to hold; the thread waits, and so in the end does the client, while it is full.
        errors: What ``read`` raises when the client breaks off.
        room: What all files share, beyond the little that each may keep in memory; the thread waits likewise.

    Attributes:
        broken: What ended the input early, if anything did; known once :meth:`take` has returned ``b""``.
        failed: What kept the input from being held, a full disk say; known likewise.
    """

    def __init__(
        self,
        read: Callable[[], bytes],
        limit: int,
        errors: tuple[type[Exception], ...],
        room: Room | None = None,
    ) -> None:
        self.broken: Exception | None = None
        self.failed: Exception | None = None
        self._read = read
        self._limit = limit
        self._room = room or Room(limit)
        self._size = _IN_MEMORY
        self._errors = errors
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - lives until close()
        self._start = self._held = 0
        self._done = self._closed = False
        self._changed = threading.Condition()
        threading.Thread(target=self._fill, name="stream-input", daemon=True).start()

    def take(self, *, wait: bool) -> bytes | None:
        """Return some input, ``b""`` at its end, or None if there is none yet and ``wait`` is false."""
        with self._changed:
            self._changed.wait_for(lambda: self._held or self._done or not wait)
            if not self._held:
                return b"" if self._done else None
            try:
                self._file.seek(self._start)
                data = self._file.read(min(_CHUNK, self._held, self._limit - self._start))
            except OSError as error:
                # A full disk may show only here, where what was written before is put there at last.
                self._fail(error)
                return b""
            self._held -= len(data)
            self._start = (self._start + len(data)) % self._limit if self._held else 0
            if not self._held:
                self._shrink()
            self._changed.notify_all()
            return data

    def close(self) -> None:
        """Let go of the file; the thread ends with the next input it gets."""
        with self._changed:
            if not self._closed:
                self._closed = True
                self._shrink()
                with contextlib.suppress(OSError):
                    self._file.close()
            self._changed.notify_all()

    def _shrink(self) -> None:
        if self._size > _IN_MEMORY:
            try:
                self._file.truncate(0)
            except OSError as error:
                self._fail(error)
            self._room.release(self._size - _IN_MEMORY)
            self._size = _IN_MEMORY

    def _fail(self, error: OSError) -> None:
        self.failed = self.failed or error
        self._held = self._start = 0
        self._done = True
        self._changed.notify_all()

    def _grow(self, end: int) -> bool:
        """Make room in the file up to ``end``; return whether there is."""
        if end <= self._size:
            return True
        if not self._room.reserve(end - self._size):
            return False
        self._size = end
        return True

    def _fill(self) -> None:
        try:
            while (data := self._next()) and self._put(memoryview(data)):
                pass
        except Exception as error:
            self.failed = error
        finally:
            with self._changed:
                self._done = True
                self._changed.notify_all()

    def _next(self) -> bytes:
        try:
            return self._read()
        except self._errors as error:
            self.broken = error
            return b""

    def _put(self, data: memoryview) -> bool:
        while data:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self.failed or self._held < self._limit)
                if self._closed or self.failed:
                    return False
                end = (self._start + self._held) % self._limit
                piece = data[: min(self._limit - self._held, self._limit - end)]
                if not self._grow(end + len(piece)):
                    # Other streams' files leave no room: until one ends, or this one has run empty and starts over.
                    self._changed.wait(_RETRY_SECONDS)
                    continue
                self._file.seek(end)
                self._file.write(piece)
                self._held += len(piece)
                self._changed.notify_all()
            data = data[len(piece) :]
        return True
