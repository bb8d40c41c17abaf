"""Where commands write: what can't or must not be written is told before any of the work is done."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final, cast

import click
from pydantic import TypeAdapter, ValidationError

from models.errors import ModelStoreError, StandpointError
from models.manifest import MANIFEST_NAME, ModelName
from models.store import check_replaceable

_NAME: Final[TypeAdapter[str]] = TypeAdapter(ModelName)
_DATA: Final = ("paragraphs.", "pool.", "mentions.annotated.", "human/")
"""What the files of a data directory begin with."""


class OutputError(StandpointError):
    """What a command found can't be written."""


class OutputFile(click.Path):
    """A file to write, in a directory that is there.

    Args:
        rewritten: Whether what the file holds already is to be written anew; where not, it is left as it is.
    """

    def __init__(self, *, rewritten: bool = True) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)
        self.rewritten = rewritten

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; one that can't be written is a usage error."""
        path = cast("Path", super().convert(value, param, ctx))
        if not path.parent.is_dir():
            self.fail(f"there is no directory {str(path.parent)!r}; make it first.", param, ctx)
        if not path.exists() and not os.access(path.parent, os.W_OK):
            self.fail(f"nothing can be written in {str(path.parent)!r}; name another file.", param, ctx)
        if any((directory / MANIFEST_NAME).is_file() for directory in (path.parent, path.resolve().parent)):
            self.fail(f"{str(path)!r} is a part of a model; name another file.", param, ctx)
        if not self.rewritten and path.is_file() and path.stat().st_size:
            self.fail(f"{str(path)!r} holds something already; name another file.", param, ctx)
        return path


class ModelDirectory(click.Path):
    """A model directory to write, whose own name becomes the model's: an unfit one is refused before hours of work."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; a name that no manifest may have, or one that holds no model, is a usage error."""
        path = Path(value)
        name = path.absolute().name
        try:
            _NAME.validate_python(name)
        except ValidationError:
            self.fail(
                f"a model can't be called {name!r}: use small letters, digits and hyphens, a letter first.", param, ctx
            )
        found = super().convert(value, param, ctx)
        if path.is_symlink():
            self.fail(f"{str(path)!r} is a link; name the directory itself.", param, ctx)
        above = next(one for one in path.absolute().parents if one.exists())
        if not above.is_dir() or not os.access(above, os.W_OK):
            self.fail(f"no directory can be made in {str(above)!r}; name another.", param, ctx)
        try:
            check_replaceable(path)
        except ModelStoreError as error:
            self.fail(f"{error}.", param, ctx)
        return found


class Command(click.Command):
    """A command whose outputs are none of its inputs."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line; an output that is an input, or would replace one, is a usage error."""
        rest = super().parse_args(ctx, args)
        inputs = [*self._paths(ctx, inputs=True)]
        outputs = [*self._paths(ctx, inputs=False)]
        for option, path, kind in outputs:
            for other, source, _ in inputs:
                if _replaces(path, source, kind):
                    raise click.UsageError(f"{option} {path} would replace what {other} reads; name another.", ctx)
        for one, two in combinations(outputs, 2):
            if one[1].resolve() == two[1].resolve():
                raise click.UsageError(f"{one[0]} and {two[0]} are the same; name two.", ctx)
        return rest

    def _paths(self, ctx: click.Context, *, inputs: bool) -> Iterator[tuple[str, Path, object]]:
        for param in self.params:
            kind = param.type
            is_output = isinstance(kind, OutputFile | ModelDirectory)
            is_input = isinstance(kind, click.Path) and kind.exists
            value = ctx.params.get(param.name or "")
            if value is None or not (is_input if inputs else is_output):
                continue
            for one in value if isinstance(value, tuple) else (value,):
                yield param.opts[0], Path(one), kind


class Group(click.Group):
    """Commands of that kind."""

    command_class = Command


def _replaces(output: Path, source: Path, kind: object) -> bool:
    """Return whether writing ``output`` would take away from ``source``, a file or a directory that is read."""
    out, read = output.resolve(), source.resolve()
    if isinstance(kind, ModelDirectory):
        return read.is_relative_to(out)
    if not out.is_relative_to(read):
        return False
    return out == read or out.relative_to(read).as_posix().startswith(_DATA)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8 to a file, whole or not at all.

    Raises:
        OutputError: It can't be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")  # nothing can be put in the place of a device or a pipe
            return
        place = Path(os.path.realpath(path))  # a link goes on being one
        beside = place.with_name(f".standpoint-{secrets.token_hex(4)}.tmp")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: can't be written ({error.strerror or error}); run again once it can be") from error
