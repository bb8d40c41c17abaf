"""What each part of the linear classifier is worth: fitted without it, and compared on the same paragraphs.

Differences are measured twice: on the validation split, and on the training paragraphs that were drawn by chance, each
scored by a fold that had not seen its document. Their intervals come from the same draws of documents for both sides,
so that what is hard for both does not widen them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import joblib
import numpy as np
from sklearn.model_selection import GroupKFold

from models.features import Features
from models.heads import FloatArray, HeadLabels, HeadProbabilities, IntArray
from models.labels import Stance
from models.linear import LinearClassifier
from models.linear.stacking import Stack
from models.paragraph import Paragraph, prepare
from training.corpus import Corpus
from training.evaluate import join, predict
from training.metrics import Interval, Resampling, confusions, f1_of_confusions, interval, micro_f1, outcomes

Measures = dict[str, FloatArray]
"""For each measure, its value and those of all bootstrap draws, shape (1 + draws,)."""

_EXCLUSIVE: Final = {"stance": len(Stance), "voice": 4, "side": 4}
_NOTHING: Final[tuple[list[str], ...]] = ([], [], [])


class Row(NamedTuple):
    """The figures of one variant: the whole classifier's own, or another's differences from them.

    Attributes:
        name: What is left out.
        held_out: On held-out training paragraphs, a head each.
        validation: On validation paragraphs, a head each.
    """

    name: str
    held_out: dict[str, Interval]
    validation: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to do without.

    Attributes:
        name: What is left out, in words.
        settings: Parameters of the classifier that differ.
        reduce: What becomes of each paragraph's features.
        use_pool: Whether word vectors also read the unlabeled paragraphs.
    """

    name: str
    settings: Mapping[str, Any]
    reduce: Callable[[Features], Features]
    use_pool: bool = True


def _same(found: Features) -> Features:
    return found


def _words_alone(found: Features) -> Features:
    def words(names: Sequence[str]) -> list[str]:
        return [name for name in names if " " not in name]

    return found._replace(
        common=words(found.common),
        document=words(found.document),
        masked=[words(names) for names in found.masked],
        near=[words(names) for names in found.near],
    )


def _without_terms(found: Features) -> Features:
    return found._replace(document=[name for name in found.document if not name.startswith("term:")])


VARIANTS: Final = (
    Variant("nothing (the whole classifier)", {}, _same),
    Variant("target-masked words", {}, lambda found: found._replace(masked=[*_NOTHING])),
    Variant("words near a mention", {}, lambda found: found._replace(near=[*_NOTHING])),
    Variant("both: no view from a target", {}, lambda found: found._replace(masked=[*_NOTHING], near=[*_NOTHING])),
    Variant("pairs of words", {}, _words_alone),
    Variant("terms found", {}, _without_terms),
    Variant("shape of the paragraph", {}, lambda found: found._replace(shape=[])),
    Variant("word vectors", {"dimensions": 0}, _same),
    Variant("the unlabelled pool", {}, _same, use_pool=False),
    Variant("emphasis on rare labels", {"emphasis": 0.0}, _same),
)


class ReducedClassifier(LinearClassifier):
    """A linear classifier that sees less."""

    reduce: Callable[[Features], Features] = staticmethod(_same)

    def _features(self, X: Sequence[Paragraph]) -> list[Features]:
        return [self.reduce(found) for found in super()._features(X)]


