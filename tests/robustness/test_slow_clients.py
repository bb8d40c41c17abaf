"""Clients that dawdle, break off or talk nonsense neither hold up others nor see anything but problem documents."""

from __future__ import annotations

import contextlib
import http.client
import json
import select
import socket
import time
from collections.abc import Iterator
from typing import IO, Any

import pytest

from benchmarks.server import Server
from tests.robustness.talk import ARTICLE, NDJSON, assert_problem, classify, post, read, receive, request_bytes

WHOLE = request_bytes(json.dumps({"text": ARTICLE}).encode())

HALVES = {
    "nothing": b"",
    "half a request line": b"POST /v1/cl",
    "half a head": WHOLE[:60],
    "a head without its end": WHOLE[: WHOLE.index(b"\r\n\r\n") + 2],
    "a body announced, none sent": request_bytes(b"", length=500),
    "half a body": WHOLE[:-100],
    "half a body of a length with zeros": WHOLE.replace(b"Content-Length: ", b"Content-Length: 000000000000000000")[
        :-100
    ],
    "half a large body": request_bytes(b'{"text": "' + b"x" * 300_000, length=1_000_000),
}

TAKING_A_THREAD = {
    "a chunked body, never sent": (
        b"POST /v1/classify HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    ),
    "a stream, never sent": request_bytes(b"", f"Content-Type: {NDJSON}", length=500),
    "a body after 100-continue": request_bytes(
        b"", "Content-Type: application/json", "Expect: 100-continue", length=500
    ),
}


@contextlib.contextmanager
def held_open(server: Server, data: bytes, count: int) -> Iterator[list[socket.socket]]:
    """Hold connections open on which ``data`` was sent."""
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(server.dial()) for _ in range(count)]
        for client in clients:
            client.sendall(data)
        yield clients


def assert_serves_promptly(server: Server) -> None:
    started = time.monotonic()
    assert len(classify(server, {"text": ARTICLE})["paragraphs"]) == 3
    assert server.get("/livez")[0] == 200
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("name", HALVES)
def test_half_open_connections_take_no_thread(narrow: Server, name: str) -> None:
    with held_open(narrow, HALVES[name], 20):
        time.sleep(0.2)
        assert_serves_promptly(narrow)


@pytest.mark.parametrize("name", [*HALVES, *TAKING_A_THREAD])
def test_a_twenty_first_client_is_served(service: Server, name: str) -> None:
    with held_open(service, (HALVES | TAKING_A_THREAD)[name], 20):
        time.sleep(0.2)
        assert_serves_promptly(service)


@pytest.mark.parametrize("name", ["a chunked body, never sent", "a stream, never sent"])
def test_open_streams_leave_room_for_others(service: Server, name: str) -> None:
    # Far more than both workers have threads for, together.
    with held_open(service, TAKING_A_THREAD[name], 250) as clients:
        time.sleep(0.5)
        assert_serves_promptly(service)
        refused = [client for client in clients if _has_answer(client)]
        assert len(refused) >= 100
        for client in refused[:3]:
            response = http.client.HTTPResponse(client, method="POST")
            response.begin()
            assert response.headers["Retry-After"] == "1"
            answer = read(response)
            assert_problem(answer, 429)
            assert answer.json()["type"] == "/docs#problem-overloaded"


def _has_answer(client: socket.socket) -> bool:
    return bool(select.select([client], [], [], 0)[0])


def test_a_length_that_nobody_has_takes_no_more_than_half_of_the_threads(service: Server) -> None:
    data = request_bytes(b"{", length=10**17)
    with held_open(service, data, 250):
        time.sleep(0.5)
        assert_serves_promptly(service)


@contextlib.contextmanager
def not_reading(server: Server, data: bytes, count: int) -> Iterator[list[socket.socket]]:
    """Hold connections open on which ``data`` was sent, and whose answers hardly find room on the way."""
    with contextlib.ExitStack() as stack:
        clients = []
        for _ in range(count):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", server.port))
            client.sendall(data)
            clients.append(client)
        yield clients


ECHO = json.dumps({"documents": [{"id": "x" * 3_000_000, "text": ""}]}).encode()
"""Gets an answer that is larger than what the kernel keeps for a client."""


