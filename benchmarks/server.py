"""Starts the service as ``make serve`` does, on a free port of this machine, and stops it again."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

ROOT: Final = Path(__file__).resolve().parent.parent
HOST: Final = "127.0.0.1"
_START_SECONDS: Final = 60.0


class ServerError(Exception):
    """The service did not start; the text holds what it logged."""


class Server:
    """The service in processes of its own; a context manager.

    Args:
        environment: Variables set for it, beside this process's own.

    Attributes:
        port: Where it listens.
        process: gunicorn's master.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self.port = _free_port()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
        self._environment = {
            **os.environ,
            "PORT": str(self.port),
            "STANDPOINT_HOST": HOST,
            "STANDPOINT_LOG_LEVEL": "WARNING",
            **(environment or {}),
        }

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "gunicorn", "-c", "service/gunicorn.py"]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
        )
        self._await_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()

    @property
    def log(self) -> str:
        """What the service has logged so far."""
        self._log.seek(0)
        return self._log.read().decode()

    def connect(self, timeout: float = 30) -> http.client.HTTPConnection:
        """Return a new connection to the service."""
        return http.client.HTTPConnection(HOST, self.port, timeout=timeout)

    def dial(self, timeout: float = 30) -> socket.socket:
        """Return a bare connection to the service."""
        return socket.create_connection((HOST, self.port), timeout=timeout)

    def get(self, path: str, timeout: float = 30) -> tuple[int, bytes]:
        """Return status and body of one request on a connection of its own."""
        connection = self.connect(timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _await_ready(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while self.process.poll() is None and time.monotonic() < until:
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        self.process.kill()
        self.process.wait()
        raise ServerError(f"the service did not become ready:\n{self.log}")


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        port: int = free.getsockname()[1]
        return port
