"""Streams: one document per line in, one result per line out, in order, in bounded memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import orjson
from flask import Request, Response, g
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from service.body import READ_ERRORS, arriving
from service.gate import Gate
from service.lines import Line, LineCutter, batches
from service.parsing import NDJSON, parse_line
from service.problems import Kind, Problem, ProblemError, from_bug, invalid
from service.requests import Options, details
from service.results import Json
from service.scoring import Cut, Scorer
from service.spool import Spool


def respond(request: Request, scorer: Scorer, gate: Gate) -> Response:
    """Return the streaming answer to a streaming request.

    Raises:
        ProblemError: 422 for wrong options in the query, 429 when overloaded.
    """
    options = query_options(request.args)
    gate.check()
    answer = _answer(request.content_length, arriving(request), scorer, gate, options, request_id=g.request_id)
    return Response(answer, content_type=NDJSON)


def query_options(args: MultiDict[str, str]) -> Options:
    """Return the options of a stream, given as ``?explain=true&offsets=utf16&include=stance,voice``.

    The parts to include may also be named one by one, as ``include=stance&include=voice``.

    Raises:
        ProblemError: 422, since one has a wrong value, is given twice, or does not exist.
    """
    try:
        return Options.model_validate({name: _query_value(name, values) for name, values in args.lists()})
    except ValidationError as error:
        raise invalid(details(error), "options") from error


def _query_value(name: str, values: list[str]) -> object:
    """Return what ``values`` stand for, as JSON has it; what stands for nothing is left for validation to refuse."""
    if name == "include":
        return [part for value in values for part in value.split(",") if part]
    if len(values) > 1:
        return values
    return {"true": True, "false": False}.get(values[0], values[0]) if name == "explain" else values[0]


def cut_line(line: Line, scorer: Scorer, options: Options) -> Cut:
    """Return the document of a line, cut into paragraphs, or what is wrong with it."""
    if isinstance(line.content, Problem):
        return Cut(None, problem=line.content)
    try:
        return scorer.try_cut(parse_line(line.content), options)
    except ProblemError as error:
        return Cut(None, problem=error.problem)


def _answer(
    length: int | None,
    read: Callable[[], bytes],
    scorer: Scorer,
    gate: Gate,
    options: Options,
    *,
    request_id: str,
) -> Iterator[bytes]:
    spool = Spool(read, scorer.settings.stream_ahead_bytes, READ_ERRORS, scorer.room)
    try:
        for batch in batches(_lines(spool, LineCutter(scorer.settings.max_body_bytes), length, request_id)):
            with gate.wait():
                with scorer.turns:
                    cuts = [cut_line(line, scorer, options) for line in batch]
                results = _results(cuts, scorer, request_id)
            for line, result in zip(batch, results, strict=True):
                told = result | {"line": line.number} if "error" in result else result
                yield orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
    finally:
        spool.close()


def _results(cuts: list[Cut], scorer: Scorer, request_id: str) -> list[Json]:
    """Return an object for each of ``cuts``; where scoring fails, for the document that made it fail, an error.

    A stream's status has been sent: what would be a 500 for a request becomes its line's, and the stream goes on.
    """
    try:
        return scorer.results(cuts)
    except Exception as error:
        # With neighbors it is not yet known whose fault it is.
        problem = from_bug(error, request_id) if len(cuts) == 1 else None
    if problem is None:
        return [result for cut in cuts for result in _results([cut], scorer, request_id)]
    return scorer.results([dataclasses.replace(cut, texts=(), problem=problem) for cut in cuts])


def _lines(spool: Spool, cutter: LineCutter, length: int | None, request_id: str) -> Iterator[Line | None]:
    """Yield the lines of what arrives, and None before each wait for more."""
    received = 0
    while True:
        data = spool.take(wait=False)
        if data is None:
            yield None
            data = spool.take(wait=True)
        if not data:
            break
        received += len(data)
        yield from cutter.feed(data)
    if spool.failed is not None:
        yield cutter.broken_off(from_bug(spool.failed, request_id))
    elif spool.broken is not None or received < (length or 0):
        detail = "the connection or its encoding broke within the stream"
        yield cutter.broken_off(ProblemError(Kind.INCOMPLETE_BODY, detail).problem)
    else:
        yield from cutter.finish()
