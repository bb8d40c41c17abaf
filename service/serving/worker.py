"""A gunicorn worker that no slow client can hold up.

gunicorn's threaded worker gives a connection to a thread as soon as its first bytes are there, and that thread then
waits without limit for the rest: as many clients as there are threads, each having sent half a head, stop it. Here
the main loop gathers requests and only whole ones take a thread, as a buffering proxy in front would have it
(https://docs.gunicorn.org/en/stable/deploy.html). A thread waits for a client only where it must, for bodies that are
streamed or too large, and not long without progress; and no more than half of the threads do, so that streams which
stay open for hours leave room for other requests, health checks among them. What a client does not take of an answer
is left to the main loop as well.

What gunicorn itself refuses, a malformed head say, is answered with a problem document like everything else.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import selectors
import socket
import time
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from types import FrameType
from typing import Any, Final, cast

import orjson
from flask import Flask
from gunicorn.http import Request, errors
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import TConn, ThreadWorker

from service import drain, logs, metrics
from service.problems import MEDIA_TYPE, Kind, Problem
from service.serving.connection import MAX_HEAD, HeadTooLongError, PatientConnection, PatientSocket
from service.serving.settings import MAX_UNSENT, ServerSettings
from service.settings import Settings

# Waiting requests may hold this much memory, in bytes; past it they are given to threads as they come.
_MAX_GATHERED: Final = 64 * 2**20
# What a client still sends after its answer is read and thrown away: closing earlier would reset the connection, and
# the answer might never be seen (RFC 9112, section 9.6).
_LINGER_SECONDS: Final = 5.0
_LINGER_PIECE: Final = 256 * 1024
# A client whose request is under way when draining ends has this long to send the rest.
_LAST_CALL_SECONDS: Final = 2.0
_SWEEP_SECONDS: Final = 0.25
# A process out of file descriptors leaves new clients waiting for so long.
_NO_FILES_SECONDS: Final = 0.05
_TOLD_SECONDS: Final = 60.0

# What gunicorn's parser finds wrong; of a kind not named here it is a bad request.
_REFUSALS: Final[tuple[tuple[type[Exception], HTTPStatus], ...]] = (
    (errors.LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG),
    (errors.LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (errors.ExpectationFailed, HTTPStatus.EXPECTATION_FAILED),
    (errors.ParseException, HTTPStatus.BAD_REQUEST),
)


class PatientWorker(ThreadWorker):
    """Gathers requests in its main loop and serves them in threads; drains before it stops."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - gunicorn's to choose
        super().__init__(*args, **kwargs)
        self._settings = ServerSettings()
        settings = Settings()
        self._max_body = settings.max_body_bytes
        self._retry_after = f"Retry-After: {settings.retry_after_seconds}\r\n"
        self._waiting: dict[PatientConnection, int] = {}
        self._arriving: set[PatientConnection] = set()
        self._sending: dict[PatientConnection, tuple[float, Future[bool]]] = {}
        self._serving = 0
        self._lingering: dict[PatientConnection, float] = {}
        self._gathered = 0
        self._stops_at: float | None = None
        self._last_call = math.inf
        self._swept = 0.0
        self._told = -_TOLD_SECONDS

    # Requests coming in

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection and wait for its request."""
        try:
            accepted, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            if error.errno not in {errno.EMFILE, errno.ENFILE}:
                raise
            now = time.monotonic()
            if now > self._told + _TOLD_SECONDS:
                self._told = now
                self.log.warning("no file descriptor is left for a new connection")
            time.sleep(_NO_FILES_SECONDS)
            return
        sock = PatientSocket(fileno=accepted.detach())
        sock.set_patience(self._settings.patience_seconds)
        self.nr_conns += 1
        self._expect(PatientConnection(self.cfg, sock, client, listener.getsockname(), self._max_body))

    def set_accept_enabled(self, enabled: bool | None) -> None:
        """Take new connections or leave them to others; a worker that stops closes its door.

        Left open, it would have clients queue behind it until it is gone.
        """
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Wait for the whole of the next request on a connection kept alive."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._expect(cast(PatientConnection, conn))

    def _expect(self, conn: PatientConnection, already: bytes = b"") -> None:
        conn.expect(self._settings.head_seconds, already)
        self._gather(conn, conn.sock)

    def _gather(self, conn: PatientConnection, _: socket.socket) -> None:
        try:
            whole = conn.gather(self._settings.patience_seconds)
        except HeadTooLongError:
            detail = f"the limit is {MAX_HEAD} bytes in all"
            self._refuse(conn, _plain(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail))
        except OSError:
            self._stop_waiting(conn)
            self._drop(conn)
        else:
            # Most requests come whole, and need not be watched for.
            if not whole:
                self._wait(conn)
            if whole or self._gathered > _MAX_GATHERED:
                self._stop_waiting(conn)
                self._serve(conn, arriving=conn.arriving or not whole)

    # The poller tells of several sockets at a time, and what is done about one may close another: so each of these
    # first looks whether it is still wanted.

    def _gather_more(self, conn: PatientConnection, sock: socket.socket) -> None:
        if conn in self._waiting:
            self._gather(conn, sock)

    def _serve(self, conn: PatientConnection, *, arriving: bool) -> None:
        if arriving:
            if len(self._arriving) >= max(1, self._settings.threads // 2):
                detail = "as many clients as this process has room for are still sending; try again soon"
                self._refuse(conn, Problem.of(Kind.OVERLOADED, detail), self._retry_after)
                return
            self._arriving.add(conn)
        conn.sock.defers = not arriving
        conn.data_ready = True
        self._serving += 1
        self.enqueue_req(conn)

    def _wait(self, conn: PatientConnection) -> None:
        if conn not in self._waiting:
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._gather_more, conn))
        self._gathered += len(conn.received) - self._waiting.get(conn, 0)
        self._waiting[conn] = len(conn.received)

    def _stop_waiting(self, conn: PatientConnection) -> None:
        if conn in self._waiting:
            self.poller.unregister(conn.sock)
            self._gathered -= self._waiting.pop(conn)

    # Requests served, in a thread

    def handle_request(self, req: Request, conn: TConn) -> bool:
        """Serve one request; while draining it is the last on its connection."""
        if self._stops_at is not None:
            req.force_close()
        return super().handle_request(req, conn)

    def handle_error(self, req: Request | None, client: socket.socket, addr: Any, exc: BaseException) -> None:  # noqa: ANN401
        """Answer what never reached the application, or came out of it unanswered."""
        if req is not None or not isinstance(exc, errors.ParseException):
            problem = _plain(HTTPStatus.INTERNAL_SERVER_ERROR, "It has been logged under this request's id.")
            fields = _answer(client, problem)
            self.log.error("unanswered %s", type(exc).__name__, exc_info=exc, extra=fields)
            return
        status = next((status for kind, status in _REFUSALS if isinstance(exc, kind)), HTTPStatus.BAD_REQUEST)
        fields = _answer(client, _plain(status, str(exc)[:200]))
        self.log.info("refused a request: %s", type(exc).__name__, extra=fields)

    # Connections going out

    def finish_request(self, conn: TConn, fs: Future[bool]) -> None:
        """Keep a connection whose request was served, or close it without cutting off the answer."""
        conn = cast(PatientConnection, conn)
        if conn not in self._sending:
            self._serving -= 1
            self._arriving.discard(conn)
        if conn.sock.unsent:
            self._send_later(conn, fs)
        elif fs.cancelled() or fs.exception() is not None or not fs.result():
            self._linger(conn)
        elif already := conn.read_ahead():
            self._expect(conn, already)
        else:
            super().finish_request(conn, fs)

    def _send_later(self, conn: PatientConnection, fs: Future[bool]) -> None:
        try:
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._send_on, conn))
        except (OSError, ValueError):
            self._drop(conn)
            return
        self._sending[conn] = (time.monotonic() + self._settings.patience_seconds, fs)

    def _send_on(self, conn: PatientConnection, _: socket.socket) -> None:
        if conn not in self._sending:
            return
        try:
            sent = conn.sock.send_on()
        except OSError:
            self._stop_sending(conn)
            return
        fs = self._sending[conn][1]
        if sent:
            self._sending[conn] = (time.monotonic() + self._settings.patience_seconds, fs)
        if not conn.sock.unsent:
            self.poller.unregister(conn.sock)
            self.finish_request(conn, fs)
            del self._sending[conn]

    def _stop_sending(self, conn: PatientConnection) -> None:
        del self._sending[conn]
        self.poller.unregister(conn.sock)
        self._drop(conn)

    def _refuse(self, conn: PatientConnection, problem: Problem, headers: str = "") -> None:
        self._stop_waiting(conn)
        self.log.info("refused a request: %s", problem.title, extra=_answer(conn.sock, problem, headers))
        self._linger(conn)

    def _linger(self, conn: PatientConnection) -> None:
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._discard, conn))
        except OSError:
            self._drop(conn)
        else:
            self._lingering[conn] = time.monotonic() + _LINGER_SECONDS

    def _discard(self, conn: PatientConnection, sock: socket.socket) -> None:
        if conn not in self._lingering:
            return
        try:
            ended = not sock.recv(_LINGER_PIECE)
        except BlockingIOError:
            return
        except OSError:
            ended = True
        if ended:
            self._part(conn)

    def _part(self, conn: PatientConnection) -> None:
        del self._lingering[conn]
        self.poller.unregister(conn.sock)
        self._drop(conn)

    def _drop(self, conn: PatientConnection) -> None:
        self.nr_conns -= 1
        conn.close()

    # Time passing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain: for a while requests are still taken, but the service no longer calls itself ready."""
        if self._stops_at is None:
            self._stops_at = time.monotonic() + self._settings.drain_seconds
            self._last_call = self._stops_at + _LAST_CALL_SECONDS
            drain(cast(Flask, self.wsgi))
            self.method_queue.defer(self.murder_pending)

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at once.

        gunicorn would shut down its threads here, by a lock that the code which the signal has interrupted may hold:
        the worker would wait for itself.
        """
        Worker.handle_quit(self, sig, frame)

    def is_parent_alive(self) -> bool:
        """Tell whether the master lives; without it the worker stops, and leaves the port to the next one."""
        self.alive = super().is_parent_alive() and self.alive
        return bool(self.alive)

    def run(self) -> None:
        """Serve until it is time to stop, and then do so, whatever the threads wait for."""
        status = 0
        try:
            super().run()
        except Exception:
            status = 1
            if self._serving:
                self.log.exception("the worker failed")
            raise
        finally:
            if self._serving:
                # The interpreter would wait for each thread, and a thread for its client.
                self.log.info("stopping with %d requests under way", self._serving)
                os._exit(status)

    def murder_pending(self) -> None:
        """Stop when the draining is over, and let go of clients that took too long; called about every second."""
        now = time.monotonic()
        if self._stops_at is not None and now >= self._stops_at:
            self.alive = False
        if now < self._swept + _SWEEP_SECONDS:
            return
        self._swept = now
        for conn in [conn for conn in self._waiting if min(conn.deadline, self._last_call) <= now]:
            self._give_up(conn)
        for conn in [conn for conn, (until, _) in self._sending.items() if until <= now]:
            self._stop_sending(conn)
        unsent = sum(len(conn.sock.unsent) for conn in self._sending)
        while len(self._sending) > 1 and unsent > MAX_UNSENT:
            slowest = min(self._sending, key=lambda conn: self._sending[conn][0])
            unsent -= len(slowest.sock.unsent)
            self._stop_sending(slowest)
            self.log.warning("a client that reads slowly is let go: answers not yet taken hold too much memory")
        for conn in [conn for conn, until in self._lingering.items() if until <= now]:
            self._part(conn)

    def _give_up(self, conn: PatientConnection) -> None:
        if conn.received:
            self._refuse(conn, _plain(HTTPStatus.REQUEST_TIMEOUT, "the rest of the request did not come in time"))
        else:
            self._stop_waiting(conn)
            self._drop(conn)


def _plain(status: HTTPStatus, detail: str) -> Problem:
    return Problem("about:blank", status, status.phrase, detail)


def _answer(sock: socket.socket, problem: Problem, headers: str = "") -> dict[str, dict[str, str]]:
    """Send a problem document over a bare socket, to a client that may be gone; return what is to be logged with it."""
    status = HTTPStatus(problem.status)
    metrics.count_refusal(status)
    request_id = logs.new_id()
    body = orjson.dumps(problem.as_json())
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n{logs.HEADER}: {request_id}\r\n{headers}"
        f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with contextlib.suppress(OSError):
        sock.sendall(head.encode() + body)
    return {"fields": {"request_id": request_id}}