@dataclass(frozen=True, slots=True)
class Study:
    """What all variants are fitted to and measured on.

    Attributes:
        train: Labeled training paragraphs.
        validation: Labeled validation paragraphs.
        pool: Unlabeled texts for word vectors.
        folds: Folds that give held-out scores.
        draws: Bootstrap draws of documents.
        seed: Seed of folds, solvers and draws.
        state: Directory that keeps the measures of each variant, so that an interrupted study goes on; None: nothing is
            kept.
    """

    train: Corpus
    validation: Corpus
    pool: Sequence[str]
    folds: int
    draws: int
    seed: int
    state: Path | None = None

    def rows(self) -> Iterator[Row]:
        """Fit each variant, the whole classifier first, and yield its figures."""
        whole = None
        for variant in VARIANTS:
            here, there = self.measures(variant)
            if whole is None:
                whole = here, there
                yield Row(variant.name, intervals_of(here), intervals_of(there))
            else:
                yield Row(variant.name, intervals_of(here, whole[0]), intervals_of(there, whole[1]))

    def measures(self, variant: Variant) -> tuple[Measures, Measures]:
        """Return what a variant scores on held-out training and on validation paragraphs, kept or fitted now."""
        return self._kept(variant) or self._measured(variant)

    def _measured(self, variant: Variant) -> tuple[Measures, Measures]:
        train, natural = self.train, np.flatnonzero(self.train.natural)
        classifier = ReducedClassifier(folds=self.folds, seed=self.seed, **variant.settings)
        classifier.reduce = variant.reduce
        classifier.fit(
            [prepare(text) for text in train.texts],
            train.labels,
            groups=train.groups,
            calibrate_on=train.natural,
            unlabelled=[prepare(text) for text in self.pool] if variant.use_pool else (),
        )
        labels, groups, limits = train.labels.take(natural), train.groups[natural], classifier.thresholds_
        held_out = _cross_calibrated(classifier, classifier.held_out_[natural], labels, groups)
        found = join(list(predict(classifier, [prepare(text) for text in self.validation.texts])))
        drawn = Resampling(self.validation.groups, self.draws, self.seed)
        measured = (
            measures_of(held_out, labels, limits, Resampling(groups, self.draws, self.seed)),
            measures_of(found, self.validation.labels, limits, drawn),
        )
        if self.state:
            joblib.dump(measured, self._path(variant))
        return measured

    def _kept(self, variant: Variant) -> tuple[Measures, Measures] | None:
        if not self.state or not self._path(variant).is_file():
            return None
        kept: tuple[Measures, Measures] = joblib.load(self._path(variant))
        return kept

    def _path(self, variant: Variant) -> Path:
        """Return a file of its own for each variant on these data with these settings."""
        told = (
            variant.name,
            self.train.sha256,
            self.validation.sha256,
            len(self.pool),
            self.folds,
            self.draws,
            self.seed,
        )
        return Path(str(self.state)) / f"{hashlib.sha256(repr(told).encode()).hexdigest()[:16]}.joblib"


def intervals_of(measures: Measures, whole: Measures | None = None) -> dict[str, Interval]:
    """Return each measure, or how far it lies over that of the whole classifier, draw by draw."""
    return {name: interval(values - whole[name] if whole else values) for name, values in measures.items()}


def _cross_calibrated(
    classifier: LinearClassifier, scores: FloatArray, labels: HeadLabels, groups: IntArray
) -> HeadProbabilities:
    """Return probabilities of held-out rows by calibrations that had not seen the row's document either."""
    parts, rows = [], []
    for seen, unseen in GroupKFold(2, shuffle=True, random_state=classifier.seed).split(scores, groups=groups):
        parts.append(Stack.fit(scores[seen], labels.take(seen), classifier.emphasis)(scores[unseen]))
        rows.append(unseen)
    order = np.argsort(np.concatenate(rows))
    found = join(parts)
    return HeadProbabilities(
        found.stance[order], found.voice[order], found.side[order], found.frames[order], found.narratives[order]
    )


def measures_of(
    found: HeadProbabilities, gold: HeadLabels, thresholds: Mapping[str, float], resampling: Resampling
) -> Measures:
    """Return macro-F1 of the exclusive heads and micro-F1 of those in ``thresholds``, as is and for each draw."""
    measures: Measures = {}
    for head, size in _EXCLUSIVE.items():
        counts = confusions(getattr(gold, head), getattr(found, head).argmax(axis=-1), size)
        measures[head] = f1_of_confusions(resampling.totals(counts)).mean(axis=-1)
    for head, limit in thresholds.items():
        counts = outcomes(getattr(gold, head), getattr(found, head) >= limit)
        measures[head] = micro_f1(resampling.totals(counts))
    return measures
