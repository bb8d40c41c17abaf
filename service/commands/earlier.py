"""The results of an interrupted run, gone through side by side with the documents that they answer."""

from __future__ import annotations

from typing import IO, Final

import click
import orjson
from pydantic import ValidationError

from service.requests import Part
from service.responses import LineError, NamedResult, ScoredParagraph, StreamLine
from service.results import Json
from service.scoring import Cut

_START: Final = b'{"id":'
"""How every result begins."""

_WAYS_ON: Final = "give the inputs, model and options of the run that wrote it, or start anew with --overwrite"


class EarlierResults:
    """Passes over the documents that a file answers already, by their order; holds one result at a time.

    Nothing in the file is changed before all of it has been found to answer the documents; then only a last line that
    was not written whole is cut off.
    """

    def __init__(self, file: IO[bytes], name: str, model: Json) -> None:
        self._file = file
        self._name = name
        self._model = model
        self._number = 0
        file.seek(0)
        self._go_on()

    def answer(self, place: str, cut: Cut) -> bool:
        """Return whether the next result is that of the document at ``place``, and go on to the one after it.

        Raises:
            click.ClickException: There is a next result, and it is another's.
        """
        if cut.problem is not None:
            # Of this command's results none is for what can't be scored; in a stream's answer there is an error.
            if isinstance(self._next, LineError):
                self._go_on()
            return False
        if self._unfinished:
            self._cut_off(place, cut)
        if self._next is None:
            return False
        if difference := _difference(self._next, cut, self._model):
            raise click.ClickException(f"{self._place}: no result for {place}: {difference}; {_WAYS_ON}")
        self._go_on()
        return True

    def finish(self) -> None:
        """Make sure, after the last document, that no result is left.

        Raises:
            click.ClickException: There is one.
        """
        if self._next is not None or self._unfinished:
            raise click.ClickException(f"{self._place}: there are more results than documents; {_WAYS_ON}")

    @property
    def _place(self) -> str:
        return f"{self._name}:{self._number}"

    def _go_on(self) -> None:
        """Read the next result, and no more of a line than its start where it does not start like one."""
        self._number += 1
        self._begin = self._file.tell()
        line = self._file.read(len(_START))
        if line == _START:
            line += self._file.readline()
        whole = line.endswith(b"\n")
        self._next = self._parse(line) if whole else None
        self._unfinished = b"" if whole else line

    def _parse(self, line: bytes) -> NamedResult | LineError:
        try:
            return StreamLine.model_validate_json(line).root
        except ValidationError as error:
            raise self._no_result() from error

    def _cut_off(self, place: str, cut: Cut) -> None:
        """Cut off the last line, if it is the beginning of the result for ``cut``."""
        head = orjson.dumps({"id": cut.id, "model": self._model}).removesuffix(b"}")
        if not head.startswith(self._unfinished[: len(head)]):
            raise self._no_result(f" for {place}")
        self._file.truncate(self._begin)
        self._unfinished = b""

    def _no_result(self, whose: str = "") -> click.ClickException:
        return click.ClickException(
            f"{self._place}: this is no result{whose}; --resume goes on only with what this command wrote for the same "
            "documents with the same model; choose another --output"
        )


def _difference(result: NamedResult | LineError, cut: Cut, model: Json) -> str | None:
    """Return what keeps a result from being the one that ``cut`` would get now."""
    if isinstance(result, LineError):
        return "it is an error"
    if result.model.model_dump() != model:
        return f"it is of another model, {result.model.name} {result.model.version} ({result.model.sha256})"
    if result.id != cut.id:
        return f"its id is {result.id!r}, not {cut.id!r}"
    if [(paragraph.start, paragraph.end) for paragraph in result.paragraphs] != [tuple(span) for span in cut.spans]:
        return "its paragraphs are others"
    if not _has_parts(result, cut):
        return "its options were others"
    return None


def _has_parts(result: NamedResult, cut: Cut) -> bool:
    """Whether all paragraphs have the parts wanted of ``cut``, and explanations only if they are wanted."""
    return all(
        {part for part in Part if part in paragraph.model_fields_set} == set(cut.options.include)
        for paragraph in result.paragraphs
    ) and all(
        ("explanation" in stance.model_fields_set) == cut.explain
        for paragraph in result.paragraphs
        if isinstance(paragraph, ScoredParagraph)
        for stance in paragraph.stance.values()
    )
