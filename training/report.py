"""Pages in Markdown, written from measured figures alone: model cards, ablations, members and learning curves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from models.labels import HEADS, MULTILABEL_HEADS, STANCE_HEADS, Stance
from models.manifest import Manifest
from training.ablation import Row
from training.corpus import Corpus
from training.curve import Point
from training.evaluate import POOLED
from training.metrics import BINS, Interval

_TITLES: Final = {
    POOLED: "Stance, all targets together",
    "stance.russia": "Stance toward Russia",
    "stance.ukraine": "Stance toward Ukraine",
    "stance.us": "Stance toward the United States",
    "voice": "Voice",
    "side": "Side",
    "frames": "Frames",
    "narratives": "Narratives",
}
_HOW: Final = {
    # The validation split of the shipped models is older than the field that says so.
    "038ebc4e38bb21790bfb96536591287af58df510c9a769d6d81c1383206eff59": (
        "paragraph by paragraph by a large language model that followed the codebook, blind to the outlet"
    )
}
"""How labels were given, by the SHA-256 of their file."""


def labelling(corpus: Corpus) -> str:
    """Return what a page says of the labels that its figures are measured against: what is known of them, no more."""
    how = _HOW.get(corpus.sha256)
    if corpus.labelled_by:
        how = f"by {' and '.join(corpus.labelled_by)}"
    if how is None:
        return "Agreement with the labels of that file is what the figures measure."
    return f"The labels were given {how}: agreement with them is what the figures measure."


def model_card(manifest: Manifest, sha256: str, evaluation: Mapping[str, Any]) -> str:
    """Return a Markdown page on one model and its figures.

    Args:
        manifest: What the model says of itself.
        sha256: Digest that names the model.
        evaluation: What ``python -m training evaluate`` measured, as its JSON holds it.
    """
    heads, labels = evaluation["heads"], evaluation["data"]["labels"]
    draws = evaluation["bootstrap"]["draws"]
    lines = [
        f"# Model card: {manifest.name} {manifest.version}",
        "",
        "<!-- Written by `python -m training evaluate`; change the command, not this page. -->",
        "",
        manifest.description,
        "",
        *_facts(manifest, sha256, evaluation),
        "",
        "## Quality",
        "",
        f"{labels} Intervals hold 95 % of {draws} bootstrap draws of whole documents.",
        *([f"Figures of held-out paragraphs: {evaluation['note']}."] if "note" in evaluation else []),
        *([evaluation["caution"]] if "caution" in evaluation else []),
        "",
        *_overview(heads),
    ]
    lines += ["", "## What must not move a label", "", *_robustness(evaluation["robustness"])]
    if coverage := manifest.quality.get("accuracy_by_coverage"):
        lines += ["", "## Abstaining", "", *_coverage(coverage)]
    lines += ["", "## Head by head"]
    for name in _TITLES:
        lines += ["", f"### {_TITLES[name]}", "", *_head(name, heads[name])]
    return "\n".join(lines) + "\n"


def ablation_page(rows: Sequence[Row], facts: Mapping[str, object], labels: str) -> str:
    """Return a Markdown page of what each part of the linear classifier is worth.

    Args:
        rows: Figures of the whole classifier, then differences from them.
        facts: When, where and on what it was measured.
        labels: What :func:`labelling` says of the validation split.
    """
    heads = list(rows[0].held_out)
    lines = [
        "# What the parts of the linear classifier are worth",
        "",
        "<!-- Written by `python -m training ablation`; change the command, not this page. -->",
        "",
        "Each row was fitted without one part. Macro-F1 of stance (all targets together), voice and side, micro-F1 of "
        "frames and narratives: first the whole classifier's, then differences from it, with intervals that hold 95 % "
        "of bootstrap draws of documents, the same for both sides of a difference. " + labels,
        "",
        *_table(("", ""), list(facts.items())),
    ]
    held_out, validation = ([getattr(row, split) for row in rows] for split in ("held_out", "validation"))
    for title, figures in (("Held-out training paragraphs", held_out), ("Validation", validation)):
        cells = [[_signed(one[head], number > 0) for head in heads] for number, one in enumerate(figures)]
        lines += ["", f"## {title}", ""]
        lines += _table(("without", *heads), [(row.name, *told) for row, told in zip(rows, cells, strict=True)])
    return "\n".join(lines) + "\n"


def members_page(rows: Sequence[tuple[str, Mapping[str, Interval]]], facts: Mapping[str, object], labels: str) -> str:
    """Return a Markdown page of what the members of an ensemble are worth.

    Args:
        rows: A name and a figure for each head: of the whole ensemble, then differences from them.
        facts: When, where and on what it was measured.
        labels: What :func:`labelling` says of the validation split.
    """
    heads = list(rows[0][1])
    lines = [
        "# What the members of the ensemble are worth",
        "",
        "<!-- Written by `python -m training members`; change the command, not this page. -->",
        "",
        "Nothing was trained anew: either a member is left out and the others share its weight, or the encoders "
        "read the texts without what the row names. "
        "Macro-F1 of stance (all targets together), voice and side, micro-F1 of "
        "frames and narratives on validation paragraphs whose documents the calibration had not seen: first "
        "the whole ensemble's, then differences from it, with intervals that hold 95 % of bootstrap draws of "
        "documents, the same for both sides of a difference. " + labels,
        "",
        *_table(("", ""), list(facts.items())),
        "",
    ]
    cells = [
        (name, *(_signed(figures[head], number > 0) for head in heads)) for number, (name, figures) in enumerate(rows)
    ]
    return "\n".join([*lines, *_table(("without", *heads), cells)]) + "\n"


def encoder_ablation_page(
    rows: Sequence[tuple[str, Mapping[str, Interval], Mapping[str, float]]], facts: Mapping[str, object], labels: str
) -> str:
    """Return a Markdown page of what each part of the encoder's training is worth.

    Args:
        rows: A name, a figure for each head (the whole's, then differences from them) and shares from checks.
        facts: When, where and on what it was measured.
        labels: What :func:`labelling` says of the validation split.
    """
    _, heads, checks = rows[0]
    lines = [
        "# What the parts of the encoder's training are worth",
        "",
        "<!-- Written by `python -m training encoder ablation`; change the command, not this page. -->",
        "",
        "Each row is an encoder trained anew without one part, in single precision, for as many steps as the whole: "
        "fewer than what is shipped had. Macro-F1 of stance (all targets together), voice and side, micro-F1 of frames "
        "and narratives on validation paragraphs whose documents the calibration had not seen: first the whole's, "
        "then differences from it, with intervals that hold 95 % of bootstrap draws of documents, the same for both "
        "sides of a difference; what another seed would change is not in them. The last columns are shares: of "
        "stances in template sentences that are right and that take the opposite side, and of stances in validation "
        "paragraphs that change with the spelling of names. " + labels,
        "",
        *_table(("", ""), list(facts.items())),
        "",
    ]
    cells = [
        (
            name,
            *(_signed(figures[head], number > 0) for head in heads),
            *("–" if math.isnan(value) else f"{value:.3f}" for value in shares.values()),
        )
        for number, (name, figures, shares) in enumerate(rows)
    ]
    return "\n".join([*lines, *_table(("without", *heads, *checks), cells)]) + "\n"


def curve_page(points: Sequence[Point], facts: Mapping[str, object], labels: str) -> str:
    """Return a Markdown page of what more labelled paragraphs are worth.

    Args:
        points: Figures, a point each corpus, the smallest first.
        facts: When, where and on what it was measured.
        labels: What :func:`labelling` says of the validation split.
    """
    heads = list(points[0].validation)
    lines = [
        "# What more labelled paragraphs are worth",
        "",
        "<!-- Written by `python -m training curve`; change the command, not this page. -->",
        "",
        "The linear classifier, fitted to parts of the training split, on the validation split: macro-F1 of stance "
        "(all targets together), voice and side, micro-F1 of frames and narratives, with intervals that hold 95 % of "
        "bootstrap draws of documents. " + labels,
        "",
        *_table(("", ""), list(facts.items())),
        "",
    ]
    cells = [[_signed(point.validation[head], False) for head in heads] for point in points]
    rows = [(f"{point.paragraphs:,}", *told) for point, told in zip(points, cells, strict=True)]
    return "\n".join([*lines, *_table(("paragraphs", *heads), rows)]) + "\n"


def _signed(measured: Interval, is_difference: bool) -> str:
    sign = "+" if is_difference else ""
    return f"{measured.value:{sign}.3f} ({measured.low:{sign}.3f} … {measured.high:{sign}.3f})"


def _facts(manifest: Manifest, sha256: str, evaluation: Mapping[str, Any]) -> Iterator[str]:
    data = evaluation["data"]
    yield from _table(
        ("", ""),
        [
            ("model", f"`{sha256}`"),
            ("made", f"{manifest.created}, with scikit-learn {manifest.versions['scikit-learn']}"),
            ("trained on", f"{manifest.data.train:,} paragraphs"),
            ("training and validation data", f"`{manifest.data.sha256}`"),
            ("measured", f"{evaluation['date']} on {evaluation['machine']}"),
            ("measured on", f"{data['split']}: {data['paragraphs']:,} paragraphs of {data['documents']:,} documents"),
            ("that file", f"`{data['sha256']}`"),
            ("size", f"{evaluation['bytes'] / 1e6:.1f} MB"),
        ],
    )


def _overview(heads: Mapping[str, Any]) -> Iterator[str]:
    rows = []
    for name, title in _TITLES.items():
        measured = heads[name]
        main = "micro_f1" if name in MULTILABEL_HEADS else "macro_f1"
        rows.append(
            (title, main.replace("_f1", "-F1"), _interval(measured[main]), f"{measured['calibration_error']:.3f}")
        )
    yield from _table(("head", "measure", "value (95 % interval)", "calibration error"), rows)
    error = heads[POOLED]["calibration_error_where_present"]
    yield ""
    yield (
        "The calibration error is that of the confidence in the likeliest label, or of every label's score, over "
        f"{BINS} bins of equal mass. For stances toward targets that are present it is {error:.3f}."
    )


def _robustness(measured: Mapping[str, Any]) -> Iterator[str]:
    yield "Share of stance labels that change in paragraphs that were rewritten without changing their meaning."
    yield ""
    rows = [(name, found["paragraphs"], f"{found['share']:.2%}") for name, found in measured.items()]
    yield from _table(("rewriting", "paragraphs changed", "stance labels changed"), rows)


def _coverage(accuracies: Mapping[str, float]) -> Iterator[str]:
    yield "Accuracy of the stances found present, on the validation split, when only the most confident are kept."
    yield ""
    yield from _table(("kept", "accuracy"), [(kept, f"{accuracy:.3f}") for kept, accuracy in accuracies.items()])


def _head(name: str, measured: Mapping[str, Any]) -> Iterator[str]:
    rows = [(label, _interval(f1), measured["support"][label]) for label, f1 in measured["f1"].items()]
    yield from _table(("label", "F1 (95 % interval)", "paragraphs"), rows)
    if "confusion" in measured:
        labels = [str(label) for label in (Stance if name in {POOLED, *STANCE_HEADS} else HEADS[name])]
        yield ""
        yield from _table(
            ("labeled ↓, found →", *labels),
            [(label, *counts) for label, counts in zip(labels, measured["confusion"], strict=True)],
        )


def _interval(measured: Mapping[str, float]) -> str:
    return f"{measured['value']:.3f} ({measured['low']:.3f}–{measured['high']:.3f})"


def _table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"
