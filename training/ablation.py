"""What each part of the linear classifier is worth: fitted without it, and compared on the same paragraphs.

Differences are measured twice: on the validation split, and on the training paragraphs that were drawn by chance, each
scored by a fold that had not seen its document. Their intervals come from the same draws of documents for both sides,
so that what is hard for both does not widen them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

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
        use_pool: Whether word vectors also read the unlabelled paragraphs.
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


VARIANTS: Final = (
    Variant("nothing (the whole classifier)", {}, _same),
    Variant("target-masked words", {}, lambda found: found._replace(masked=[*_NOTHING])),
    Variant("words near a mention", {}, lambda found: found._replace(near=[*_NOTHING])),
    Variant("both: no view from a target", {}, lambda found: found._replace(masked=[*_NOTHING], near=[*_NOTHING])),
    Variant("pairs of words", {}, _words_alone),
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


def ablate(
    train: Corpus, validation: Corpus, pool: Sequence[Paragraph], *, folds: int, draws: int, seed: int
) -> Iterator[Row]:
    """Fit each variant, the whole classifier first, and yield its figures."""
    paragraphs, unseen = [prepare(text) for text in train.texts], [prepare(text) for text in validation.texts]
    natural = np.flatnonzero(train.natural)
    at_train = Resampling(train.groups[natural], draws, seed)
    at_validation = Resampling(validation.groups, draws, seed)
    whole: tuple[Measures, Measures] | None = None
    for variant in VARIANTS:
        classifier = ReducedClassifier(folds=folds, seed=seed, **variant.settings)
        classifier.reduce = variant.reduce
        classifier.fit(
            paragraphs,
            train.labels,
            groups=train.groups,
            calibrate_on=train.natural,
            unlabelled=pool if variant.use_pool else (),
        )
        labels = train.labels.take(natural)
        held_out = _cross_calibrated(classifier, classifier.held_out_[natural], labels, train.groups[natural])
        found = join(list(predict(classifier, unseen)))
        here = _measures(held_out, labels, classifier.thresholds_, at_train)
        there = _measures(found, validation.labels, classifier.thresholds_, at_validation)
        if whole is None:
            whole = here, there
            yield Row(variant.name, _intervals(here), _intervals(there))
        else:
            yield Row(variant.name, _intervals(here, whole[0]), _intervals(there, whole[1]))


def _intervals(measures: Measures, whole: Measures | None = None) -> dict[str, Interval]:
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


def _measures(
    found: HeadProbabilities, gold: HeadLabels, thresholds: Mapping[str, float], resampling: Resampling
) -> Measures:
    measures: Measures = {}
    for head, size in _EXCLUSIVE.items():
        counts = confusions(getattr(gold, head), getattr(found, head).argmax(axis=-1), size)
        measures[head] = f1_of_confusions(resampling.totals(counts)).mean(axis=-1)
    for head, limit in thresholds.items():
        counts = outcomes(getattr(gold, head), getattr(found, head) >= limit)
        measures[head] = micro_f1(resampling.totals(counts))
    return measures
