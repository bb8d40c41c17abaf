"""Making an ensemble of models that are in the store: calibrate the pool on validation, choose thresholds, measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from models.heads import HeadProbabilities, IntArray
from models.labels import Frame, Narrative
from models.manifest import Draft, Thresholds
from models.paragraph import Paragraph, prepare
from training.corpus import Corpus, check_folds, corpus_path, read_corpus
from training.encoder.coverage import accuracy_by_coverage
from training.evaluate import join, measure, predict
from training.finishing import FOLDS, raw_logits, rearranged, thresholds_of
from training.metrics import Resampling
from training.options import VALIDATION, VERSION
from training.outputs import Command, ModelDirectory

_ROUNDING: Final = 1e-6
_SEED: Final = 11
_EMPHASIS: Final = click.FloatRange(min=0)


@click.command(cls=Command)
@VALIDATION
@click.option(
    "--out",
    type=ModelDirectory(),
    default=store.SHIPPED / "ensemble",
    show_default="models/shipped/ensemble",
    help="Model directory to write; its members must lie beside it.",
)
@VERSION
@click.option(
    "--member",
    "members",
    type=(str, float),
    multiple=True,
    default=(("encoder", 0.7), ("svm", 0.3)),
    show_default=True,
    help="Name and share of a member; the shares sum to 1.",
)
@click.option(
    "--stance-emphasis",
    type=_EMPHASIS,
    default=0.4,
    show_default=True,
    help="How far calibration raises rare stances.",
)
@click.option("--voice-emphasis", type=_EMPHASIS, default=0.1, show_default=True, help="How far it raises rare voices.")
@click.option("--side-emphasis", type=_EMPHASIS, default=0.4, show_default=True, help="How far it raises rare sides.")
@click.option(
    "--strength",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="Weight of the prior that keeps the calibration near the identity.",
)
def ensemble(
    *,
    data: Path,
    out: Path,
    version: str,
    members: tuple[tuple[str, float], ...],
    stance_emphasis: float,
    voice_emphasis: float,
    side_emphasis: float,
    strength: float,
) -> None:
    """Pool models of the store, calibrated on the validation split."""
    shares = dict(members)
    if abs(sum(shares.values()) - 1) > _ROUNDING or len(shares) < len(members):
        raise click.BadParameter(f"each member once, with shares that sum to 1, not to {sum(shares.values()):g}")
    if not all(share > 0 for share in shares.values()):
        raise click.BadParameter("a member's share is more than 0; leave out who has none")
    if out.absolute().name in shares:
        raise click.BadParameter(f"{out.name} can't be a member of itself; give the ensemble another name")
    corpus = read_corpus(corpus_path(data, "validation"))
    check_folds("the validation split", corpus.documents, FOLDS)
    emphasis = {"stance": stance_emphasis, "voice": voice_emphasis, "side": side_emphasis}
    classifier = EnsembleClassifier(shares, strength, emphasis)
    loaded = {name: store.load(out.parent / name) for name in classifier.member_names}
    classifier.join({name: member.classifier for name, member in loaded.items()})
    paragraphs = [prepare(text) for text in corpus.texts]
    said = {name: said_by(member.classifier, corpus, paragraphs) for name, member in loaded.items()}
    found = held_out(said, corpus, classifier)
    thresholds = thresholds_of(found, corpus)
    classifier.fit(paragraphs, corpus.labels)
    draft = Draft(
        name=out.name,
        version=version,
        description=f"Log-linear pool, calibrated together, of {', '.join(shares)}",
        created=datetime.now(UTC).date().isoformat(),
        data=loaded[members[0][0]].manifest.data,
        thresholds=thresholds,
        parameters=classifier.get_params(),
        quality=_figures(found, corpus, thresholds),
    )
    store.save(out, classifier, draft)
    click.echo(f"{out}: pooled stance macro-F1 {draft.quality['stance']['macro_f1']['value']:.3f} on held-out folds")


Said = Callable[[IntArray], HeadProbabilities]
"""What a member says of all paragraphs when it is calibrated on the given rows alone."""


def said_by(classifier: ParagraphClassifier, corpus: Corpus, paragraphs: Sequence[Paragraph]) -> Said:
    """Return what a fitted member says of the corpus, calibrated again wherever it was calibrated on it."""
    if not isinstance(classifier, EncoderClassifier):
        # Calibrated on folds of the training split: it has seen none of these.
        found = join(list(predict(classifier, paragraphs)))
        return lambda rows: found
    # The encoder was calibrated on these very paragraphs, so that has to be done again without the ones held out.
    logits, strength = raw_logits(classifier, paragraphs), classifier.strength
    return lambda rows: probabilities(logits, fit_scalings(logits[rows], corpus.labels.take(rows), strength))


def held_out(said: Mapping[str, Said], corpus: Corpus, classifier: EnsembleClassifier) -> HeadProbabilities:
    """Return probabilities that were calibrated, for each fold of documents, on the other folds alone."""
    fold = np.random.default_rng(_SEED).permutation(corpus.groups.max() + 1)[corpus.groups] % FOLDS
    folds = [np.flatnonzero(fold == number) for number in range(FOLDS)]
    found = []
    for rows in folds:
        rest = np.flatnonzero(fold != fold[rows[0]])
        logits = pooled({name: member(rest) for name, member in said.items()}, classifier.weights or {})
        scalings = clone(classifier).calibrate(logits[rest], corpus.labels.take(rest)).scalings_
        found.append(probabilities(logits[rows], scalings))
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
