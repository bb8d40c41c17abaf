"""Bare HTTP for tests: requests as bytes, and answers told apart from accidents."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any, NamedTuple

from benchmarks.server import Server

JSON = "application/json"
NDJSON = "application/x-ndjson"
PROBLEM = "application/problem+json"

ARTICLE = (
    "The Kremlin rejected the ruling and called it a provocation by Kiev and its American patrons.\n\n"
    "Ukrainian rescuers pulled two sisters alive from the ruins of a bakery that a Russian missile had struck.\n\n"
    "“We will honour our word to our partners,” a State Department spokeswoman told reporters in Washington."
)


class Answer(NamedTuple):
    """One HTTP answer."""

    status: int
    media_type: str
    body: bytes

    def json(self) -> Any:  # noqa: ANN401
        """Return the value of a JSON body."""
        return json.loads(self.body)


def post(
    connection: http.client.HTTPConnection, body: bytes, media_type: str = JSON, path: str = "/v1/classify"
) -> Answer:
    """Send one request and return its answer."""
    connection.request("POST", path, body, {"Content-Type": media_type})
    return read(connection.getresponse())


def read(response: http.client.HTTPResponse) -> Answer:
    """Return an answer as a whole."""
    return Answer(response.status, response.headers.get_content_type(), response.read())


def classify(server: Server, value: Any) -> Any:  # noqa: ANN401
    """Return the JSON of a successful request on a connection of its own."""
    connection = server.connect()
    try:
        answer = post(connection, json.dumps(value).encode())
    finally:
        connection.close()
    assert answer.status == 200, answer
    return answer.json()


def request_bytes(body: bytes, *headers: str, length: int | None = None) -> bytes:
    """Return a whole request for classification, announcing ``length`` bytes instead of the body's own."""
    lines = [
        "POST /v1/classify HTTP/1.1",
        "Host: standpoint.test",
        f"Content-Length: {len(body) if length is None else length}",
        *(headers or (f"Content-Type: {JSON}",)),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def receive(sock: socket.socket) -> Answer:
    """Return the next answer on a bare connection."""
    response = http.client.HTTPResponse(sock, method="POST")
    response.begin()
    return read(response)


def assert_problem(answer: Answer, *statuses: int) -> None:
    """Assert that the answer is a problem document with one of ``statuses``."""
    assert answer.status in statuses, answer
    assert answer.media_type == PROBLEM
    problem = answer.json()
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert problem["status"] == answer.status
