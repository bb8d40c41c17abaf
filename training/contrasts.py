"""Contrast sets: paragraphs written for training, in groups of four that share words and names and differ in stance.

What changes from one to the next is who does what to whom, who speaks, whether a claim is endorsed or rebutted. A
classifier that goes by topic and names cannot tell them apart (Gardner et al. 2020, https://arxiv.org/abs/2004.02709).
They were written and labeled by a large language model; another reading, blind to these labels, agreed with all that
is kept. A line of the file is a group's number, seven codes as in :mod:`training.annotations`, and the text, with tabs
between.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from training.annotations import AnnotationError, labels_of, lines_of
from training.encoder.data import fold_of

CONTRASTS: Final = Path(__file__).with_suffix(".tsv")


def contrast_rows(held_out: bool, path: Path = CONTRASTS) -> list[dict[str, Any]]:
    """Return rows of a corpus: those of the groups that are held out (a fifth), or the others.

    Raises:
        AnnotationError: The file can't be read, or a line of it is wrong.
    """
    rows = []
    for number, line in lines_of(path):
        *fields, text = line.split("\t")
        where = f"{path}: line {number}"
        group, labels = labels_of(fields, where)
        if not text.strip():
            raise AnnotationError(f"{where}: there is no text")
        if (fold_of(group) == 0) == held_out:
            rows.append({"text": text, "doc": f"contrasts-{group}", "sample": "targeted"} | labels)
    return rows
