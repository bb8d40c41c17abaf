"""Steps that end the making of a model from a network or of a pool: logits, folds, thresholds. None needs torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from models.calibration import best_threshold
from models.encoder import EncoderClassifier
from models.heads import FloatArray, HeadProbabilities, IntArray
from models.labels import Frame, Narrative, Target
from models.manifest import Thresholds
from models.paragraph import Paragraph
from training.corpus import Corpus
from training.encoder.coverage import abstain_threshold

ACCURACY: Final = 0.9
"""Share of right labels that is asked of stances not abstained from."""

FOLDS: Final = 5


def classifier_of(files: dict[str, bytes], strength: float = 100.0) -> EncoderClassifier:
    """Return an uncalibrated classifier over the files of a model."""
    classifier = EncoderClassifier(strength)
    classifier.attach(files)
    return classifier


def rearranged(found: HeadProbabilities, order: IntArray) -> HeadProbabilities:
    """Return rows of ``found`` in another order."""
    return HeadProbabilities(
        found.stance[order], found.voice[order], found.side[order], found.frames[order], found.narratives[order]
    )


def thresholds_of(found: HeadProbabilities, corpus: Corpus) -> Thresholds:
    """Choose one threshold for frames and one for narratives by micro-F1, and abstention by accuracy."""
    frames = best_threshold(found.frames, corpus.labels.frames)
    narratives = best_threshold(found.narratives, corpus.labels.narratives)
    return Thresholds(
        frames=dict.fromkeys(Frame, frames),
        narratives=dict.fromkeys(Narrative, narratives),
        abstain={
            target: abstain_threshold(found.stance[:, i], corpus.labels.stance[:, i], ACCURACY)
            for i, target in enumerate(Target)
        },
    )


def raw_logits(classifier: EncoderClassifier, paragraphs: Sequence[Paragraph]) -> FloatArray:
    """Return the network's logits, averaged over windows, of shape (n, 45)."""
    return np.array([classifier.logits(paragraph) for paragraph in paragraphs])
