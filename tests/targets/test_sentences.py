"""Sentences with the mentions they must give, most of them written without a look at the tables.

Each line of ``sentences.jsonl`` is a text and its mentions in order, each with its target. A third of the texts have
none: other bearers of the names, pronouns, places.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.labels import Target
from models.targets import find_mentions

SENTENCES: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("sentences.jsonl").read_text("utf-8").splitlines()
]


def found(text: str) -> list[list[str]]:
    return [[mention.text, mention.target.value] for mention in find_mentions(text)]


def test_every_sentence_gives_its_mentions_and_no_others() -> None:
    wrong = [(line["text"], found(line["text"])) for line in SENTENCES if found(line["text"]) != line["mentions"]]
    assert wrong == []


def test_the_sentences_cover_all_targets_and_enough_without_a_mention() -> None:
    targets = Counter(target for line in SENTENCES for _, target in line["mentions"])
    assert all(targets[target] > 100 for target in Target)
    assert sum(not line["mentions"] for line in SENTENCES) > 120


@pytest.mark.parametrize("change", [str.upper, lambda text: f"🔥 “{text}", lambda text: text.replace(" ", "\u00a0")])
def test_mentions_are_found_in_other_typography(change: Callable[[str], str]) -> None:
    """In capitals a verb of speech after "Austin" looks like a last name: those few sentences may be lost."""
    lines = [line for line in SENTENCES if line["mentions"] and "\n" not in line["text"]]
    lost = [
        line["text"]
        for line in lines
        if not {target for _, target in line["mentions"]} <= {target for _, target in found(change(line["text"]))}
    ]
    assert len(lost) <= 0.01 * len(lines), lost
