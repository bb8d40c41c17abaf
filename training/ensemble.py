"""Making an ensemble of models that are in the store: calibrate the pool on validation, choose thresholds, measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import numpy as np
from sklearn.base import clone

from models import store
from models.classifier import ParagraphClassifier
from models.encoder import EncoderClassifier
from models.encoder.calibration import fit_scalings, probabilities
from models.ensemble import EnsembleClassifier, pooled
from models.heads import FloatArray, HeadProbabilities
from models.labels import Frame, Narrative
from models.manifest import Draft, Thresholds
from models.paragraph import Paragraph, prepare
from training.corpus import Corpus, corpus_path, read_corpus
from training.encoder.coverage import accuracy_by_coverage
from training.encoder.release import FOLDS, raw_logits, rearranged, thresholds_of
from training.evaluate import join, measure, predict
from training.metrics import Resampling

_DESCRIPTION: Final = "Log-linear pool of the fine-tuned encoder and the linear classifier, calibrated together"
_SEED: Final = 11


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Directory with paragraphs.validation.jsonl.gz.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=store.SHIPPED / "ensemble",
    show_default=True,
    help="Model directory to write; the members lie beside it.",
)
@click.option("--version", default="1.0.0", show_default=True, help="Version to give the model.")
@click.option("--share", default=0.4, show_default=True, help="Share of the linear model; the encoder has the rest.")
@click.option("--emphasis", default=0.15, show_default=True, help="How far calibration raises rare labels.")
@click.option("--strength", default=1.0, show_default=True, help="Weight of the prior on the calibration.")
def ensemble(*, data: Path, out: Path, version: str, share: float, emphasis: float, strength: float) -> None:
    """Pool the encoder and the linear model of the store, calibrated on the validation split."""
    corpus = read_corpus(corpus_path(data, "validation"))
    classifier = EnsembleClassifier({"encoder": 1 - share, "linear": share}, strength, emphasis)
    members = {name: store.load(out.parent / name) for name in classifier.member_names}
    classifier.join({name: member.classifier for name, member in members.items()})
    paragraphs = [prepare(text) for text in corpus.texts]
    raw = {name: _raw(member.classifier, paragraphs) for name, member in members.items()}
    found = _held_out(raw, corpus, classifier)
    thresholds = thresholds_of(found, corpus)
    classifier.fit(paragraphs, corpus.labels)
    draft = Draft(
        name=out.name,
        version=version,
        description=_DESCRIPTION,
        created=datetime.now(UTC).date().isoformat(),
        data=members["encoder"].manifest.data,
        thresholds=thresholds,
        parameters=classifier.get_params(),
        quality=_figures(found, corpus, thresholds),
    )
    store.save(out, classifier, draft)
    click.echo(f"{out}: pooled stance macro-F1 {draft.quality['stance']['macro_f1']['value']:.3f} on held-out folds")


Raw = HeadProbabilities | FloatArray
"""What a member says: calibrated probabilities, or logits of a network whose calibration saw the validation split."""


def _raw(classifier: ParagraphClassifier, paragraphs: Sequence[Paragraph]) -> Raw:
    if isinstance(classifier, EncoderClassifier):
        return raw_logits(classifier, paragraphs)
    return join(list(predict(classifier, paragraphs)))


def _held_out(raw: Mapping[str, Raw], corpus: Corpus, classifier: EnsembleClassifier) -> HeadProbabilities:
    """Return probabilities that were calibrated, for each fold of documents, on the other folds alone."""
    found = []
    fold = np.random.default_rng(_SEED).permutation(corpus.groups.max() + 1)[corpus.groups] % FOLDS
    folds = [np.flatnonzero(fold == number) for number in range(FOLDS)]
    for rows in folds:
        rest = np.setdiff1d(np.arange(len(corpus)), rows)
        labels = corpus.labels.take(rest)
        calibrated = {
            name: one
            if isinstance(one, HeadProbabilities)
            else probabilities(one, fit_scalings(one[rest], labels, 1.0))
            for name, one in raw.items()
        }
        logits = pooled(calibrated, classifier.weights or {})
        found.append(probabilities(logits[rows], clone(classifier).calibrate(logits[rest], labels).scalings_))
    return rearranged(join(found), np.argsort(np.concatenate(folds)))


def _figures(found: HeadProbabilities, corpus: Corpus, thresholds: Thresholds) -> dict[str, Any]:
    limits = {
        "frames": np.array([thresholds.frames[label] for label in Frame]),
        "narratives": np.array([thresholds.narratives[label] for label in Narrative]),
    }
    return measure(found, corpus.labels, limits, Resampling(corpus.groups)) | {
        "note": f"calibrated, for each of {FOLDS} folds of the documents, on the others",
        "accuracy_by_coverage": accuracy_by_coverage(found.stance.reshape(-1, 4), corpus.labels.stance.ravel()),
    }
