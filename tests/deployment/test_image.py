"""The container image, built for real from the Dockerfile and made to serve."""

from __future__ import annotations

import json
import os
import signal
import socket
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.server import ROOT
from tests.deployment.container import Container, SeedError, Store, descendants, missing_tools

pytestmark = [
    pytest.mark.skipif(missing_tools() is not None, reason=f"no image is built: {missing_tools()}"),
    pytest.mark.timeout(1800),  # the first of them fetches a system and all packages
]

NAME = "standpoint-test"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="standpoint-image-", ignore_cleanup_errors=True) as directory:
        store = Store(Path(directory))
        try:
            store.seed()
        except SeedError as error:
            pytest.skip(f"no image is built: {error}")
        store.build(ROOT, NAME)
        yield store
        store.call("rm", "--all")


@pytest.fixture(scope="module")
def container(store: Store) -> Container:
    return Container(store, NAME)


@pytest.fixture(scope="module")
def config(store: Store) -> dict[str, Any]:
    return store.config(NAME)


def test_what_the_image_says_of_itself(config: dict[str, Any]) -> None:
    assert config["User"] == "10001:10001"
    assert "8000/tcp" in config["ExposedPorts"]
    assert config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert config["Healthcheck"]["Test"][0] == "CMD"
    assert config["Cmd"][0] == "python"


def test_it_runs_as_nobody_in_particular(container: Container) -> None:
    assert container.run("id", "-u").stdout.strip() == "10001"
    assert container.run("sh", "-c", "touch /app/x || touch /opt/venv/x").returncode != 0


@pytest.mark.parametrize("tool", ["gcc", "cc", "make", "pip", "git"])
def test_it_has_no_tools_to_build_with(container: Container, tool: str) -> None:
    assert container.run("sh", "-c", f"command -v {tool}").returncode != 0


def test_it_has_nothing_of_training(container: Container) -> None:
    find = "import importlib.util as u; print([n for n in {} if u.find_spec(n)])"
    names = ["torch", "transformers", "training", "tests", "pytest", "mypy", "service", "models"]
    assert container.run("python", "-c", find.format(names)).stdout.strip() == "['service', 'models']"


def test_it_serves(container: Container, config: dict[str, Any], tmp_path: Path) -> None:
    port = _free_port()
    health = config["Healthcheck"]["Test"][1:]
    assert container.run(*health, PORT=port).returncode == 1
    with (tmp_path / "log").open("w+b") as log, container.running(log, config["Cmd"], PORT=port) as process:
        _await_ready(port, tmp_path / "log")
        assert container.run(*health, PORT=port).returncode == 0
        body = json.dumps({"text": "Moscow blamed Washington for the delay.\n\nKyiv thanked its American partners."})
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/classify", body.encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert [paragraph["status"] for paragraph in json.load(answer)["paragraphs"]] == ["scored"] * 2
        master, *workers = [pid for pid in descendants(process.pid) if _command(pid)[1:3] == ["-m", "gunicorn"]]
        assert len(workers) >= 1
        assert {_user(pid) for pid in (master, *workers)} == {10001}
        os.kill(master, signal.SIGTERM)
        process.wait(30)
        assert process.returncode == 0


def _free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


def _await_ready(port: str, log: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the container did not become ready: {log.read_text()[-2000:]}")


def _command(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def _user(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid
