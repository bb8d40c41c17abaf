"""The command line of training: ``python -m training --help``."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import numpy as np

from models import store
from models.errors import StandpointError
from models.labels import HEADS
from models.linear import LinearClassifier
from models.manifest import DataEntry, Manifest
from models.paragraph import prepare
from training import fit as fitting
from training.ablation import VARIANTS, Study
from training.corpus import SPLITS, Corpus, check_folds, corpus_path, digest, pool_path, read_corpus, read_texts
from training.curve import SHARES, points
from training.evaluate import POOLED, join, measure, predict
from training.machine import describe_machine
from training.metrics import Resampling
from training.options import DATA, DRAWS, FOLDS, PAGE, SEED, VERSION
from training.outputs import Group, ModelDirectory, OutputFile, write_text
from training.report import ablation_page, curve_page, labelling, model_card
from training.robustness import changed_labels

_T = TypeVar("_T")
_LAZY: Final = {
    "agreement": ("training.agreement", "agreement_command"),
    "extend": ("training.extending", "extend_command"),
    "encoder": ("training.encoder.cli", "encoder"),
    "ensemble": ("training.ensemble", "ensemble"),
    "label": ("training.teacher", "label"),
    "members": ("training.members", "members"),
    "pairs": ("training.pairs", "pairs"),
}

_CAUTION: Final = (
    "The model was calibrated, and its thresholds chosen, on the validation split that it was made with: paragraphs of "
    "that split among these count as better than new ones would."
)
_FEWER: Final = "label more documents, or ask for fewer --folds"

_STATE = click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory for finished parts; a repeated call goes on from them.",
)


class _Commands(Group):
    """Commands, some of which import heavy libraries only once they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_LAZY])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _LAZY:
            module, name = _LAZY[cmd_name]
            command: click.Command = getattr(importlib.import_module(module), name)
            return command
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except StandpointError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Commands)
def main() -> None:
    """Fit and measure classifiers on labelled paragraphs."""


@main.command()
@DATA
@click.option("--out", type=ModelDirectory(), required=True, help="Model directory to write.")
@VERSION
@SEED
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that fit in parallel."
)
@click.option(
    "--folds", type=FOLDS, default=5, show_default=True, help="Folds that give held-out scores for calibration."
)
@click.option(
    "--min-rows",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="Fewest paragraphs a feature must occur in.",
)
@DRAWS
@click.option(
    "--teacher",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File from 'training label': probabilities of the pool, to learn from as well.",
)
@click.option(
    "--taught",
    type=click.IntRange(min=1),
    default=100_000,
    show_default=True,
    help="Most pool paragraphs to learn from the teacher.",
)
def fit(
    *,
    data: Path,
    out: Path,
    version: str,
    seed: int,
    jobs: int,
    folds: int,
    min_rows: int,
    draws: int,
    teacher: Path | None,
    taught: int,
) -> None:
    """Fit the linear classifier and write it, with its validation figures, to a model directory."""
    paths = {split: corpus_path(data, split) for split in SPLITS}
    train, validation = (read_corpus(path) for path in paths.values())
    check_folds("the training split", train.documents, folds, _FEWER)
    pool = pool_path(data)
    unlabelled = [prepare(text) for text in _bar(read_texts(pool), "preparing the pool")] if pool else []
    lesson = fitting.lesson(unlabelled, teacher, taught, seed)
    classifier = LinearClassifier(folds=folds, min_rows=min_rows, seed=seed, n_jobs=jobs)
    classifier.fit(
        [prepare(text) for text in _bar(train.texts, "preparing")],
        train.labels,
        groups=train.groups,
        calibrate_on=train.natural,
        unlabelled=lesson.rest,
        taught=lesson.taught,
        beliefs=lesson.beliefs,
        progress=click.echo,
    )
    unseen = [prepare(text) for text in validation.texts]
    quality = fitting.figures(classifier, validation, unseen, Resampling(validation.groups, draws, seed))
    entry = DataEntry(sha256=digest(list(paths.values())), train=len(train), validation=len(validation))
    manifest = fitting.write(out, classifier, version=version, data=entry, quality=quality, taught=len(lesson.taught))
    click.echo(f"{out}: {sum(file.bytes for file in manifest.files.values()):,} bytes; {_headline(quality)}")


@main.command()
@click.option("--model", required=True, help="Name of a shipped model, or a model directory.")
@DATA
@click.option("--split", default="validation", show_default=True, help="Which paragraphs.<split>.jsonl.gz to score.")
@click.option("--json", "json_path", type=OutputFile(), help="Write the figures here, anew if there are some.")
@click.option("--markdown", type=OutputFile(), help="Write a model card here, anew if there is one.")
@SEED
@DRAWS
def evaluate(
    *, model: str, data: Path, split: str, json_path: Path | None, markdown: Path | None, seed: int, draws: int
) -> None:
    """Measure any model of the store on labelled paragraphs: F1 with intervals, confusions, calibration."""
    loaded = store.load(model)
    corpus = read_corpus(corpus_path(data, split))
    evaluation = {
        **_evaluation(loaded, corpus, split, Resampling(corpus.groups, draws, seed)),
        "bootstrap": {"draws": draws, "seed": seed},
        "bytes": store.stored_bytes(model),
    }
    card = model_card(loaded.manifest, loaded.sha256, evaluation)
    if json_path:
        write_text(json_path, json.dumps(evaluation, indent=2, ensure_ascii=False) + "\n")
    if markdown:
        write_text(markdown, card)
    click.echo(_headline(evaluation["heads"]) if json_path or markdown else card)


