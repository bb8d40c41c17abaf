"""A classifier for tests of everything around classifiers: it decides by words that tests put into their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from models.classifier import Attribution, ParagraphClassifier
from models.heads import HeadLabels, HeadProbabilities
from models.labels import Frame, Narrative, Side, Stance, Target, Voice
from models.manifest import DataEntry, Draft, Thresholds
from models.paragraph import Paragraph

_STANCE = {"good": Stance.FAVOR, "bad": Stance.AGAINST}


class WordClassifier(ParagraphClassifier):
    """Favor where "good" stands, against where "bad" does, neutral where a target is mentioned, else absent."""

    def __init__(self, certainty: float = 0.7, blob: bytes = b"") -> None:
        self.certainty = certainty
        self.blob = blob

    def fit(self, X: Sequence[Paragraph], y: HeadLabels) -> Self:
        return self

    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        stance = np.array([[self._row(Stance, self._stance(p, target)) for target in Target] for p in X])
        return HeadProbabilities(
            stance.reshape(len(X), 3, 4),
            np.array([self._row(Voice, Voice.QUOTED if p.quotes else Voice.OWN) for p in X]).reshape(-1, 4),
            np.array([self._row(Side, Side.RUSSIAN if p.terms else Side.NONE) for p in X]).reshape(-1, 4),
            np.array([[0.9 if label in p.text else 0.1 for label in Frame] for p in X]).reshape(-1, 14),
            np.array([[0.8 if label in p.text else 0.1 for label in Narrative] for p in X]).reshape(-1, 11),
        )

    def explain(
        self, paragraph: Paragraph, labels: Mapping[Target, Stance], top: int = 8
    ) -> dict[Target, tuple[Attribution, ...]]:
        at = paragraph.text.find("bad")
        words = (Attribution(at, at + 3, "bad", 1.5),) if at >= 0 else ()
        return {target: words if label is Stance.AGAINST else () for target, label in labels.items()}

    def assets(self) -> Mapping[str, bytes]:
        return {"blob.bin": self.blob} if self.blob else {}

    def attach(self, assets: Mapping[str, bytes]) -> None:
        self.blob = assets.get("blob.bin", b"")

    def _row(self, labels: type[Stance] | type[Voice] | type[Side], label: Stance | Voice | Side) -> list[float]:
        rest = (1 - self.certainty) / 3
        return [self.certainty if other == label else rest for other in labels]

    @staticmethod
    def _stance(paragraph: Paragraph, target: Target) -> Stance:
        if all(mention.target != target for mention in paragraph.mentions):
            return Stance.ABSENT
        return next((label for word, label in _STANCE.items() if word in paragraph.text), Stance.NEUTRAL)


def draft(abstain: float = 0.5, listed: float = 0.5) -> Draft:
    """A valid draft with thresholds of one half, or those given."""
    return Draft(
        name="words",
        version="0.0.1",
        description="decides by two words",
        created="2026-01-31",
        data=DataEntry(sha256="0" * 64, train=0, validation=0),
        thresholds=Thresholds(
            frames=dict.fromkeys(Frame, listed),
            narratives=dict.fromkeys(Narrative, listed),
            abstain=dict.fromkeys(Target, abstain),
        ),
        parameters={"seed": 0},
        quality={},
    )
