"""The checks of what a classifier reads, with classifiers whose faults are known."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from models.classifier import Attribution, ParagraphClassifier
from models.heads import FloatArray, HeadLabels, HeadProbabilities
from models.labels import Stance, Target
from models.paragraph import Paragraph
from training.encoder.checks import news
from training.encoder.data import MANNER, fold_of

WORDS = {"favor": "praised", "neutral": "met", "against": "blamed"}


class Timid(ParagraphClassifier):
    """Knows the three words, but calls everything neutral: how sure it is tells what it knows."""

    def fit(self, X: Sequence[Paragraph], y: HeadLabels) -> Self:
        raise NotImplementedError

    def explain(
        self, paragraph: Paragraph, labels: Mapping[Target, Stance], top: int = 8
    ) -> dict[Target, tuple[Attribution, ...]]:
        raise NotImplementedError

    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        rows = [[0.1 + 0.3 * (word in one.text) for word in WORDS.values()] for one in X]
        stance: FloatArray = np.repeat(np.array([[a, b + 0.4, c, 0.05] for a, b, c in rows])[:, None], 3, axis=1)
        none = np.zeros((len(rows), 4))
        return HeadProbabilities(stance, none, none, np.zeros((len(rows), 14)), np.zeros((len(rows), 11)))


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Sentences of NewsMTSC's form, of articles that are held out and of others."""
    path = tmp_path / "newsmtsc.train.jsonl.gz"
    lines = []
    for number in range(400):
        label = list(WORDS)[number % 3]
        text = f"Officials {WORDS[label]} Mr. Quist on day {number}."
        start = text.index("Mr. Quist")
        row = {"id": f"made_{number}_1_0_Mr. Quist_{start}_{start + 9}", "text": text, "target": "Mr. Quist"}
        lines.append(json.dumps(row | {"start": start, "end": start + 9, "label": label, "source": "NewsMTSC"}))
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def test_a_bias_shows_in_the_plain_figure_and_not_in_the_calibrated_one(rows: Path) -> None:
    found = news(Timid(), rows)
    assert found["rows"] == sum(fold_of(f"made_{number}_1") == 0 for number in range(400))
    assert found["macro_f1"] < 0.25
    assert found["accuracy"] < 0.6
    assert found["calibrated_macro_f1"] == 1.0


def test_what_a_classifier_knows_when_asked_shows_in_a_figure_of_its_own(rows: Path) -> None:
    class Asked(Timid):
        def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
            given = super().predict_proba(X)
            for row, one in enumerate(X):
                given.stance[row, :, 1] -= 0.4 * one.text.startswith(MANNER)
            return given

    found = news(Asked(), rows)
    assert found["macro_f1"] < 0.25
    assert found["asked_macro_f1"] == 1.0
    assert news(Timid(), rows)["asked_macro_f1"] < 0.25


def test_calibration_gives_nothing_to_a_classifier_that_does_not_read(rows: Path) -> None:
    rng = np.random.default_rng(1)

    class Guesser(Timid):
        def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
            given = super().predict_proba(X)
            return HeadProbabilities(
                rng.dirichlet(np.ones(4), given.stance.shape[:2]),
                given.voice,
                given.side,
                given.frames,
                given.narratives,
            )

    assert news(Guesser(), rows)["calibrated_macro_f1"] < 0.5