@main.command()
@DATA
@PAGE
@_STATE
@click.option("--folds", type=FOLDS, default=3, show_default=True, help="Folds that give held-out scores.")
@SEED
@DRAWS
def ablation(*, data: Path, markdown: Path, state: Path | None, folds: int, seed: int, draws: int) -> None:
    """Measure what each part of the linear classifier is worth; takes some minutes per part."""
    study = _study(data, folds, draws, seed, state)
    with click.progressbar(study.rows(), length=len(VARIANTS), label="fitting") as shown:
        rows = list(shown)
    write_text(markdown, ablation_page(rows, _facts(study), labelling(study.validation)))


@main.command()
@DATA
@PAGE
@_STATE
@click.option(
    "--folds", type=FOLDS, default=3, show_default=True, help="Folds that give held-out scores for calibration."
)
@SEED
@DRAWS
def curve(*, data: Path, markdown: Path, state: Path | None, folds: int, seed: int, draws: int) -> None:
    """Measure what more labelled paragraphs are worth: fit the linear classifier to parts of the training split."""
    study = _study(data, folds, draws, seed, state)
    part = f"the smallest part ({min(SHARES):.1%}) of the training split"
    check_folds(part, round(min(SHARES) * study.train.documents), folds, _FEWER)
    with click.progressbar(points(study, SHARES), length=len(SHARES), label="fitting") as shown:
        found = list(shown)
    write_text(markdown, curve_page(found, _facts(study), labelling(study.validation)))


def _study(data: Path, folds: int, draws: int, seed: int, state: Path | None) -> Study:
    train, validation = (read_corpus(corpus_path(data, split)) for split in SPLITS)
    check_folds("the training split", train.documents, folds, _FEWER)
    # Held-out scores are calibrated on halves of what was drawn by chance.
    check_folds("what is not targeted in the training split", len(np.unique(train.groups[train.natural])), 2)
    pool = pool_path(data)
    if state:
        state.mkdir(parents=True, exist_ok=True)
    return Study(train, validation, read_texts(pool) if pool else [], folds, draws, seed, state)


def _facts(study: Study) -> dict[str, object]:
    return {
        "measured": f"{datetime.now(UTC).date().isoformat()} on {describe_machine()}",
        "training data": f"`{study.train.sha256}`",
        "validation data": f"`{study.validation.sha256}`",
        "folds": study.folds,
        "draws": study.draws,
    }


def _evaluation(loaded: store.LoadedModel, corpus: Corpus, split: str, resampling: Resampling) -> dict[str, Any]:
    manifest = loaded.manifest
    paragraphs = [prepare(text) for text in corpus.texts]
    found = join([*_bar(predict(loaded.classifier, paragraphs), "scoring")])
    limits = {
        name: np.array([getattr(manifest.thresholds, name)[label] for label in HEADS[name]])
        for name in ("frames", "narratives")
    }
    return {
        "model": {"name": manifest.name, "version": manifest.version, "sha256": loaded.sha256},
        "data": {
            "split": split,
            "paragraphs": len(corpus),
            "documents": resampling.size,
            "sha256": corpus.sha256,
            "labels": labelling(corpus),
        },
        "date": datetime.now(UTC).date().isoformat(),
        "machine": describe_machine(),
        **_heads(manifest, corpus, split, measure(found, corpus.labels, limits, resampling)),
        "robustness": changed_labels(loaded.classifier, corpus.texts),
    }


def _heads(manifest: Manifest, corpus: Corpus, split: str, measured: dict[str, Any]) -> dict[str, Any]:
    """Return the figures, of held-out folds where the model was calibrated on these very paragraphs."""
    note = manifest.quality.get("note")
    if note is None:
        return {"heads": measured}
    if split != "validation":
        return {"heads": measured, "caution": _CAUTION}
    # Other paragraphs, even as many of them, would hardly have each label of each head as often.
    if any(manifest.quality[name]["support"] != measured[name]["support"] for name in measured):
        return {"heads": measured, "caution": _CAUTION}
    return {"heads": {name: manifest.quality[name] for name in measured}, "note": note}


def _headline(heads: dict[str, Any]) -> str:
    stance, voice, side = (heads[name]["macro_f1"]["value"] for name in (POOLED, "voice", "side"))
    frames, narratives = (heads[name]["micro_f1"]["value"] for name in ("frames", "narratives"))
    return (
        f"macro-F1 of stance {stance:.3f}, voice {voice:.3f}, side {side:.3f}; "
        f"micro-F1 of frames {frames:.3f}, narratives {narratives:.3f}"
    )


def _bar(items: Iterable[_T], label: str) -> Iterator[_T]:
    """Yield ``items`` under a progress bar, which shows only on a terminal."""
    with click.progressbar(items, label=label) as shown:
        yield from shown


if __name__ == "__main__":
    main()
