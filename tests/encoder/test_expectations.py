"""Training and evaluation sentences are held apart, and exchanged actors keep their sentence."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.labels import Stance, Target
from models.targets import find_mentions
from training.encoder.actors import Actors
from training.expectations import EVALUATION, TRAINING, Patterns

RUSSIA_UKRAINE = {Target.RUSSIA: Target.UKRAINE, Target.UKRAINE: Target.RUSSIA}
US_RUSSIA = {Target.US: Target.RUSSIA, Target.RUSSIA: Target.US}


@pytest.fixture(scope="module")
def actors() -> Actors:
    return Actors()


def fillers(patterns: Patterns) -> set[str]:
    return {value for values in patterns.fillers.values() for value in values}


def test_evaluation_shares_neither_patterns_nor_fillers_with_training(actors: Actors) -> None:
    train, evaluation = Patterns(TRAINING, actors), Patterns(EVALUATION, actors)
    assert not fillers(train) & fillers(evaluation)
    assert not {pattern["text"] for pattern in train.patterns} & {pattern["text"] for pattern in evaluation.patterns}


@pytest.mark.parametrize("path", [TRAINING, EVALUATION], ids=["training", "evaluation"])
def test_sentences_name_those_they_have_a_stance_toward(actors: Actors, path: object) -> None:
    patterns = Patterns(path, actors)
    rng = np.random.default_rng(4)
    for pattern in patterns.patterns:
        made = patterns.fill(pattern, rng)
        assert not re.search(r"[{}]", made.text)
        assert made.text[0] in "“" or made.text[0].isupper()
        named = {mention.target for mention in find_mentions(made.text)}
        assert {target for target, stance in made.stance.items() if stance is not Stance.ABSENT} <= named, made.text


def test_the_same_seed_makes_the_same_sentences(actors: Actors) -> None:
    patterns = Patterns(TRAINING, actors)
    one, other = (patterns.sample(np.random.default_rng(9)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("text", "partners", "expected"),
    [
        ("Russia shelled a Ukrainian town.", RUSSIA_UKRAINE, "Ukraine shelled a Russian town."),
        ("Putin met Lavrov in Kyiv.", RUSSIA_UKRAINE, "Zelensky met Kuleba in Moscow."),
        ("The Kremlin blamed the US.", US_RUSSIA, "The White House blamed Russia."),
        ("A Russian envoy left.", US_RUSSIA, "An American envoy left."),
        ("US troops left Moscow.", US_RUSSIA, "Russian troops left Washington."),
        ("The US said so.", US_RUSSIA, "Russia said so."),
        ("Congress spoke.", US_RUSSIA, "the State Duma spoke."),
        ("Nobody is named.", RUSSIA_UKRAINE, "Nobody is named."),
    ],
)
def test_actors_are_exchanged(actors: Actors, text: str, partners: dict[Target, Target], expected: str) -> None:
    found = actors.exchange(text, partners)
    assert found is not None
    assert found.lower() == expected.lower()


def test_a_name_without_counterpart_stops_the_exchange(actors: Actors) -> None:
    assert actors.exchange("Wagner fought near Kyiv.", RUSSIA_UKRAINE) is None
