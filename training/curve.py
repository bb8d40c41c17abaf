"""The learning curve: what the linear classifier gains from more labeled paragraphs.

Documents are drawn once, in a seeded order; every larger corpus holds the smaller ones. A curve that still rises at
its end says that labels, not the classifier, are what is short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from training.ablation import VARIANTS, Measures, Study
from training.corpus import Corpus
from training.metrics import Interval, interval

SHARES: Final = (1 / 8, 1 / 4, 1 / 2, 1.0)
"""Shares of the training documents."""


class Point(NamedTuple):
    """What was reached with a part of the training split.

    Attributes:
        paragraphs: How many labeled paragraphs it has.
        validation: Figures on validation paragraphs, a head each.
    """

    paragraphs: int
    validation: dict[str, Interval]


def part_of(corpus: Corpus, share: float, seed: int) -> Corpus:
    """Return the paragraphs of a share of the documents, in their order."""
    documents = np.unique(corpus.groups)
    drawn = np.random.default_rng(seed).permutation(documents)[: max(1, round(share * len(documents)))]
    rows = np.flatnonzero(np.isin(corpus.groups, drawn))
    return replace(
        corpus,
        texts=[corpus.texts[row] for row in rows],
        labels=corpus.labels.take(rows),
        groups=np.unique(corpus.groups[rows], return_inverse=True)[1],
        natural=corpus.natural[rows],
        sources=[corpus.sources[row] for row in rows],
        sha256=f"{corpus.sha256}, {share} of its documents, seed {seed}",
    )


def points(study: Study, shares: Sequence[float]) -> Iterator[Point]:
    """Fit the whole classifier to each share of the study's training documents and yield its figures."""
    for share in shares:
        part = part_of(study.train, share, study.seed)
        _, validation = replace(study, train=part).measures(VARIANTS[0])
        yield Point(len(part), _intervals(validation))


def _intervals(measures: Measures) -> dict[str, Interval]:
    return {name: interval(values) for name, values in measures.items()}
