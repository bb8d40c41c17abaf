from __future__ import annotations

import json

import pytest

from models.heads import HeadLabels
from models.labels import HEADS, MULTILABEL_HEADS, STANCE_HEADS, Frame, Narrative, Stance, Target


def test_heads_are_those_of_the_codebook() -> None:
    assert list(HEADS) == ["stance.russia", "stance.ukraine", "stance.us", "voice", "side", "frames", "narratives"]
    assert [len(labels) for labels in HEADS.values()] == [4, 4, 4, 4, 4, 14, 11]
    assert set(STANCE_HEADS) | MULTILABEL_HEADS < set(HEADS)


def test_labels_are_plain_strings_in_json() -> None:
    assert json.dumps({Target.US: Stance.AGAINST}) == '{"us": "against"}'


@pytest.mark.parametrize("labels", HEADS.values(), ids=HEADS)
def test_no_label_stands_twice(labels: tuple[str, ...]) -> None:
    assert len(set(labels)) == len(labels)


def test_labels_can_be_taken_by_row() -> None:
    import numpy as np

    labels = HeadLabels(
        np.arange(9).reshape(3, 3) % 4,
        np.array([0, 1, 2]),
        np.array([3, 2, 1]),
        np.eye(3, len(Frame), dtype=bool),
        np.eye(3, len(Narrative), dtype=bool),
    )
    taken = labels.take(np.array([2, 0]))
    assert len(taken) == 2
    assert taken.voice.tolist() == [2, 0]
    assert taken.stance.tolist() == [[2, 3, 0], [0, 1, 2]]
    assert taken.frames[0].argmax() == 2
