"""Reading request bodies: whole ones up to a limit, and streams as they arrive."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Final

from flask import Request
from gunicorn.http.errors import ParseException
from werkzeug.wsgi import get_input_stream

from service.problems import Kind, ProblemError

READ_ERRORS: Final = (OSError, ValueError, ParseException)
"""What reading raises when the client breaks off, or its chunked encoding is malformed."""

_CHUNK: Final = 64 * 1024


def read_body(request: Request) -> bytes:
    """Return the whole body.

    Raises:
        ProblemError: 400, since it ended early.
        RequestEntityTooLarge: It is over the application's limit.
    """
    try:
        return request.get_data(cache=False)
    except READ_ERRORS as error:
        raise ProblemError(Kind.INCOMPLETE_BODY, "the connection or its encoding broke within the body") from error


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
