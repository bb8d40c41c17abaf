"""How far annotations agree with labels that the same texts have: the training split's, and NewsMTSC's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import numpy as np

from models.heads import HeadLabels, IntArray
from models.labels import Side, Stance, Voice
from training.annotations import (
    ATTENTIVE_ANNOTATIONS,
    AUXILIARY_ANNOTATIONS,
    MENTION_ANNOTATIONS,
    POOL_ANNOTATIONS,
    REPEATED_ANNOTATIONS,
    REPEATED_MENTIONS,
    SENTIMENTS,
    VALIDATION_ANNOTATIONS,
    AnnotationError,
    Mention,
    read_annotations,
    read_mentions,
    text_id,
)
from training.contrasts import contrast_rows
from training.corpus import Corpus, corpus_path, read_corpus, read_labels
from training.encoder.data import NEWS, article_of, read_jsonl
from training.metrics import Interval, Resampling, confusions, f1_of_confusions, interval, kappa, micro_f1, outcomes
from training.options import DATA, DRAWS, PAGE, SEED
from training.outputs import Command, write_text


class Agreement(NamedTuple):
    """How far two annotations of the same texts agree.

    Attributes:
        texts: How many there are.
        figures: Figures over all classes, with their names: Cohen's kappa of single labels, micro-F1 of sets of them.
        f1: F1 of each class, the first annotation taken as gold, with their names.
    """

    texts: int
    figures: dict[str, Interval]
    f1: dict[str, Interval]


def agreement(corpus: Corpus, annotations: Mapping[str, dict[str, Any]], draws: int, seed: int) -> Agreement:
    """Compare annotations with the labels of a corpus; intervals resample documents.

    Raises:
        AnnotationError: None of the annotations is about a paragraph of the corpus.
    """
    names = [text_id(text) for text in corpus.texts]
    rows = np.array([at for at, name in enumerate(names) if name in annotations], np.int64)
    if not len(rows):
        raise AnnotationError(f"none of the {len(annotations)} annotations is about a paragraph of this corpus")
    gold, given = corpus.labels.take(rows), read_labels([annotations[names[at]] for at in rows])
    resampling = Resampling(corpus.groups[rows], draws, seed)
    figures: dict[str, Interval] = {}
    f1: dict[str, Interval] = {}
    for head, kind in _exclusive(gold, given).items():
        totals = resampling.totals(confusions(*kind.values, len(kind.labels)))
        figures[f"{head}, Cohen's kappa"] = interval(kappa(totals))
        scores = f1_of_confusions(totals)
        f1 |= {f"{head} {label}": interval(scores[:, at]) for at, label in enumerate(kind.labels)}
    for head in ("frames", "narratives"):
        counts = outcomes(getattr(gold, head), getattr(given, head))
        figures[f"{head}, micro-F1"] = interval(micro_f1(resampling.totals(counts)))
    return Agreement(len(rows), figures, f1)


def mention_agreement(
    rows: Sequence[dict[str, Any]], mentions: Mapping[str, Sequence[Mention]], draws: int, seed: int
) -> Agreement:
    """Compare sentiments toward mentions with those of NewsMTSC's coders; intervals resample articles.

    Args:
        rows: Rows of NewsMTSC, each with ``text``, ``start``, ``label`` and ``article``.
        mentions: Sentiments by the name of the sentence.
        draws: Bootstrap draws.
        seed: Their seed.

    Raises:
        AnnotationError: None of the mentions is in a row.
    """
    given = {(name, one.start): one.label for name, found in mentions.items() for one in found}
    twice = [(row, given.get((text_id(row["text"]), row["start"]))) for row in rows]
    both = [(row, label) for row, label in twice if label is not None]
    if not both:
        raise AnnotationError(f"none of the {len(given)} mentions is in a row of NewsMTSC")
    labels = tuple(SENTIMENTS.values())
    gold, said = (
        np.array([labels.index(label) for label in column], np.int64)
        for column in ([Stance(row["label"]) for row, _ in both], [label for _, label in both])
    )
    _, groups = np.unique([row["article"] for row, _ in both], return_inverse=True)
    totals = Resampling(groups.astype(np.int64), draws, seed).totals(confusions(gold, said, len(labels)))
    scores = f1_of_confusions(totals)
    figures = {"Cohen's kappa": interval(kappa(totals)), "macro-F1": interval(scores.mean(axis=1))}
    return Agreement(len(both), figures, {str(label): interval(scores[:, at]) for at, label in enumerate(labels)})


class _Head(NamedTuple):
    values: tuple[IntArray, IntArray]
    labels: tuple[StrEnum, ...]


def _exclusive(gold: HeadLabels, given: HeadLabels) -> dict[str, _Head]:
    return {
        "stance": _Head((gold.stance, given.stance), tuple(Stance)),
        "voice": _Head((gold.voice, given.voice), tuple(Voice)),
        "side": _Head((gold.side, given.side), tuple(Side)),
    }


@click.command("agreement", cls=Command)
@DATA
@PAGE
@SEED
@DRAWS
def agreement_command(data: Path, markdown: Path, seed: int, draws: int) -> None:
    """Measure how far the annotations agree with both splits and NewsMTSC, on texts labeled twice.

    The directory named by --data has both splits and human/newsmtsc.train.jsonl.gz.
    """
    train, repeated = read_corpus(corpus_path(data, "train")), read_annotations(REPEATED_ANNOTATIONS)
    attentive = read_annotations(ATTENTIVE_ANNOTATIONS)
    paragraphs = agreement(train, repeated, draws, seed)
    read = {
        "in haste": agreement(train, {name: repeated[name] for name in attentive}, draws, seed),
        "attentively": agreement(train, attentive, draws, seed),
        "validation split": agreement(
            read_corpus(corpus_path(data, "validation")), read_annotations(VALIDATION_ANNOTATIONS), draws, seed
        ),
    }
    rows = [row | {"article": article_of(row["id"])} for row in read_jsonl(data / "human" / NEWS)]
    mentions = mention_agreement(rows, read_mentions(REPEATED_MENTIONS), draws, seed)
    write_text(markdown, _page(paragraphs, read, mentions, draws))


_PAGE: Final = """# Annotations

