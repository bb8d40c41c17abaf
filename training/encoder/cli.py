"""Commands around the encoder: adapt, train, average, release, check, ablation."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click
import torch

from models.classifier import ParagraphClassifier
from models.labels import Target
from models.store import SHIPPED, load
from models.terminology import variants_map
from training.encoder.ablation import ablation_command
from training.encoder.adapt import Adaptation, Adapter
from training.encoder.augment import Rates
from training.encoder.averaging import average
from training.encoder.checks import (
    TYPOGRAPHY,
    contrast_sets,
    exchanged_paragraphs,
    flips,
    news,
    respeller,
    roles,
    template_expectations,
    validation_examples,
)
from training.encoder.data import NEWS, ROLES
from training.encoder.network import pretrained
from training.encoder.options import BFLOAT16, DATA, LAYERS, MINUTES, RUN, THREADS
from training.encoder.release import release
from training.encoder.start import WEIGHTS, inputs, started
from training.encoder.train import Settings, Trainer
from training.options import SEEDS, VERSION
from training.outputs import Group, ModelDirectory

log = logging.getLogger(__name__)

_RATE: Final = click.FloatRange(min=0, min_open=True)


@click.group(cls=Group)
def encoder() -> None:
    """Adapt, train, average, release and check the encoder, and measure what its parts are worth."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for exporter in ("onnxscript", "onnx_ir"):  # a line for every constant that they fold
        logging.getLogger(exporter).setLevel(logging.WARNING)


@encoder.command()
@DATA
@RUN
@click.option(
    "--minutes",
    type=MINUTES,
    default=Settings.minutes,
    show_default=True,
    help="Minutes to train, resumptions included.",
)
@click.option(
    "--steps",
    type=click.IntRange(min=0),
    default=Settings.steps,
    show_default=True,
    help="Batches to learn from; 0: see --minutes.",
)
@click.option("--seed", type=SEEDS, default=Settings.seed, show_default=True, help="Seed of all that is drawn.")
@THREADS
@BFLOAT16
@click.option("--thaw", is_flag=True, help="Let the embeddings and the lowest layer learn too.")
@click.option(
    "--hide",
    type=click.FloatRange(0, 1, max_open=True),
    default=Settings.hide,
    show_default=True,
    help="Share of tokens hidden in every other paragraph.",
)
@click.option(
    "--tokens", type=click.IntRange(min=1), default=Settings.tokens, show_default=True, help="Tokens per batch."
)
@click.option(
    "--rate", type=_RATE, default=Settings.rate, show_default=True, help="Peak learning rate of the top layer."
)
@click.option(
    "--head-rate",
    type=_RATE,
    default=Settings.head_rate,
    show_default=True,
    help="Peak learning rate of layers not pretrained.",
)
@LAYERS
@click.option(
    "--pool",
    type=click.FloatRange(min=0),
    default=Rates.pool,
    show_default=True,
    help="Pool paragraphs per labeled paragraph.",
)
@click.option(
    "--easy",
    type=click.FloatRange(0, 1),
    default=Rates.easy,
    show_default=True,
    help="Share kept, each round, of the half of the annotated paragraphs whose labels the teacher finds likeliest.",
)
@click.option(
    "--start",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Run, or encoder directory, to start from instead of the pretrained weights.",
)
@click.option(
    "--teacher",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File from 'training label': probabilities of the pool, to learn from as well.",
)
def train(
    *,
    data: Path,
    run: Path,
    start: Path | None,
    teacher: Path | None,
    layers: int,
    pool: float,
    easy: float,
    **chosen: Any,  # noqa: ANN401
) -> None:
    """Fine-tune for a given time; after an interruption, call it again with the same run to go on."""
    settings = Settings(rates=Rates(pool=pool, easy=easy), **chosen)
    torch.manual_seed(settings.seed)
    network = pretrained(WEIGHTS, layers=layers) if start is None else started(start)
    Trainer(network, inputs(run), data, run, settings, teacher=teacher).run()
    click.echo(json.dumps(asdict(settings), indent=2))


@encoder.command()
@DATA
@RUN
@click.option(
    "--minutes",
    type=MINUTES,
    default=Adaptation.minutes,
    show_default=True,
    help="Minutes to train, resumptions included.",
)
@click.option("--seed", type=SEEDS, default=Adaptation.seed, show_default=True, help="Seed of all that is drawn.")
@THREADS
@BFLOAT16
@LAYERS
def adapt(*, data: Path, run: Path, layers: int, **chosen: Any) -> None:  # noqa: ANN401
    """Train the pretrained encoder to guess hidden words of unlabeled texts; 'train --start' goes on from there."""
    settings = Adaptation(**chosen)
    torch.manual_seed(settings.seed)
    Adapter(pretrained(WEIGHTS, layers=layers), inputs(run), data, run, settings).run()
    click.echo(json.dumps(asdict(settings), indent=2))


@encoder.command("average")
@click.argument("runs", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Directory of the run to write."
)
def average_(*, runs: tuple[Path, ...], out: Path) -> None:
    """Write a run whose weights are the mean of RUNS, which started from the same weights; 'release' accepts it."""
    average(runs, out)
    click.echo(f"{out}: the mean of {len(runs)} runs")


@encoder.command("release")
@DATA
@RUN
@VERSION
@click.option(
    "--to",
    type=ModelDirectory(),
    default=SHIPPED / "encoder",
    show_default="models/shipped/encoder",
    help="Directory to write the model to.",
)
def release_command(data: Path, run: Path, version: str, to: Path) -> None:
    """Quantize, calibrate, measure and save the model of a run."""
    manifest = release(data, run, to, version)
    click.echo(json.dumps(manifest.quality, indent=2))


@encoder.command()
@DATA
@click.option("--model", default="encoder", show_default=True, help="Name of a shipped model, or its directory.")
@click.option("--each", type=click.IntRange(min=1), default=30, show_default=True, help="Sentences per pattern.")
def check(data: Path, model: str, each: int) -> None:
    """Measure whether a model reads sentences: expectations, exchanged actors, spellings, human-labeled sets."""
    click.echo(json.dumps(checked(data, model, each), indent=2))


encoder.add_command(ablation_command)


def checked(data: Path, model: str, each: int) -> dict[str, Any]:
    """Return the results of all checks of a model."""
    classifier = load(model).classifier
    examples = validation_examples(data)
    texts = [example.text for example in examples]
    pairs = [(Target.RUSSIA, Target.UKRAINE), (Target.RUSSIA, Target.US), (Target.UKRAINE, Target.US)]
    return {
        "templates": template_expectations(classifier, each),
        "contrast_sets_held_out": contrast_sets(classifier),
        "exchanged": {f"{a}-{b}": exchanged_paragraphs(classifier, examples, a, b) for a, b in pairs},
        "spelling": flips(classifier, texts, respeller(list(variants_map().items()))),
        "typography": {name: flips(classifier, texts, change) for name, change in TYPOGRAPHY.items()},
        **_human_labelled(classifier, data / "human"),
    }


def _human_labelled(classifier: ParagraphClassifier, human: Path) -> dict[str, Any]:
    """Return the results on those human-labelled sets that are at hand."""
    sets: dict[str, tuple[Callable[[ParagraphClassifier, Path], dict[str, float]], str]] = {
        "newsmtsc_held_out": (news, NEWS),
        "roles_held_out": (roles, ROLES),
    }
    found = {}
    for title, (score, name) in sets.items():
        if (human / name).exists():
            found[title] = score(classifier, human / name)
        else:
            log.warning("without %s, which is not in %s", name, human)
    return found
