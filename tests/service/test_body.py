from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from flask import Request
from gunicorn.config import Config
from gunicorn.http.message import Request as Parsed
from gunicorn.http.unreader import SocketUnreader
from werkzeug.test import EnvironBuilder

from service.body import READ_ERRORS, arriving, read_body
from service.problems import ProblemError

HEAD = b"POST / HTTP/1.1\r\nHost: here\r\n"


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    client, server = socket.socketpair()
    with client, server:
        server.settimeout(5)
        yield client, server


def request_from(server: socket.socket) -> Request:
    """The request on a connection, with its body as gunicorn gives it."""
    parsed = Parsed(Config(), SocketUnreader(server), ("127.0.0.1", 1))
    headers = {name.lower(): value for name, value in parsed.headers}
    environ = EnvironBuilder().get_environ()
    environ |= {
        "wsgi.input": parsed.body,
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": headers.get("content-length", ""),
    }
    return Request(environ)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def read_to_end(read: Callable[[], bytes]) -> bytes:
    return b"".join(iter(read, b""))


def test_a_short_chunk_is_had_at_once(pair: tuple[socket.socket, socket.socket]) -> None:
    client, server = pair
    client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b"first\n"))
    read = arriving(request_from(server))
    assert read() == b"first\n"
    client.sendall(chunk(b"s") + chunk(b"econd\n" * 100))
    got = b""
    while len(got) < 601:
        got += read()
    assert got == b"s" + b"econd\n" * 100
    client.sendall(b"0\r\n\r\n")
    assert read() == b""


def test_a_body_of_known_length_is_had_at_once_and_no_more(pair: tuple[socket.socket, socket.socket]) -> None:
    client, server = pair
    client.sendall(HEAD + b"Content-Length: 12\r\n\r\nfirst\n")
    read = arriving(request_from(server))
    assert read() == b"first\n"
    client.sendall(b"second" + b"GET / HTTP/1.1\r\n")
    assert read_to_end(read) == b"second"


def test_a_large_body_arrives_whole(pair: tuple[socket.socket, socket.socket]) -> None:
    client, server = pair
    body = bytes(range(256)) * 200
    for head, sent in (
        (b"Transfer-Encoding: chunked\r\n\r\n", chunk(body) + chunk(b"!") + b"0\r\n\r\n"),
        (b"Content-Length: %d\r\n\r\n" % (len(body) + 1), body + b"!"),
    ):
        client.sendall(HEAD + head + sent)
        assert read_to_end(arriving(request_from(server))) == body + b"!"


BROKEN = {
    "cut off": b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b"[") + b"5\r\n12",
    "no size": b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b"[") + b"zz\r\n\r\n",
    "bad trailer": b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b"[]") + b"0\r\nno colon\r\n\r\n",
    "short": b"Content-Length: 100\r\n\r\n[]",
}


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_body_is_a_problem(pair: tuple[socket.socket, socket.socket], sent: bytes) -> None:
    client, server = pair
    client.sendall(HEAD + sent)
    client.shutdown(socket.SHUT_WR)
    with pytest.raises(ProblemError) as raised:
        read_body(request_from(server), 1000)
    assert raised.value.problem.status == 400


@pytest.mark.parametrize("sent", list(BROKEN.values())[:3], ids=list(BROKEN)[:3])
def test_a_broken_stream_raises_what_is_expected(pair: tuple[socket.socket, socket.socket], sent: bytes) -> None:
    client, server = pair
    client.sendall(HEAD + sent)
    client.shutdown(socket.SHUT_WR)
    with pytest.raises(READ_ERRORS):
        read_to_end(arriving(request_from(server)))


@pytest.mark.parametrize("head", [b"Content-Length: 1001", b"Transfer-Encoding: chunked"])
def test_a_body_over_the_limit(pair: tuple[socket.socket, socket.socket], head: bytes) -> None:
    client, server = pair
    client.sendall(HEAD + head + b"\r\n\r\n" + chunk(b" " * 4096))
    with pytest.raises(ProblemError) as raised:
        read_body(request_from(server), 1000)
    assert raised.value.problem.status == 413


@pytest.mark.parametrize("head", [b"Content-Length: 1000", b"Transfer-Encoding: chunked"])
def test_a_body_at_the_limit(pair: tuple[socket.socket, socket.socket], head: bytes) -> None:
    client, server = pair
    sent = b" " * 1000 if b"Length" in head else chunk(b" " * 1000) + b"0\r\n\r\n"
    client.sendall(HEAD + head + b"\r\n\r\n" + sent)
    assert read_body(request_from(server), 1000) == b" " * 1000


def test_no_body() -> None:
    assert read_body(Request(EnvironBuilder().get_environ()), 1000) == b""