<!-- Written by `python -m training agreement`; change the command, not this page. -->

{pool:,} paragraphs of the pool and {auxiliary:,} sentences and posts of human-labeled sets (NewsMTSC, DSE, MPQA 2.0,
RUW) that mention a target were labeled according to the codebook by a large language model that read each of them,
blind to the outlet and to the labels of those sets. The labels are in `training/annotated/`, whose files name each text
by its digest and contain no text; `python -m training extend` joins them to the training split.

Paragraphs about which an earlier ensemble was unsure, or in which it saw rare labels, came first; in the end all of the
pool was read. Labels that the ensemble found least likely were given a second time; where the readings differed, both
of them and the ensemble had a say. The last of these second readings were made with less haste.

Mixed in among them, unmarked, were {repeated:,} paragraphs of the training split. How far their two labels agree
({date}; intervals hold 95 % of {draws} bootstrap draws of documents):

{heads}

F1 of each class, with the label of the training split as gold:

{classes}

## Attentive readings

The first two columns show what haste costs, on {attentive} of these paragraphs, drawn at random from those that were
not picked for rare classes. The last column shows how far a second, attentive reading of the validation split
({validation} paragraphs, by readers who knew none of its labels) agrees with it: the ceiling that a classifier can
measurably reach there. Nothing learns from these readings.

{readings}

## Mentions

{mentions:,} mentions in sentences of the pool and of DSE were labeled as NewsMTSC labels them, following its examples.
Mixed in among them were {news:,} mentions of NewsMTSC itself, from the part that is learned from. How far these agree
with its coders (draws of articles; F1 with the coders' label as gold):

{figures}

{sentiments}

## Contrast sets

{written:,} paragraphs in {sets:,} sets were written for training by the same model: within a set they share words and
names, and differ in who does what to whom, who speaks, or whether a claim is endorsed. A second reading labeled each of
them blind, and those to which it gave other stances were left out. The paragraphs are in `training/contrasts.tsv`. A
fifth of the sets, {held_out:,}, is never learned from; `python -m training encoder check` scores the models on them.
"""


def _page(paragraphs: Agreement, read: Mapping[str, Agreement], mentions: Agreement, draws: int) -> str:
    written = [*contrast_rows(held_out=False), *contrast_rows(held_out=True)]
    return _PAGE.format(
        pool=len(read_annotations(POOL_ANNOTATIONS)),
        auxiliary=len(read_annotations(AUXILIARY_ANNOTATIONS)),
        repeated=paragraphs.texts,
        date=datetime.now(UTC).date().isoformat(),
        draws=draws,
        heads=_table("head", paragraphs.figures),
        classes=_table("class", paragraphs.f1),
        attentive=read["attentively"].texts,
        validation=read["validation split"].texts,
        readings=_side_by_side(read),
        mentions=sum(map(len, read_mentions(MENTION_ANNOTATIONS).values())),
        news=mentions.texts,
        figures=_table("figure", mentions.figures),
        sentiments=_table("class", mentions.f1),
        written=len(written),
        sets=len({row["doc"] for row in written}),
        held_out=len({row["doc"] for row in contrast_rows(held_out=True)}),
    )


def _table(title: str, rows: Mapping[str, Interval]) -> str:
    cells = [f"| {name} | {one.value:.3f} | {one.low:.3f}–{one.high:.3f} |" for name, one in rows.items()]
    return "\n".join([f"| {title} | value | interval |", "|---|---|---|", *cells])


def _side_by_side(read: Mapping[str, Agreement]) -> str:
    columns = {
        title: one.figures | {f"{name}, F1": value for name, value in one.f1.items()} for title, one in read.items()
    }
    lines = [f"| figure | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for name in next(iter(columns.values())):
        cells = [
            f"{one.value:.3f} ({one.low:.3f}–{one.high:.3f})" for one in (column[name] for column in columns.values())
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
