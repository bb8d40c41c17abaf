"""What commands write: no file is lost by mistake, and what goes wrong is told in one line."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, TextIO

import click

_RUN_AGAIN: Final = "run again once it can be"
_GO_ON: Final = "what it holds stays, and --resume goes on from there once it can be"


def check_outputs(files: Iterable[str], outputs: Iterable[Path | None], *, may_hold: bool, ways_on: str) -> None:
    """Look at everything that is to be written before any of it is opened.

    Args:
        files: Names of the inputs; ``-`` is standard input.
        outputs: Where to write; None is standard output.
        may_hold: Whether the outputs may hold something already.
        ways_on: What to say of one that holds something and may not.

    Raises:
        click.UsageError: An output is an input as well, or holds something.
        click.ClickException: Its directory does not exist.
    """
    inputs = [found for found in (_regular(name, sys.stdin) for name in files) if found]
    for path in outputs:
        name = _told(path)
        found = _regular(str(path or "-"), sys.stdout)
        if found and any(os.path.samestat(found, other) for other in inputs):
            raise click.UsageError(f"{name} is one of the inputs; write to another file")
        if found and path and found.st_size and not may_hold:
            raise click.UsageError(f"{name} holds something already; {ways_on}, or write to another file")
        with _writing(path, _RUN_AGAIN):
            if path and not path.parent.is_dir():
                raise click.ClickException(f"{name}: there is no such directory; make it first")


@contextmanager
def opened(path: Path | None, *, keep: bool) -> Iterator[IO[bytes]]:
    """Yield a file for results, with what it holds if that is to be kept, or standard output.

    Raises:
        click.ClickException: It can't be written.
    """
    with _writing(path, _GO_ON if path else _RUN_AGAIN):
        if path is None:
            yield _standard_output()
        else:
            with path.open("ab+" if keep else "wb") as file:
                yield file


def write_whole(path: Path | None, text: str) -> None:
    """Write a text in UTF-8 to a file, whole or not at all, or to standard output.

    Raises:
        click.ClickException: It can't be written.
    """
    with _writing(path, _RUN_AGAIN):
        if path is None:
            output = _standard_output()
            output.write(text.encode())
            output.flush()
        elif path.exists() and not path.is_file():
            # Nothing can be put in the place of a device or a pipe.
            path.write_bytes(text.encode())
        else:
            # A link goes on being one.
            _replace(Path(os.path.realpath(path)), text.encode())


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_name(f".standpoint-{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _writing(path: Path | None, then: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # Whoever read this has seen enough; click ends without a word.
        raise
    except OSError as error:
        if path is None:
            _give_up_standard_output()
        raise click.ClickException(f"{_told(path)}: can't be written ({error.strerror or error}); {then}") from error


def _give_up_standard_output() -> None:
    """Send what could not be written nowhere: Python would try it again at its end, and fail with more words."""
    with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _standard_output() -> IO[bytes]:
    if sys.stdout is None:
        raise click.ClickException("standard output is closed; name a file to write to")
    return sys.stdout.buffer


def _regular(name: str, standard: TextIO | None) -> os.stat_result | None:
    """Return the status of a file, if it is one that can be lost: neither missing nor a terminal, pipe or device."""
    try:
        found = Path(name).stat() if name != "-" else os.fstat(standard.fileno()) if standard else None
    except OSError:
        return None
    return found if found and stat.S_ISREG(found.st_mode) else None


def _told(path: Path | None) -> str:
    return click.format_filename(path) if path else "standard output"
