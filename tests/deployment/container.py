"""Builds the image with buildah on a base made here, and runs commands in it; needs root and Debian's packages."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

BASE = "docker.io/library/python:3.11-slim-bookworm"
CERTIFICATES = Path("/etc/ssl/certs")


class SeedError(Exception):
    """The base could not be made, which says nothing of the image built on it."""


def missing_tools() -> str | None:
    """Return why no image can be built here, or None."""
    if os.geteuid() != 0:
        return "building an image without an engine needs root"
    absent = [tool for tool in ("buildah", "debootstrap") if shutil.which(tool) is None]
    return f"not installed: {', '.join(absent)}" if absent else None


class Store:
    """A place for images and containers, apart from the machine's own.

    Args:
        directory: An empty directory, some gigabytes of which are used.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def buildah(self, *arguments: str) -> list[str]:
        """Return a command line of buildah for this store."""
        places = ["--root", f"{self._directory}/images", "--runroot", f"{self._directory}/run"]
        return ["buildah", "--storage-driver", "vfs", *places, *arguments]

    def call(self, *arguments: str) -> str:
        """Run buildah and return what it prints; its complaints are in the error that is raised."""
        done = subprocess.run(self.buildah(*arguments), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"buildah {' '.join(arguments)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout.strip()

    def seed(self) -> None:
        """Make the Dockerfile's base out of Debian's packages, since its registry may be out of reach."""
        root = self._directory / "base"
        packages = "python3,python3-venv,ca-certificates"
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={packages}", "bookworm", str(root)],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise SeedError(f"debootstrap failed: {made.stdout.strip().splitlines()[-1:]}")
        # What only apt looks at would be copied with every layer.
        for left_over in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale"):
            shutil.rmtree(root / left_over, ignore_errors=True)
        container = self.call("from", "scratch")
        self.call("add", "--quiet", container, str(root), "/")
        self.call("config", "--env", "PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin", container)
        self.call("commit", "--quiet", "--rm", container, BASE)
        shutil.rmtree(root)

    def build(self, context: Path, name: str) -> None:
        """Build the image of a Dockerfile's directory."""
        pip = self._directory / "pip.conf"
        pip.write_text(pip_settings(os.environ))
        mounts = [f"{CERTIFICATES}:{CERTIFICATES}:ro", f"{pip}:/etc/pip.conf:ro"]
        volumes = [part for mount in mounts for part in ("--volume", mount)]
        options = ["--isolation", "chroot", "--network", "host", "--pull-never", "--format", "docker"]
        self.call("bud", *options, *volumes, "--tag", name, str(context))

    def config(self, name: str) -> dict[str, Any]:
        """Return the configuration of an image."""
        found: dict[str, Any] = json.loads(self.call("inspect", "--type", "image", name))["Docker"]["config"]
        return found


def pip_settings(environment: Mapping[str, str]) -> str:
    """Return a pip.conf with what this machine's environment tells pip of its index."""
    names = ("INDEX_URL", "CERT", "TRUSTED_HOST", "PROXY", "DEFAULT_TIMEOUT")
    given = {name: environment[f"PIP_{name}"] for name in names if f"PIP_{name}" in environment}
    return "\n".join(
        ["[global]", *(f"{name.lower().replace('_', '-')} = {value}" for name, value in given.items()), ""]
    )


class Container:
    """A container of an image, in which commands are run as the image's user."""

    def __init__(self, store: Store, image: str) -> None:
        self._store = store
        self.id = store.call("from", "--pull-never", image)

    def command(self, *command: str, **environment: str) -> list[str]:
        """Return the command line that runs ``command`` in the container."""
        variables = [part for name, value in environment.items() for part in ("--env", f"{name}={value}")]
        return self._store.buildah("run", "--isolation", "chroot", *variables, self.id, "--", *command)

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(self.command(*command, **environment), capture_output=True, text=True, check=False)

    @contextmanager
    def running(self, log: IO[bytes], command: list[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command beside the caller, its output going to ``log``; afterwards end all that became of it."""
        line = self.command(*command, **environment)
        process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            for pid in reversed(descendants(process.pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait(30)


def descendants(pid: int) -> list[int]:
    """Return a process and all that it started, parents first."""
    found = [pid]
    for parent in found:
        # A process of several threads has children with each of them.
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(FileNotFoundError):
                found += map(int, children.read_text().split())
    return found
