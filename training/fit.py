"""Fitting a linear classifier and writing it to a model directory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from models import store
from models.heads import FloatArray
from models.labels import HEADS, Target
from models.linear import LinearClassifier
from models.manifest import DataEntry, Draft, Manifest, Thresholds
from models.paragraph import Paragraph
from training.corpus import Corpus
from training.evaluate import Figures, join, measure, predict
from training.metrics import Resampling

ABSTAIN_BELOW: Final = 0.5
"""A calibrated confidence of one half: below it, a stance is more likely wrong than right."""

_DESCRIPTION: Final = (
    "Linear support vector machines over word pairs, target-masked word pairs and the words near each target's "
    "mentions, calibrated on held-out documents. Reads one paragraph of English news at a time."
)


def thresholds_of(classifier: LinearClassifier) -> dict[str, FloatArray]:
    """Return the threshold of each label of each multi-label head, shape (n_labels,)."""
    return {name: np.full(len(HEADS[name]), limit) for name, limit in classifier.thresholds_.items()}


def figures(
    classifier: LinearClassifier, corpus: Corpus, paragraphs: Sequence[Paragraph], resampling: Resampling
) -> dict[str, Figures]:
    """Return what ``classifier`` scores on labelled paragraphs."""
    found = join(list(predict(classifier, paragraphs)))
    return measure(found, corpus.labels, thresholds_of(classifier), resampling)


def write(
    directory: Path, classifier: LinearClassifier, *, version: str, data: DataEntry, quality: dict[str, Any]
) -> Manifest:
    """Save a fitted classifier with its manifest and return that."""
    limits = {
        name: dict(zip(HEADS[name], values.tolist(), strict=True)) for name, values in thresholds_of(classifier).items()
    }
    draft = Draft(
        name=directory.name,
        version=version,
        description=_DESCRIPTION,
        created=datetime.now(UTC).date().isoformat(),
        data=data,
        thresholds=Thresholds.model_validate({**limits, "abstain": dict.fromkeys(Target, ABSTAIN_BELOW)}),
        parameters=classifier.get_params(),
        quality=quality,
    )
    return store.save(directory, classifier, draft)
