"""A data directory with more to learn from: texts that annotations label, mentions, contrast sets."""

from __future__ import annotations

import gzip
import json
import shutil
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

MENTIONS: Final = "mentions.annotated.jsonl.gz"
"""What annotated mentions are called in a data directory; rows as those of NewsMTSC."""


def extend(
    data: Path,
    annotations: Mapping[str, dict[str, Any]],
    out: Path,
    mentions: Mapping[str, Sequence[Mention]] | None = None,
    written: Sequence[dict[str, Any]] = (),
) -> tuple[int, int]:
    """Write a data directory whose training split has the annotated texts of the pool and the auxiliary sets besides.

    Everything else in it is copied from ``data``, the pool whole. The rows added are marked as ``targeted``.

    Args:
        data: Directory with the splits and the pool.
        annotations: Labels by the name of the text.
        out: Directory to write.
        mentions: Sentiments toward mentions, which become a set of their own.
        written: Further labelled rows to add as they are.

    Returns:
        How many texts were added, and how many annotations belong to no text there.

    Raises:
        AnnotationError: There is no pool, none of the annotations is about it, or ``out`` is ``data``.
        CorpusError: A file can't be read, or a line of it is wrong.
    """
    pool = pool_path(data)
    if pool is None:
        raise AnnotationError(f"{data}: there is no {POOL}.jsonl.gz that the annotations could be about")
    if out.resolve() == data.resolve():
        raise AnnotationError(f"{out}: that is where the data are read from; name another directory")
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
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "paragraphs.train.jsonl.gz", [*rows, *added.values(), *written])
    for path in (corpus_path(data, "validation"), pool):
        shutil.copyfile(path, out / path.name)
    for path in sorted(data.glob("human/*")):
        (out / "human").mkdir(exist_ok=True)
        shutil.copyfile(path, out / "human" / path.name)
    if sentences:
        _write(out / MENTIONS, [{"id": name} | row for name, row in sentences.items()])
    return len(added), len(set(annotations) - set(added) - have)


def _sentence(text: str, mention: Mention) -> dict[str, Any]:
    first, last, start, end, label = mention
    span = {"start": start - first, "end": end - first}
    return {"text": text[first:last], "target": text[start:end], **span, "label": label}


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    # Without the time of day in it, so that the same input gives the same digest.
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))


@click.command("extend")
@DATA
@click.option(
    "--annotations",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    default=(POOL_ANNOTATIONS, AUXILIARY_ANNOTATIONS),
    help="File of annotations, as often as there are files; without it, those that the shipped models learned from.",
)
@click.option(
    "--mentions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=MENTION_ANNOTATIONS,
    help="File of mentions; without it, likewise.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Data directory to write.")
def extend_command(data: Path, annotations: tuple[Path, ...], mentions: Path, out: Path) -> None:
    """Write a data directory whose training split has annotated texts and contrast sets besides.

    The directory named by --data has a pool.jsonl.gz, which most annotations are about. Sets of auxiliary texts are
    taken from its human/ where they are there: newsmtsc.train, dse.train, mpqa2 and ruw.train, each .jsonl.gz.
    """
    written = contrast_rows(held_out=False)
    added, strangers = extend(data, read_annotations(*annotations), out, read_mentions(mentions), written)
    click.echo(f"{out}: {added} annotated texts and {len(written)} written ones added to the training split")
    if strangers:
        click.echo(f"{strangers} annotations are about texts that are not there", err=True)
