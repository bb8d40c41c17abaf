"""The vocabulary of labels, written once.

Every other module takes its label names, their order and their one-letter codes from here. The names and
codes follow the project's codebook: stance as in target-dependent sentiment analysis, frames as in the Policy
Frames Codebook (Boydstun et al. 2014) and SemEval-2023 Task 3, narratives as in SemEval-2025 Task 10.

The order of members is the order of columns in every probability matrix; append, never reorder, or shipped
models no longer mean what they say (the store checks their label sets against these).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Label(StrEnum):
    """A label, equal to its name as a string and hashed like it, so that either finds what is kept under the other.

    An enumeration's own hash is that of the member's Python name; it breaks that promise, and is slow.
    """

    __hash__ = str.__hash__


class Target(Label):
    """A state toward which stance is measured."""

    RUSSIA = "russia"
    UKRAINE = "ukraine"
    US = "us"


class Stance(Label):
    """What a paragraph conveys about one target."""

    FAVOR = "favor"
    NEUTRAL = "neutral"
    AGAINST = "against"
    ABSENT = "absent"


class Voice(Label):
    """Who carries the evaluation."""

    OWN = "own"
    QUOTED = "quoted"
    MIXED = "mixed"
    NONE = "none"


class Side(Label):
    """Whose account of the war, or of relations with Russia, a paragraph advances."""

    RUSSIAN = "russian"
    UKRAINIAN = "ukrainian"
    CONTESTED = "contested"
    NONE = "none"


class Frame(Label):
    """Generic policy frames (Boydstun et al. 2014)."""

    ECONOMIC = "economic"
    CAPACITY_AND_RESOURCES = "capacity_and_resources"
    MORALITY = "morality"
    FAIRNESS_AND_EQUALITY = "fairness_and_equality"
    LEGALITY = "legality"
    POLICY_PRESCRIPTION_AND_EVALUATION = "policy_prescription_and_evaluation"
    CRIME_AND_PUNISHMENT = "crime_and_punishment"
    SECURITY_AND_DEFENSE = "security_and_defense"
    HEALTH_AND_SAFETY = "health_and_safety"
    QUALITY_OF_LIFE = "quality_of_life"
    CULTURAL_IDENTITY = "cultural_identity"
    PUBLIC_OPINION = "public_opinion"
    POLITICAL = "political"
    EXTERNAL_REGULATION_AND_REPUTATION = "external_regulation_and_reputation"


class Narrative(Label):
    """War narratives (SemEval-2025 Task 10, Ukraine-Russia war)."""

    BLAMING_THE_WAR_ON_OTHERS = "blaming_the_war_on_others"
    DISCREDITING_UKRAINE = "discrediting_ukraine"
    RUSSIA_IS_THE_VICTIM = "russia_is_the_victim"
    PRAISE_OF_RUSSIA = "praise_of_russia"
    OVERPRAISING_THE_WEST = "overpraising_the_west"
    SPECULATING_WAR_OUTCOMES = "speculating_war_outcomes"
    DISCREDITING_THE_WEST = "discrediting_the_west"
    NEGATIVE_CONSEQUENCES_FOR_THE_WEST = "negative_consequences_for_the_west"
    DISTRUST_TOWARDS_MEDIA = "distrust_towards_media"
    AMPLIFYING_WAR_RELATED_FEARS = "amplifying_war_related_fears"
    HIDDEN_PLOTS = "hidden_plots"


class SkipReason(Label):
    """Why a paragraph was not scored."""

    NOT_ENGLISH = "not_english"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"


STANCE_HEADS: Final = tuple(f"stance.{target}" for target in Target)
"""Names of the three stance heads, in the order of :class:`Target`."""

HEADS: Final[dict[str, tuple[str, ...]]] = {
    **{name: tuple(Stance) for name in STANCE_HEADS},
    "voice": tuple(Voice),
    "side": tuple(Side),
    "frames": tuple(Frame),
    "narratives": tuple(Narrative),
}
"""Every head of a classifier with its labels, in column order."""

MULTILABEL_HEADS: Final = frozenset({"frames", "narratives"})
"""Heads whose labels are not exclusive; all others give one distribution."""
