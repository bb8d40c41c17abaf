"""Paragraphs labelled over HTTP, by clients that cost as little as can be beside the service they measure."""

from __future__ import annotations

import json
import socket
import statistics
import threading
import time
from collections.abc import Mapping
from typing import Final

from benchmarks.paragraphs import paragraphs
from benchmarks.server import HOST, Server

# More clients than workers, so that none of these has to wait for the next request.
CLIENTS_PER_WORKER: Final = 4


class Load:
    """Clients, each on a connection kept alive, that send the next request when they have the last one's answer.

    Args:
        server: The service.
        clients: How many.
        batch: Paragraphs in a request.
        options: Options of each request.
    """

    def __init__(self, server: Server, clients: int, batch: int, options: Mapping[str, object] | None = None) -> None:
        self._server = server
        self._clients = clients
        self._batch = batch
        texts = paragraphs()
        self._requests = [
            _request([texts[(at + i) % len(texts)] for i in range(batch)], options or {})
            for at in range(0, len(texts) * batch, batch)
        ]

    def rate(self, seconds: float) -> float:
        """Return paragraphs per second, all clients together, over so many seconds."""
        counts = [0] * self._clients
        threads = [
            threading.Thread(target=self._ask, args=(number, seconds, counts), name=f"client-{number}")
            for number in range(self._clients)
        ]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken = time.perf_counter() - started
        if 0 in counts:
            raise RuntimeError("a client was never answered")
        return sum(counts) * self._batch / taken

    def latencies(self, requests: int) -> list[float]:
        """Return the seconds that each of so many requests took, one after another."""
        found = []
        with socket.create_connection((HOST, self._server.port), timeout=60) as sock:
            for number in range(requests):
                started = time.perf_counter()
                _exchange(sock, self._requests[number % len(self._requests)])
                found.append(time.perf_counter() - started)
        return found

    def _ask(self, number: int, seconds: float, counts: list[int]) -> None:
        until = time.perf_counter() + seconds
        with socket.create_connection((HOST, self._server.port), timeout=60) as sock:
            at = number
            while time.perf_counter() < until:
                _exchange(sock, self._requests[at % len(self._requests)])
                at += self._clients
                counts[number] += 1


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Return median, 95th and 99th percentile in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return {name: round(cuts[at - 1] * 1000, 2) for name, at in (("p50", 50), ("p95", 95), ("p99", 99))}


def _request(texts: list[str], options: Mapping[str, object]) -> bytes:
    body = json.dumps({"paragraphs": texts, "options": options}, ensure_ascii=False).encode()
    head = (
        f"POST /v1/classify HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    return head.encode() + b"\r\n\r\n" + body


def _exchange(sock: socket.socket, request: bytes) -> None:
    sock.sendall(request)
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _received(sock, 65536)
    head = data[:end].lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(f"unexpected answer: {data[:300]!r}")
    at = head.index(b"content-length:") + len(b"content-length:")
    missing = int(head[at:].split(b"\r\n", 1)[0]) - (len(data) - end - 4)
    while missing > 0:
        missing -= len(_received(sock, min(missing, 1 << 20)))


def _received(sock: socket.socket, most: int) -> bytes:
    data = sock.recv(most)
    if not data:
        raise RuntimeError("the service closed the connection before the end of an answer")
    return data
