"""Reading request bodies: whole ones up to a limit, and streams as they arrive."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, Any, Final

from flask import Request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import get_input_stream

from service.problems import Kind, ProblemError

READ_ERRORS: Final = (OSError, ValueError, ParseException, ClientDisconnected)
"""What reading raises when the client breaks off, or its chunked encoding is malformed."""

_CHUNK: Final = 64 * 1024


def read_body(request: Request, limit: int) -> bytes:
    """Return the whole body.

    Raises:
        ProblemError: 413, since it is longer than ``limit`` bytes; 400, since it ended early.
    """
    expected = request.content_length
    # Not Werkzeug's own limit: a chunked body over that is cut off without a word.
    if expected is None or expected <= limit:
        data = _read(get_input_stream(request.environ), limit + 1)
        if expected is not None and len(data) < expected:
            raise _incomplete()
        if len(data) <= limit:
            return data
    raise ProblemError(Kind.BODY_TOO_LARGE, f"a request may have {limit} bytes")


def _read(stream: IO[bytes], most: int) -> bytes:
    data = bytearray()
    try:
        while len(data) < most and (piece := stream.read(min(_CHUNK, most - len(data)))):
            data += piece
    except READ_ERRORS as error:
        raise _incomplete() from error
    return bytes(data)


def _incomplete() -> ProblemError:
    return ProblemError(Kind.INCOMPLETE_BODY, "the connection or its encoding broke within the body")


def arriving(request: Request) -> Callable[[], bytes]:
    """Return a function that gives the next input as soon as there is any, empty at the end.

    gunicorn's body object fills every read up to at least a kilobyte, which would keep a short line from a client
    that waits for its result. What its reader holds beyond the first byte can be had without waiting.
    """
    stream: Any = get_input_stream(request.environ)
    reader: Any = getattr(stream, "reader", None)
    # A body of known length is buffered by what reads the socket, a chunked one by the reader itself.
    buffering = getattr(reader, "unreader", reader)
    if not isinstance(getattr(buffering, "buf", None), io.BytesIO):
        return lambda: bytes(stream.read(_CHUNK))

    def read() -> bytes:
        first: bytes = stream.readline(1)
        return first + reader.read(min(buffering.buf.tell(), _CHUNK)) if first else first

    return read
