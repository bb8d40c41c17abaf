"""A data directory with more to learn from: texts that annotations label, mentions, contrast sets."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from training.annotations import (
    AUXILIARY_ANNOTATIONS,
    MENTION_ANNOTATIONS,
    POOL_ANNOTATIONS,
    AnnotationError,
    Mention,
    read_annotations,
    read_mentions,
    text_id,
)
from training.contrasts import contrast_rows
from training.corpus import POOL, corpus_path, pool_path, read_rows
from training.encoder.data import auxiliary_texts
from training.options import DATA
from training.outputs import Command

MENTIONS: Final = "mentions.annotated.jsonl.gz"
"""What annotated mentions are called in a data directory; rows as those of NewsMTSC."""

WRITTEN: Final = "extended.json"
"""What says, in a directory that was written here, which files it got and their SHA-256."""


def extend(
    data: Path,
    annotations: Mapping[str, dict[str, Any]],
    out: Path,
    mentions: Mapping[str, Sequence[Mention]] | None = None,
    written: Sequence[dict[str, Any]] = (),
    *,
    overwrite: bool = False,
) -> tuple[int, int]:
    """Write a data directory whose training split has the annotated texts of the pool and the auxiliary sets besides.

    Everything else in it is copied from ``data``, the pool whole. The rows added are marked as ``targeted``. The
    directory is whole or not there at all; one that this function wrote before is replaced.

    Args:
        data: Directory with the splits and the pool.
        annotations: Labels by the name of the text.
        out: Directory to write.
        mentions: Sentiments toward mentions, which become a set of their own.
        written: Further labelled rows to add as they are.
        overwrite: Whether files of these names that were not written here, or changed since, may be replaced. Others
            stay as they are.

    Returns:
        How many texts were added, and how many annotations belong to no text there.

    Raises:
        AnnotationError: There is no pool, none of the annotations is about it, ``out`` is ``data`` or can't be written,
            or it holds what was not written here.
        CorpusError: A file can't be read, or a line of it is wrong.
    """
    pool = pool_path(data)
    if pool is None:
        raise AnnotationError(f"{data}: there is no {POOL}.jsonl.gz that the annotations could be about")
    if out.resolve() == data.resolve():
        raise AnnotationError(f"{out}: that is where the data are read from; name another directory")
    _check_out(out, overwrite)
    rows = read_rows(corpus_path(data, "train"))
    have = {text_id(row["text"]) for row in rows}
    added: dict[str, dict[str, Any]] = {}
    sentences: dict[str, dict[str, Any]] = {}
    for row in [*read_rows(pool), *auxiliary_texts(data / "human")]:
        name = text_id(row["text"])
        sentences |= {f"{name}-{one.start}": _sentence(row["text"], one) for one in (mentions or {}).get(name, ())}
        if name in annotations and name not in have and name not in added:
            added[name] = row | annotations[name] | {"sample": "targeted"}
    if not added:
        raise AnnotationError(f"{pool}: none of the {len(annotations)} annotations is about a paragraph there")
    train = [*rows, *added.values(), *written]
    try:
        out.resolve().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.resolve().parent, prefix=f".{out.resolve().name}-") as scratch:
            fresh = Path(scratch) / "fresh"
            _fill(fresh, data, train, [{"id": name} | row for name, row in sentences.items()])
            _put(fresh, out.resolve())
    except OSError as error:
        raise AnnotationError(f"{out}: can't be written ({error}); run again once it can be") from error
    return len(added), len(set(annotations) - set(added) - have)


def _check_out(out: Path, overwrite: bool) -> None:
    if Path.cwd().is_relative_to(out.resolve()):
        raise AnnotationError(f"{out}: the working directory lies there; name another directory")
    if strange := [] if overwrite else _strange(out):
        raise AnnotationError(
            f"{out}: holds {strange[0]}, which this command did not write or which was changed since; name another "
            "directory, or replace files of these names with --overwrite"
        )


def _strange(out: Path) -> list[str]:
    """Return the files of a directory that were not written here, or not as they are."""
    own = _own(out)
    found = {path.relative_to(out).as_posix(): path for path in sorted(out.rglob("*")) if not path.is_dir()}
    return [name for name, path in found.items() if name != WRITTEN and own.get(name) != _sha256(path)] + (
        [WRITTEN] if WRITTEN in found and not own else []
    )


def _own(out: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that was written here, as it was then."""
    try:
        return dict(json.loads((out / WRITTEN).read_bytes())["sha256"])
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _fill(fresh: Path, data: Path, train: Sequence[dict[str, Any]], sentences: Sequence[dict[str, Any]]) -> None:
    human = [path for path in sorted(data.glob("human/*")) if path.is_file()]
    (fresh / "human" if human else fresh).mkdir(parents=True)
    _write(fresh / "paragraphs.train.jsonl.gz", train)
    for path in (corpus_path(data, "validation"), pool_path(data)):
        if path:
            shutil.copyfile(path, fresh / path.name)
    for path in human:
        shutil.copyfile(path, fresh / "human" / path.name)
    if sentences:
        _write(fresh / MENTIONS, sentences)
    files = {path.relative_to(fresh).as_posix(): _sha256(path) for path in sorted(fresh.rglob("*")) if path.is_file()}
    (fresh / WRITTEN).write_text(json.dumps({"sha256": files}, indent=1) + "\n", encoding="utf-8")


def _put(fresh: Path, out: Path) -> None:
    """Move a directory to its place; what was written there before goes, and what others wrote stays."""
    if not out.exists():
        fresh.rename(out)
        return
    if not _strange(out):
        old = fresh.with_name("old")
        try:
            out.rename(old)
            fresh.rename(out)
        except BaseException:
            if old.exists() and not out.exists():
                old.rename(out)
            raise
        return
    for name, sha256 in _own(out).items():
        if (out / name).is_file() and _sha256(out / name) == sha256:
            (out / name).unlink()
    for path in sorted(fresh.rglob("*")):
        if path.is_file():
            place = out / path.relative_to(fresh)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sentence(text: str, mention: Mention) -> dict[str, Any]:
    first, last, start, end, label = mention
    span = {"start": start - first, "end": end - first}
    return {"text": text[first:last], "target": text[start:end], **span, "label": label}


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    # Without the time of day in it, so that the same input gives the same digest.
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))


@click.command("extend", cls=Command)
@DATA
@click.option(
    "--annotations",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    default=(POOL_ANNOTATIONS, AUXILIARY_ANNOTATIONS),
    help="File of annotations; may be repeated. Default: those that the shipped models learned from.",
)
@click.option(
    "--mentions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=MENTION_ANNOTATIONS,
    help="File of mentions. Default: those that the shipped models learned from.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Data directory to write; replaced if this command wrote it.",
)
@click.option("--overwrite", is_flag=True, help="Also replace files of these names that this command did not write.")
def extend_command(data: Path, annotations: tuple[Path, ...], mentions: Path, out: Path, overwrite: bool) -> None:
    """Write a data directory whose training split has annotated texts and contrast sets besides.

    The directory named by --data has a pool.jsonl.gz, which most annotations are about. Sets of auxiliary texts are
    taken from its human/ where they are there: newsmtsc.train, dse.train, mpqa2 and ruw.train, each .jsonl.gz.
    """
    written = contrast_rows(held_out=False)
    added, strangers = extend(
        data, read_annotations(*annotations), out, read_mentions(mentions), written, overwrite=overwrite
    )
    click.echo(f"{out}: {added} annotated texts and {len(written)} written ones added to the training split")
    if strangers:
        click.echo(f"{strangers} annotations are about texts that are not there", err=True)
