"""What each part of the encoder's training is worth: trained anew without it, for as many steps, and compared.

The whole and every variant see as many batches and are calibrated alike, on other documents than those that are
scored. Seeds are the same, so that the intervals hold what the choice of paragraphs does to a difference; another seed
would add a spread of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import numpy as np
import torch

from models.encoder import SPELLINGS, EncoderClassifier
from models.paragraph import Paragraph, prepare
from models.terminology import variants_map
from training.ablation import Measures, intervals_of, measures_of
from training.annotations import (
    AUXILIARY_ANNOTATIONS,
    MENTION_ANNOTATIONS,
    POOL_ANNOTATIONS,
    read_annotations,
    read_mentions,
)
from training.corpus import Corpus, check_folds, corpus_path, read_corpus
from training.encoder.checks import flips, respeller, template_expectations
from training.encoder.export import averaged_network
from training.encoder.network import LAYERS, pretrained
from training.encoder.options import BFLOAT16, THREADS
from training.encoder.release import cross_fitted, float_files
from training.encoder.start import WEIGHTS, inputs
from training.encoder.train import Settings, Trainer
from training.extending import extend
from training.finishing import FOLDS, classifier_of, raw_logits, thresholds_of
from training.machine import describe_machine
from training.members import unmarked
from training.metrics import Interval, Resampling
from training.options import DATA, DRAWS, PAGE, SEEDS
from training.outputs import Command, write_text
from training.report import encoder_ablation_page, labelling

log = logging.getLogger(__name__)

WHOLE: Final = "nothing (all of it)"
_STRENGTH: Final = 100.0
_CHECKED: Final = ("templates right", "templates opposite", "spelling flips")


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to do without.

    Attributes:
        name: What is left out, in words.
        rates: Augmentations and sets that differ.
        settings: Settings that differ.
        layers: Layers of the pretrained encoder.
        adapted: Whether to begin from weights that were adapted, where there are some.
        annotated: Whether to learn from annotations of the pool and of the auxiliary sets.
        folded: Whether names are read in one spelling.
        marked: Whether mentions of targets are marked.
    """

    name: str
    rates: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    layers: int = LAYERS
    adapted: bool = True
    annotated: bool = True
    folded: bool = True
    marked: bool = True


VARIANTS: Final = (
    Variant(WHOLE),
    Variant("annotations", annotated=False),
    Variant("masked-language training on the pool", adapted=False),
    Variant("the auxiliary sets", {"news": 0.0, "attitudes": 0.0, "directed": 0.0, "roles": 0.0}),
    Variant("contrast sets", {"contrasts": 0.0}),
    Variant("exchanged, strange and other names", {"exchange": 0.0, "stranger": 0.0, "synonym": 0.0}),
    Variant("template sentences", {"templates": 0.0}),
    Variant("one spelling of each name", folded=False),
    Variant("marks of mentions", {"forget": 1.0}, marked=False),
    Variant("the moving average of weights", settings={"average": 0.0}),
    Variant("two of six layers", layers=4),
)


class EncoderRow(NamedTuple):
    """Figures of a variant: the whole's own or, of another, how far they lie over them; and what its checks gave."""

    name: str
    figures: dict[str, Interval]
    checks: dict[str, float]