def test_clients_that_do_not_read_take_no_thread(narrow: Server) -> None:
    with not_reading(narrow, request_bytes(ECHO), 6):
        time.sleep(0.5)
        assert_serves_promptly(narrow)


def test_a_slow_reader_gets_the_whole_answer_and_the_next(service: Server) -> None:
    with not_reading(service, request_bytes(ECHO) + WHOLE, 1) as [client]:
        time.sleep(0.5)
        answers = client.makefile("rb")
        assert _body(answers)["documents"][0]["id"] == "x" * 3_000_000
        assert len(_body(answers)["paragraphs"]) == 3


def _body(answers: IO[bytes]) -> Any:  # noqa: ANN401
    """Return the JSON of the next of several answers on a connection."""
    assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
    headers = http.client.parse_headers(answers)
    return json.loads(answers.read(int(headers["Content-Length"])))


def test_a_stream_that_ends_makes_room_for_another(narrow: Server) -> None:
    data = TAKING_A_THREAD["a stream, never sent"]
    with held_open(narrow, data, 1):
        time.sleep(0.2)
        with held_open(narrow, data, 1) as [second]:
            assert_problem(receive(second), 429)
        assert_serves_promptly(narrow)
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with narrow.dial() as third:
            third.sendall(request_bytes(json.dumps({"text": ARTICLE}).encode(), f"Content-Type: {NDJSON}"))
            if receive(third).status == 200:
                return
        time.sleep(0.1)
    pytest.fail("a stream that has ended keeps its place")


def test_hundreds_of_half_open_connections(service: Server) -> None:
    with contextlib.ExitStack() as stack:
        for data in HALVES.values():
            stack.enter_context(held_open(service, data, 40))
        assert_serves_promptly(service)


def test_half_a_request_after_a_whole_one_takes_no_thread(narrow: Server) -> None:
    with held_open(narrow, WHOLE + WHOLE[:100], 6) as clients:
        assert all(receive(client).status == 200 for client in clients)
        assert_serves_promptly(narrow)


def test_clients_that_never_read_are_let_go(narrow: Server) -> None:
    # Together the answers are more than any buffer between server and client holds.
    many = b"GET /openapi.json HTTP/1.1\r\nHost: t\r\n\r\n" * 500
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", narrow.port))
            client.sendall(many)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                if narrow.get("/livez", timeout=1)[0] == 200:
                    return
    pytest.fail("a client that does not read keeps its thread")


@pytest.mark.parametrize("name", ["half a head", "a head without its end", "half a body", "half a large body"])
def test_dawdling_is_answered_with_408(narrow: Server, name: str) -> None:
    with held_open(narrow, HALVES[name], 1) as [client]:
        assert_problem(receive(client), 408)
        assert client.recv(1) == b""


@pytest.mark.parametrize("name", TAKING_A_THREAD)
def test_a_body_that_stops_coming_is_refused(narrow: Server, name: str) -> None:
    with held_open(narrow, TAKING_A_THREAD[name], 1) as [client]:
        answer = receive(client)
        if answer.status == 200:
            [line] = answer.body.splitlines()
            assert json.loads(line)["error"]["status"] == 400
        else:
            assert_problem(answer, 400, 408)


def test_an_idle_connection_is_closed_without_a_word(narrow: Server) -> None:
    with held_open(narrow, b"", 1) as [client]:
        assert client.recv(1) == b""


def test_a_slow_request_is_served(service: Server) -> None:
    with service.dial() as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(WHOLE), 7):
            client.sendall(WHOLE[at : at + 7])
            time.sleep(0.001)
        assert len(receive(client).json()["paragraphs"]) == 3


def test_pipelined_requests_are_answered_in_order(service: Server) -> None:
    bodies = [json.dumps({"paragraphs": [ARTICLE] * count}).encode() for count in range(1, 6)]
    with service.dial() as client:
        client.sendall(b"".join(map(request_bytes, bodies)))
        assert [len(receive(client).json()["paragraphs"]) for _ in bodies] == [1, 2, 3, 4, 5]


