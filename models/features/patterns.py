"""The features of a paragraph, as strings: what it says, how, and what it says around each target.

Words and word pairs are told once for the paragraph as it stands and once from the point of view of each target, whose
mentions become ``<T>``: a pattern such as ``accused <T>`` learned on Russia then also holds for the United States.
Targets other than the one in view keep their names (``<russia>``). The four tellings differ only where a mention
stands, so the rest is computed once. The words near a mention count once more, with their side and distance, since
stance is mostly decided there (compare the left and right contexts of target-dependent sentiment analysis: Vo & Zhang
2015, https://www.ijcai.org/Proceedings/15/Papers/194.pdf). Shape features tell what the words don't: how much is
quoted, who is there, how long it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from models.features.tokens import NO_TARGET, Tokens
from models.labels import Target
from models.paragraph import Paragraph

WINDOW: Final = 6
"""How many tokens to either side of a mention count as near it."""

NEXT: Final = 2
"""How many tokens to either side have their exact distance told."""

BESIDE: Final = ("-:", "+:", "s:")
"""Marks of single words near a target: before a mention, after it, and in the same sentence."""

NAMES: Final = tuple(f"<{target}>" for target in Target)
"""What masked mentions of each target are called, "<russia>" and so on, where another target is in view."""

SELF: Final = "<T>"
"""What masked mentions of the target in view are called."""

MOST_MENTIONS: Final = 4
"""More mentions of a target than these are counted as these."""

_NAMING: Final = frozenset({"spelling", "renaming"})  # a name's spelling must carry nothing
PERSONS: Final = ("i", "we", "my", "our", "us", "you", "your")
SPEECH: Final = frozenset(
    {"said", "says", "say", "told", "added", "stated", "claimed", "claims", "according", "announced", "accused"}
    | {"warned", "insisted", "noted", "stressed", "argued", "wrote", "tweeted", "declared", "called", "believes"}
    | {"believe", "denied", "suggested", "reported", "spokesman", "spokeswoman", "spokesperson", "statement"}
)


def common_features(words: Sequence[str], targets: Sequence[int]) -> list[str]:
    """Return the words and word pairs without a mention in them, with repetitions."""
    features = [word for word, target in zip(words, targets, strict=True) if target == NO_TARGET]
    features += [
        f"{one} {two}"
        for (one, first), (two, second) in pairwise(zip(words, targets, strict=True))
        if first == second == NO_TARGET
    ]
    return features


def mention_features(words: Sequence[str], targets: Sequence[int]) -> list[str]:
    """Return the words and word pairs with a mention in them, with repetitions; ``words`` may be masked."""
    features: list[str] = []
    for at, target in enumerate(targets):
        if target != NO_TARGET:
            features.append(words[at])
            if at:
                features.append(f"{words[at - 1]} {words[at]}")
            if at + 1 < len(words) and targets[at + 1] == NO_TARGET:  # a pair of mentions is told by the second
                features.append(f"{words[at]} {words[at + 1]}")
    return features


def term_features(paragraph: Paragraph) -> list[str]:
    """Return the loaded terms found, each with its side and whether the text keeps its distance from it."""
    return [f"term:{term.entry}|{term.side}|{term.distanced:d}" for term in paragraph.terms if term.kind not in _NAMING]


def masked(tokens: Tokens, target: int) -> list[str]:
    """Return the words with the mentions of all targets masked, those of ``target`` (a number) as ``<T>``."""
    words = tokens.words.copy()
    for at, number in enumerate(tokens.targets):
        if number != NO_TARGET:
            words[at] = SELF if number == target else NAMES[number]
    return words


def near_features(words: Sequence[str], sentences: Sequence[int], mentions: Sequence[int]) -> list[str]:
    """Return what stands near the mentions of one target, with repetitions.

    The words around each mention: by side, and the nearest also by distance, singly and in pairs; and the words of the
    sentences that mention it.

    Args:
        words: The words with all mentions masked, see :func:`masked`.
        sentences: Number of each word's sentence.
        mentions: Positions of the target's mentions among them.
    """
    features: list[str] = []
    for at in mentions:
        left, right = words[max(0, at - WINDOW) : at][::-1], words[at + 1 : at + 1 + WINDOW]
        for side, beside in (("-", left), ("+", right)):
            features += [f"{side}:{word}" for word in beside]
            features += [f"{side}{step}:{word}" for step, word in enumerate(beside[:NEXT], 1)]
            features += [f"{side}{step}:{one} {two}" for step, (one, two) in enumerate(pairwise(beside[: NEXT + 2]), 1)]
    told = {sentences[at] for at in mentions}
    if told:
        features += [f"s:{word}" for word, sentence in zip(words, sentences, strict=True) if sentence in told]
    return features


def count_feature(mentions: Sequence[int]) -> str:
    """Return the feature that tells how often a target is mentioned."""
    return f"mentions:{min(len(mentions), MOST_MENTIONS)}"


class Shape(NamedTuple):
    """What a paragraph looks like.

    Attributes:
        tokens: How many there are.
        quoted: How many of them stand inside quotation marks.
        speech: How many words of speech stand outside.
        persons: Words of the first and second person, each with whether it is quoted.
        closed: How many sentences end before the last token.
        counts: Mentions of each target.
        first: Number of the target that is mentioned first, or :data:`~models.features.tokens.NO_TARGET`.
    """

    tokens: int
    quoted: int
    speech: int
    persons: frozenset[tuple[str, bool]]
    closed: int
    counts: Sequence[int]
    first: int


def shape_of(tokens: Tokens) -> Shape:
    """Return the shape of a paragraph."""
    told = list(zip(tokens.words, tokens.quoted, strict=True))
    return Shape(
        len(tokens),
        sum(tokens.quoted),
        sum(word in SPEECH and not inside for word, inside in told),
        frozenset((word, inside) for word, inside in told if word in PERSONS),
        tokens.sentences[-1] if tokens else 0,
        [tokens.targets.count(target) for target in range(len(Target))],
        next((target for target in tokens.targets if target != NO_TARGET), NO_TARGET),
    )


def shape_features(shape: Shape) -> list[str]:
    """Return features of quotation, speech, length, persons and targets.

    Quotation is told in quarters of the tokens, length in steps of fifteen, and counts end at a limit, so that each
    feature stands in many paragraphs.
    """
    return [
        f"quoted:{-(-4 * shape.quoted // max(1, shape.tokens))}",
        f"said:{min(shape.speech, 3)}",
        f"said:{min(shape.speech, 1)} quoted:{shape.quoted > 0:d}",
        f"tokens:{min(shape.tokens // 15, 8)}",
        f"sentences:{min(shape.closed, 5)}",
        *(f"quoted:{word}" if inside else f"plain:{word}" for word, inside in sorted(shape.persons)),
        "targets:" + "".join(str(min(count, 1)) for count in shape.counts),
        *(f"{target}:{min(count, 3)}" for target, count in zip(Target, shape.counts, strict=True)),
        f"first:{shape.first}",
    ]
