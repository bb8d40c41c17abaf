"""Sentence patterns with actors left open, and the stance that each conveys toward them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.labels import Stance, Target, Voice
from training.encoder.actors import Actors, fix_articles

TRAINING: Final = Path(__file__).with_name("training.toml")
EVALUATION: Final = Path(__file__).with_name("evaluation.toml")

# {A}, {A.adj}, {verb}, or {clause:A}: a filler in which X stands for A.
_SLOT: Final = re.compile(r"\{(\w+)(?::([ABC]))?(?:\.(\w+))?\}")
_ROLES: Final = {
    "state": ("state",),
    "adj": ("demonym",),
    "people": ("people",),
    "leader": ("leader", "leader", "foreign minister", "spokesperson"),
    "actor": ("state", "state", "capital", "palace", "leader", "leader surname"),
}


@dataclass(frozen=True)
class Expectation:
    """A sentence and what it conveys.

    Attributes:
        text: The sentence.
        stance: The stance toward each target, "absent" for those not named; targets left open are missing.
        voice: Who carries the evaluation, if the pattern says.
        pattern: The pattern it was made from.
    """

    text: str
    stance: dict[Target, Stance]
    voice: Voice | None
    pattern: str


class Patterns:
    """A table of patterns that makes sentences."""

    def __init__(self, path: Path, actors: Actors) -> None:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        self._actors = actors
        self.fillers: dict[str, list[str]] = table["fillers"]
        self.patterns: list[dict[str, Any]] = table["pattern"]

    def sample(self, rng: np.random.Generator) -> Expectation:
        """Return one sentence of a random pattern."""
        return self.fill(self.patterns[rng.integers(len(self.patterns))], rng)

    def fill(self, pattern: dict[str, Any], rng: np.random.Generator) -> Expectation:
        """Return one sentence of ``pattern`` with random actors and fillers."""
        order = [tuple(Target)[i] for i in rng.permutation(len(Target))]
        cast = dict(zip("ABC", order, strict=True))

        def choose(match: re.Match[str]) -> str:
            slot, about, form = match.groups()
            if slot in cast:
                return self._name(cast[slot], form or "actor", rng)
            filler = str(rng.choice(self.fillers[slot]))
            return _SLOT.sub(choose, filler.replace("{X", "{" + about) if about else filler)

        text = fix_articles(_capital(_SLOT.sub(choose, pattern["text"])))
        slots = {name for match in _SLOT.finditer(pattern["text"]) for name in (match[1], match[2])} & set(cast)
        stance = {cast[slot]: Stance(pattern[slot]) for slot in slots if slot in pattern}
        stance |= {cast[slot]: Stance.ABSENT for slot in cast if slot not in slots}
        voice = Voice(pattern["voice"]) if "voice" in pattern else None
        return Expectation(text, stance, voice, pattern["text"])

    def _name(self, target: Target, form: str, rng: np.random.Generator) -> str:
        role = str(rng.choice(_ROLES[form]))
        names = self._actors.forms[role, target]
        bare = [name for name in names if not (name.startswith("The ") or name in _NEEDS_ARTICLE)]
        return str(rng.choice(bare if role != "demonym" else names))


_NEEDS_ARTICLE: Final = frozenset(
    [
        "US",
        "U.S.",
        "USA",
        "U.S.A.",
        "Kremlin",
        "White House",
        "Russian Federation",
        "United States",
        "United States of America",
    ]
)


def _capital(text: str) -> str:
    first = re.search(r"\w", text)
    return text if first is None else text[: first.start()] + first[0].upper() + text[first.end() :]