def test_a_client_that_waits_for_100_continue(service: Server) -> None:
    body = json.dumps({"text": ARTICLE}).encode()
    with service.dial() as client:
        client.sendall(request_bytes(b"", "Content-Type: application/json", "Expect: 100-continue", length=len(body)))
        assert client.recv(1024).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        client.sendall(body)
        assert receive(client).status == 200


def test_a_stream_is_answered_line_by_line(service: Server) -> None:
    lines = [json.dumps({"id": f"d{i}", "text": ARTICLE}).encode() + b"\n" for i in range(3)]
    head = request_bytes(b"", f"Content-Type: {NDJSON}", length=sum(map(len, lines)))
    with service.dial() as client:
        client.sendall(head)
        stream = client.makefile("rb")
        for i, line in enumerate(lines):
            client.sendall(line)
            found = b""
            while not found.startswith(b'{"'):
                found = stream.readline()
            assert json.loads(found)["id"] == f"d{i}"


def test_a_body_over_the_limit_is_answered_not_cut_off(service: Server) -> None:
    body = json.dumps({"text": "x" * 12_000_000}).encode()
    for _ in range(5):
        connection = service.connect()
        assert_problem(post(connection, body), 413)
        connection.close()


def test_a_client_that_leaves_early_gets_what_there_is(service: Server) -> None:
    with service.dial() as client:
        client.sendall(WHOLE[:-30])
        client.shutdown(socket.SHUT_WR)
        assert_problem(receive(client), 400)


NONSENSE: dict[str, tuple[bytes, tuple[int, ...]]] = {
    "not HTTP": (b"hello there\r\n\r\n", (400,)),
    "a TLS greeting": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64 + b"\r\n\r\n", (400,)),
    "a header without a colon": (b"GET / HTTP/1.1\r\nnonsense\r\n\r\n", (400,)),
    "a header name with a blank": (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", (400,)),
    "a folded header": (b"GET / HTTP/1.1\r\nX-A: b\r\n c\r\n\r\n", (400,)),
    "an unknown version": (b"GET / HTTP/9.9\r\n\r\n", (400,)),
    "a lower-case method": (b"get / HTTP/1.1\r\n\r\n", (400,)),
    "a target that is too long": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", (414,)),
    "a header that is too long": (b"GET / HTTP/1.1\r\nX-A: " + b"a" * 9000 + b"\r\n\r\n", (431,)),
    "too many headers": (b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 200 + b"\r\n", (431,)),
    "a head without end": (b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 6000, (431,)),
    "two lengths": (request_bytes(b"{}", "Content-Length: 3", "Content-Type: application/json"), (400,)),
    "a negative length": (request_bytes(b"{}", "Content-Type: application/json", length=-1), (400,)),
    "a length and chunks": (request_bytes(b"{}", "Transfer-Encoding: chunked"), (400,)),
    "an unknown coding": (b"POST / HTTP/1.1\r\nTransfer-Encoding: rot13\r\n\r\n", (400,)),
    "an unknown expectation": (request_bytes(b"{}", "Expect: miracles"), (417,)),
    "a bad chunk": (TAKING_A_THREAD["a chunked body, never sent"] + b"zz\r\n{}\r\n0\r\n\r\n", (400,)),
    "a foreign script name": (request_bytes(b"{}", "SCRIPT_NAME: /elsewhere"), (400, 415, 422)),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_what_is_not_a_request_gets_a_problem_document(service: Server, name: str) -> None:
    data, statuses = NONSENSE[name]
    with service.dial() as client:
        client.sendall(data)
        assert_problem(receive(client), *statuses)


def test_refusals_are_counted_among_the_requests(narrow: Server) -> None:
    sample = 'standpoint_requests_total{endpoint="unmatched",method="other",status="400"} '

    def count() -> float:
        lines = narrow.get("/metrics")[1].decode().splitlines()
        return float(next((line for line in lines if line.startswith(sample)), "0").split()[-1])

    before = count()
    with narrow.dial() as client:
        client.sendall(b"hello there\r\n\r\n")
        assert_problem(receive(client), 400)
    assert count() == before + 1


def test_nothing_of_this_was_taken_for_a_fault(service: Server, narrow: Server) -> None:
    for server in (service, narrow):
        assert "Traceback" not in server.log
        assert "unanswered" not in server.log
