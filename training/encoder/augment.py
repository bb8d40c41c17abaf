"""The examples of one round of training: paragraphs, some of them counterfactual, and the auxiliary sets."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from models.encoder.inputs import Marked
from models.labels import Stance, Target, Voice
from training.contrasts import contrast_rows
from training.corpus import corpus_path
from training.encoder.actors import Actors
from training.encoder.data import (
    MISSING,
    NEWS,
    ROLES,
    Example,
    attitude_example,
    attitude_rows,
    directed_example,
    in_manner,
    labelled,
    marks,
    news_example,
    news_rows,
    paragraphs,
    read_jsonl,
    role_example,
    role_rows,
    without_some,
)
from training.encoder.teaching import easy, exchanged_teacher, taught_pool
from training.expectations import TRAINING, Patterns
from training.extending import MENTIONS

_T = TypeVar("_T")

log = logging.getLogger(__name__)

STRANGERS: Final = (
    "Brazil", "Kenya", "Peru", "Norway", "Vietnam", "Ghana", "Chile", "Nepal", "Portugal", "Morocco", "Laos", "Iceland",
    "Mali", "Ecuador", "Tonga", "Oman", "Slovenia", "Uruguay", "Zambia", "Jordan", "Fiji", "Ruritania", "Freedonia",
)  # fmt: skip
"""States that stand in for a target, so that its mark says whom the text means and its name does not."""

SURNAMES: Final = (
    "Abara", "Berger", "Castellan", "Dahl", "Eriksen", "Farrow", "Goswami", "Harlan", "Ibarra", "Jansen", "Keller",
    "Lindqvist", "Moreno", "Nakata", "Okafor", "Pellman", "Quist", "Rourke", "Sandoval", "Tanner", "Ueda", "Varga",
    "Whitlock", "Yilmaz", "Zeller",
)  # fmt: skip
"""Names that stand in for a person of NewsMTSC: a few politicians are most of its mentions, each mostly one class."""

# What is made counts for less than a labeled paragraph as it stands, which counts 1.
_EXCHANGED_WEIGHT: Final = 0.8
_ESTRANGED_WEIGHT: Final = 0.7
_TEMPLATE_WEIGHT: Final = 0.5
# Share of names that stay as they are where the others get names of the same role.
_NAMES_KEPT: Final = 0.4
# Longer examples, in code points, are left out; a pass of the encoder reads about as much (models.encoder.windows).
_LONGEST: Final = 1000


@dataclass(frozen=True)
class Rates:
    """How often each augmentation is applied to a paragraph.

    Attributes:
        exchange: Two targets exchange their names, and their stances with them.
        stranger: The names of one target become those of another state; its mark stays.
        synonym: A name becomes another name of the same role and target.
        forget: A mark is left out.
        news: Rows of NewsMTSC in a full round, as a share of those there are.
        manner: A NewsMTSC row asks for the sentiment in NewsMTSC's manner.
        mentions: Annotated mentions in a full round, as a share of those there are.
        alias: A NewsMTSC row's mention gets another name.
        attitudes: MPQA rows in a full round, as a share of those that can be used.
        directed: DSE rows likewise.
        roles: Rows of SemEval's roles likewise.
        contrasts: Paragraphs of contrast sets in a full round, always, as a share of those there are.
        easy: Labeled paragraphs in every round whose labels the teacher finds likelier than those of most, as a share
            of those there are; the others are all there. Matters only where the teacher knows labeled paragraphs.
        pool: Paragraphs of the pool in every round, as a share of its paragraphs, where there is a teacher.
        templates: Template sentences in every round, as a share of its paragraphs.
    """

    exchange: float = 0.25
    stranger: float = 0.08
    synonym: float = 0.15
    forget: float = 0.08
    news: float = 2.4
    manner: float = 0.5
    mentions: float = 0.8
    alias: float = 0.3
    attitudes: float = 1.0
    directed: float = 0.6
    roles: float = 4.0
    contrasts: float = 3.0
    easy: float = 1.0
    pool: float = 0.6
    templates: float = 0.2


class Corpora:
    """Everything to train on, read once.

    Args:
        data: Directory with the labeled paragraphs and, in ``human/``, those auxiliary sets that are at hand.
        rates: How much of what.
        teacher: Probabilities of the pool, from ``training label``; without them the pool is left out.
    """

    def __init__(self, data: Path, rates: Rates, teacher: Path | None = None) -> None:
        human = data / "human"
        self.rates = rates
        self.actors = Actors()
        self.patterns = Patterns(TRAINING, self.actors)
        self.paragraphs = paragraphs(corpus_path(data, "train"))
        self.news = _auxiliary(human / NEWS, lambda path: news_rows(path, held_out=False))
        self.mentions = list(read_jsonl(data / MENTIONS)) if (data / MENTIONS).exists() else []
        self.attitudes = _auxiliary(human / "mpqa2.jsonl.gz", attitude_rows)
        self.roles = _auxiliary(human / ROLES, lambda path: role_rows(path, held_out=False))
        self.directed = _auxiliary(human / "dse.train.jsonl.gz", lambda path: list(read_jsonl(path)))
        self.contrasts = [labelled(row) for row in contrast_rows(held_out=False)]
        self.pool = [] if teacher is None else taught_pool(data, teacher)
        self.easy = easy(self.paragraphs, self.pool)

    def round(self, seed: int, number: int, parts: int, auxiliary: float) -> list[Example]:
        """Return the examples of round ``number``: one of ``parts`` of the paragraphs, with auxiliary rows.

        The same arguments give the same examples; ``auxiliary`` (0–1) scales the share of the auxiliary sets.
        """
        epoch, part = divmod(number, parts)
        order = np.random.default_rng([seed, epoch]).permutation(len(self.paragraphs))[part::parts]
        rng = np.random.default_rng([seed, epoch, part])
        order = order[~self.easy[order] | (rng.random(len(order)) < self.rates.easy)]
        examples: list[Example | None] = [self.augmented(self.paragraphs[i], rng) for i in order]
        # The pool is gone through in its own order, whatever its size: round after round, each row as often. So all
        # rounds take as many, by how many paragraphs a round has on average.
        kept = len(self.paragraphs) - (1 - self.rates.easy) * self.easy.sum()
        wanted = int(self.rates.pool * kept / parts) if self.pool else 0
        shuffled = np.random.default_rng([seed, 3]).permutation(len(self.pool))
        rows = ((number * wanted + i) % len(shuffled) for i in range(wanted))
        examples += [self.augmented(self.pool[shuffled[row]], rng) for row in rows]
        share = auxiliary / parts
        examples += [self._sentiment(row, rng) for row in _some(self.news, self.rates.news * share, rng)]
        examples += [
            news_example(row, _any(rng), self._alias(rng))
            for row in _some(self.mentions, self.rates.mentions * share, rng)
        ]
        examples += [
            attitude_example(row, _any(rng)) for row in _some(self.attitudes, self.rates.attitudes * share, rng)
        ]
        examples += [self._pair(row, rng) for row in _some(self.directed, self.rates.directed * share, rng)]
        examples += [
            role_example(row, _role_target(row, rng)) for row in _some(self.roles, self.rates.roles * share, rng)
        ]
        examples += [self.augmented(one, rng) for one in _some(self.contrasts, self.rates.contrasts / parts, rng)]
        count = int(self.rates.templates * len(order))
        examples += [self.template(rng) for _ in range(count)]
        return [
            without_some(example, rng, self.rates.forget) if example.frames or example.teacher else example
            for example in examples
            if example is not None and len(example.text) < _LONGEST
        ]

    def augmented(self, example: Example, rng: np.random.Generator) -> Example:
        """Return ``example``, or by chance a variation of it."""
        chance = rng.random()
        if chance < self.rates.exchange:
            return self.exchanged(example, rng) or example
        if chance < self.rates.exchange + self.rates.stranger:
            return self.estranged(example, rng)
        if chance < self.rates.exchange + self.rates.stranger + self.rates.synonym:
            return self.renamed(example, rng)
        return example

    def exchanged(self, example: Example, rng: np.random.Generator) -> Example | None:
        """Exchange two targets' names and stances; None where a name has no counterpart."""
        named = {mark.target for mark in example.marks}
        if not named:
            return None
        one = sorted(named)[rng.integers(len(named))]
        two = [target for target in Target if target != one][rng.integers(2)]
        text = self.actors.exchange(example.text, {one: two, two: one})
        if text is None or text == example.text:
            return None
        marked = marks(text)
        partners = {one: two, two: one}
        # A name that the table of roles lacks would stay behind and make the labels wrong.
        if Counter(mark.target for mark in marked) != Counter(partners.get(m.target, m.target) for m in example.marks):
            return None
        stance = list(example.stance)
        i, j = tuple(Target).index(one), tuple(Target).index(two)
        stance[i], stance[j] = stance[j], stance[i]
        # An account of the war and its narratives belong to real actors: exchanged, they say nothing.
        return replace(
            example,
            text=text,
            marks=marked,
            stance=(stance[0], stance[1], stance[2]),
            side=MISSING,
            narratives=None,
            weight=_EXCHANGED_WEIGHT * example.weight,
            teacher=exchanged_teacher(example.teacher, i, j),
        )

    def estranged(self, example: Example, rng: np.random.Generator) -> Example:
        """Give one target the name of another state, marks kept."""
        named = sorted({mark.target for mark in example.marks})
        if not named:
            return example
        target = named[rng.integers(len(named))]
        name = str(rng.choice(STRANGERS))
        changed = self._substitute(example, lambda mark, _: name if mark.target == target else None)
        teacher = exchanged_teacher(example.teacher, 0, 0)
        weight = _ESTRANGED_WEIGHT * example.weight
        return replace(changed, side=MISSING, narratives=None, weight=weight, teacher=teacher)

    def renamed(self, example: Example, rng: np.random.Generator) -> Example:
        """Give names other names of the same role."""
        roles = {(actor.start, actor.end): actor.role for actor in self.actors.find(example.text)}

        def other(mark: Marked, _: str) -> str | None:
            role = roles.get((mark.start, mark.end))
            if role is None or rng.random() < _NAMES_KEPT:
                return None
            if role in {"state", "capital", "palace"}:
                role = str(rng.choice(["state", "capital", "palace"]))
            return str(rng.choice(self.actors.forms[role, mark.target]))

        return self._substitute(example, other)

    def template(self, rng: np.random.Generator) -> Example:
        """Return a sentence made from a training pattern."""
        made = self.patterns.sample(rng)
        stance = [tuple(Stance).index(made.stance[t]) if t in made.stance else MISSING for t in Target]
        voice = MISSING if made.voice is None else tuple(Voice).index(made.voice)
        return Example(made.text, marks(made.text), (stance[0], stance[1], stance[2]), voice, weight=_TEMPLATE_WEIGHT)

    def _sentiment(self, row: dict[str, Any], rng: np.random.Generator) -> Example:
        example = news_example(row, _any(rng), self._alias(rng))
        return in_manner(example) if rng.random() < self.rates.manner else example

    def _alias(self, rng: np.random.Generator) -> str | None:
        if rng.random() >= self.rates.alias:
            return None
        # Most mentions are of people, but what is served are states.
        return str(rng.choice(STRANGERS if rng.random() < 0.3 else SURNAMES))

    def _pair(self, row: dict[str, Any], rng: np.random.Generator) -> Example | None:
        first, second = rng.permutation(len(Target))[:2].tolist()
        return directed_example(row, (first, second))

    @staticmethod
    def _substitute(example: Example, choose: Callable[[Marked, str], str | None]) -> Example:
        pieces, moved, done, length = [], [], 0, 0
        for mark in example.marks:
            old = example.text[mark.start : mark.end]
            new = choose(mark, old) or old
            before = example.text[done : mark.start]
            if before.endswith(("the ", "The ")) and new.startswith(("the ", "The ")):
                new = new[4:]
            start = length + len(before)
            moved.append(Marked(start, start + len(new), mark.target))
            pieces += [before, new]
            length, done = start + len(new), mark.end
        return replace(example, text="".join([*pieces, example.text[done:]]), marks=tuple(moved))


def _auxiliary(path: Path, read: Callable[[Path], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    if not path.exists():
        log.warning("%s is not there: learning without it", path)
        return []
    return read(path)


def _any(rng: np.random.Generator) -> Target:
    return tuple(Target)[rng.integers(len(Target))]


def _role_target(row: dict[str, Any], rng: np.random.Generator) -> Target:
    return Target(row["target"]) if row["target"] in set(Target) else _any(rng)


def _some(rows: Sequence[_T], share: float, rng: np.random.Generator) -> list[_T]:
    """Return ``share`` of the rows, drawn without repetition as far as there are enough."""
    if not rows:
        return []
    whole, rest = divmod(int(share * len(rows)), len(rows))
    return [*rows] * whole + [rows[i] for i in rng.choice(len(rows), rest, replace=False)]
