"""One client's connection: gathers a request without a thread, and bounds how long a thread waits for the client."""

from __future__ import annotations

import errno
import re
import socket
import struct
import time
from typing import TYPE_CHECKING, Any, Final

from gunicorn.http import RequestParser
from gunicorn.workers.gthread import TConn

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

MAX_HEAD: Final = 32 * 1024
"""Longest head of a request, in bytes: its request line and all its header fields."""

# A client that sends its body slower than this, in bytes per second, is let go (as Apache's mod_reqtimeout does).
_LEAST_RATE: Final = 1000
_PIECE: Final = 256 * 1024

_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*0*(\d{0,15})([^\r\n]*)\r\n", re.IGNORECASE)
# Bodies that are not gathered: of unknown length, answered while they arrive, or not sent before they are asked for.
_NOT_GATHERED: Final = re.compile(
    rb"\r\n(?:transfer-encoding|expect|upgrade)[ \t]*:|\r\ncontent-type:[ \t]*application/x-ndjson", re.IGNORECASE
)


class HeadTooLongError(Exception):
    """The head of a request exceeds :data:`MAX_HEAD`."""


class PatientSocket(socket.socket):
    """A client's socket whose blocking calls end when the client makes no progress for a while.

    The kernel's time-outs are used: Python's own would limit a whole ``sendall``, not a standstill in it, and gunicorn
    clears them whenever it makes a socket blocking.

    Attributes:
        defers: What a client does not take at once is kept for :meth:`send_on`, rather than waited for.
        unsent: What has been kept so.
    """

    def __init__(self, fileno: int) -> None:
        super().__init__(fileno=fileno)
        self.defers = False
        self.unsent = bytearray()

    def set_patience(self, seconds: float) -> None:
        """Let each wait for the client last at most ``seconds``."""
        limit = struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))
        self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Receive as ever; after a standstill the client counts as gone."""
        try:
            return super().recv(size, flags)
        except BlockingIOError as error:
            raise self._gone(error) from error

    def sendall(self, data: ReadableBuffer, flags: int = 0, /) -> None:
        """Send as ever; after a standstill the client counts as gone."""
        if self.defers:
            self.unsent += data
            self.send_on()
            return
        try:
            super().sendall(data, flags)
        except BlockingIOError as error:
            raise self._gone(error) from error

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:  # noqa: ANN401 - as in socket
        """Send a part of a file, which is no larger than an answer, in its turn."""
        file.seek(offset)
        data = file.read(-1 if count is None else count)
        self.sendall(data)
        return len(data)

    def send_on(self) -> int:
        """Send of what was kept as much as the client takes without a wait; return how many bytes."""
        sent = 0
        try:
            while sent < len(self.unsent):
                sent += self.send(memoryview(self.unsent)[sent : sent + _PIECE], socket.MSG_DONTWAIT)
        except BlockingIOError:
            pass
        del self.unsent[:sent]
        return sent

    def _gone(self, error: BlockingIOError) -> OSError:
        # On a socket that doesn't block, the same error only says "not yet".
        return ConnectionResetError(errno.ECONNRESET, "the client stood still") if self.getblocking() else error


class PatientConnection(TConn):
    """A connection that knows when a whole request has arrived.

    Attributes:
        received: What has been gathered of the next request.
        deadline: When to give up waiting, on the monotonic clock.
        arriving: The request's body was not gathered: whoever serves it may have to wait for the client.
    """

    sock: PatientSocket

    def __init__(self, cfg: Any, sock: PatientSocket, client: Any, server: Any, max_body: int) -> None:  # noqa: ANN401
        super().__init__(cfg, sock, client, server)
        self.max_body = max_body
        self.received = bytearray()
        self.deadline = 0.0
        self.arriving = False
        self._needed = 0
        self._searched = 0
        self._body_since = 0.0

    def expect(self, seconds: float, already: bytes = b"") -> None:
        """Begin to gather the next request, whose head has ``seconds`` to come; ``already`` came with the last one."""
        self.sock.setblocking(False)
        self.received += already
        self.deadline = time.monotonic() + seconds
        self._needed = self._searched = 0

    def gather(self, patience: float) -> bool:
        """Take what the client has sent so far; return whether a thread can go on without waiting for it.

        Args:
            patience: Seconds without progress, or behind the least rate, after which a body is given up.

        Raises:
            HeadTooLongError: No head ends where it must.
            OSError: The client is gone.
        """
        while not self._is_whole(patience):
            try:
                data = self.sock.recv(_PIECE)
            except BlockingIOError:
                return False
            if not data:
                return self._ended()
            self.received += data
            self._extend(patience)
        return True

    def _ended(self) -> bool:
        # Half a body is the application's to answer; half a head, or nothing, is a client that left.
        if self._needed:
            return True
        raise ConnectionResetError(errno.ECONNRESET, "the client left")

    def _is_whole(self, patience: float) -> bool:
        if not self._needed:
            end = self.received.find(_END, self._searched)
            if end < 0 or end > MAX_HEAD:
                if len(self.received) > MAX_HEAD:
                    raise HeadTooLongError
                self._searched = max(0, len(self.received) - len(_END))
                return False
            head = bytes(self.received[: end + len(_END)])
            body = self._body_to_gather(head)
            self.arriving = body is None
            self._needed = len(head) + (body or 0)
            self._body_since = time.monotonic()
            self._extend(patience)
        return len(self.received) >= self._needed

    def _extend(self, patience: float) -> None:
        if self._needed:
            slowest = self._body_since + len(self.received) / _LEAST_RATE
            self.deadline = min(time.monotonic(), slowest) + patience

    def _body_to_gather(self, head: bytes) -> int | None:
        # Only a hint of when to start: gunicorn's parser decides what the head means, and refuses what is amiss in it.
        found = _LENGTH.search(head)
        if _NOT_GATHERED.search(head) or (found and found[2].strip()):
            return None
        length = int(found[1] or b"0") if found else 0
        return length if length <= self.max_body else None

    def init(self) -> None:
        """Hand what was gathered to the parser; called in the thread that serves the request."""
        super().init()
        if not isinstance(self.parser, RequestParser):
            raise TypeError(f"can't gather requests for a {type(self.parser).__name__}")
        self.parser.unreader.unread(bytes(self.received))
        self.received.clear()

    def read_ahead(self) -> bytes:
        """Return what the parser has read of the client's next request."""
        return self.parser.unreader.take_buffered() if isinstance(self.parser, RequestParser) else b""