class EncoderStudy:
    """Variants trained on one corpus, each kept in a directory of ``state`` as soon as it is trained.

    Args:
        data: Directory with the splits, the pool and ``human/``.
        state: Directory for runs; a study that was interrupted goes on from there.
        settings: How to train the whole; its ``steps`` bound every variant.
        adapted: Run of ``encoder adapt`` to begin from; without it, all begin from the pretrained weights.
        draws: Bootstrap draws of documents.
    """

    def __init__(self, data: Path, state: Path, settings: Settings, adapted: Path | None, draws: int) -> None:
        self.data, self.state, self.settings, self.adapted = data, state, settings, adapted
        self.corpus: Corpus = read_corpus(corpus_path(data, "validation"))
        check_folds("the validation split", self.corpus.documents, FOLDS)
        self.paragraphs = [prepare(text) for text in self.corpus.texts]
        self.resampling = Resampling(self.corpus.groups, draws, settings.seed)
        self.variants = tuple(one for one in VARIANTS if adapted is not None or one.adapted)

    def rows(self) -> Iterator[EncoderRow]:
        """Train and yield the whole's figures, then the differences of all variants."""
        whole: Measures | None = None
        for variant in self.variants:
            classifier, paragraphs = self._read(variant, self.trained(variant))
            found = cross_fitted(raw_logits(classifier, paragraphs), self.corpus, _STRENGTH)
            thresholds = thresholds_of(found, self.corpus)
            limits = {
                "frames": next(iter(thresholds.frames.values())),
                "narratives": next(iter(thresholds.narratives.values())),
            }
            measures = measures_of(found, self.corpus.labels, limits, self.resampling)
            figures = intervals_of(measures) if whole is None else intervals_of(measures, whole)
            whole = whole or measures
            classifier.fit(paragraphs, self.corpus.labels)
            yield EncoderRow(variant.name, figures, self._checks(variant, classifier))

    def trained(self, variant: Variant) -> Path:
        """Return the run of a variant, trained if it is not yet."""
        run = self.state / variant.name.replace(" ", "-").replace("(", "").replace(")", "")
        run.mkdir(parents=True, exist_ok=True)
        if not variant.folded and not (run / SPELLINGS).exists():
            (run / SPELLINGS).write_text("{}", encoding="utf-8")
        settings = replace(self.settings, rates=replace(self.settings.rates, **variant.rates), **variant.settings)
        torch.manual_seed(settings.seed)
        adapted = self.adapted if variant.adapted else None
        network = pretrained(WEIGHTS) if adapted is None else averaged_network(adapted)
        network.layers = network.layers[: variant.layers]
        log.info("without %s", variant.name)
        Trainer(network, inputs(run), self._data(variant), run, settings).run()
        return run

    def _data(self, variant: Variant) -> Path:
        if not variant.annotated:
            return self.data
        extended = self.state / "data"
        if not extended.exists():
            annotations = read_annotations(POOL_ANNOTATIONS, AUXILIARY_ANNOTATIONS)
            # Without the contrast sets: training has a rate for these, and learns from them as often as that says.
            extend(self.data, annotations, extended, read_mentions(MENTION_ANNOTATIONS))
        return extended

    def _read(self, variant: Variant, run: Path) -> tuple[EncoderClassifier, list[Paragraph]]:
        # A release also folds what the tables have learned since: here, only what the run itself read as one.
        classifier = classifier_of(float_files(run) | {SPELLINGS: (run / SPELLINGS).read_bytes()}, _STRENGTH)
        if variant.marked:
            return classifier, self.paragraphs
        return classifier, [unmarked(one) for one in self.paragraphs]

    def _checks(self, variant: Variant, classifier: EncoderClassifier) -> dict[str, float]:
        if not variant.marked:  # they ask a classifier that is told who is meant
            return dict.fromkeys(_CHECKED, np.nan)
        templates = template_expectations(classifier, 6)
        spelled = flips(classifier, self.corpus.texts, respeller(list(variants_map().items())))
        return dict(zip(_CHECKED, (templates["right"], templates["opposite"], spelled["flips"]), strict=True))


@click.command("ablation", cls=Command)
@DATA
@PAGE
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Directory for the runs; a repeated call goes on from what is there.",
)
@click.option(
    "--adapted",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Run of 'encoder adapt' to start from. Default: the pretrained weights.",
)
@click.option(
    "--steps",
    type=click.IntRange(min=1),
    default=800,
    show_default=True,
    help="Batches that every variant learns from.",
)
@click.option(
    "--tokens", type=click.IntRange(min=1), default=Settings.tokens, show_default=True, help="Tokens per batch."
)
@THREADS
@BFLOAT16
@click.option("--seed", type=SEEDS, default=Settings.seed, show_default=True, help="Random seed.")
@DRAWS
def ablation_command(
    *,
    data: Path,
    markdown: Path,
    state: Path,
    adapted: Path | None,
    draws: int,
    **chosen: Any,  # noqa: ANN401
) -> None:
    """Train the encoder anew without each of its parts, some minutes per part, and compare."""
    settings = Settings(validations=1, **chosen)
    study = EncoderStudy(data, state, settings, adapted, draws)
    rows = list(study.rows())
    facts = {
        "measured": f"{datetime.now(UTC).date().isoformat()} on {describe_machine()}",
        "steps of each, and tokens a step": f"{settings.steps} · {settings.tokens}",
        "begun from": "pretrained weights" if adapted is None else "weights adapted to the pool",
        "validation data": f"`{study.corpus.sha256}`",
        "seed": settings.seed,
        "draws": draws,
    }
    write_text(markdown, encoder_ablation_page(rows, facts, labelling(study.corpus)))
