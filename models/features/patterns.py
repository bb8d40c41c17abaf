"""The features of a paragraph, as strings: what it says, how, and what it says around each target.

Three families. Document features are words and word pairs as they stand. Target features retell the paragraph from the
point of view of one target, whose mentions become ``<T>``; a pattern such as ``accused <T> of`` learned on Russia then
also holds for the United States. Targets other than the one in view keep their names (``<russia>``). The words near a
mention count once more, with their side and distance, since stance is mostly decided there (compare the left and right
contexts of target-dependent sentiment analysis: Vo & Zhang 2015, https://www.ijcai.org/Proceedings/15/Papers/194.pdf).
Shape features tell what the words don't: how much is quoted, who is there, how long it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from models.features.tokens import NO_TARGET, Token
from models.labels import Target
from models.paragraph import Paragraph

WINDOW: Final = 6
"""How many tokens to either side of a mention count as near it."""

NEXT: Final = 2
"""How many tokens to either side have their exact distance told."""

BESIDE: Final = ("-:", "+:", "s:")
"""Marks of single words in a target's neighbourhood: before a mention, after it, and in the same sentence."""

_NAMES: Final = tuple(f"<{target}>" for target in Target)
_SELF: Final = "<T>"
_MOST_MENTIONS: Final = 4
_PERSONS: Final = frozenset({"i", "we", "my", "our", "us", "you", "your"})
_SPEECH: Final = frozenset(
    {
        "said",
        "says",
        "say",
        "told",
        "added",
        "stated",
        "claimed",
        "claims",
        "according",
        "announced",
        "accused",
        "warned",
    }
    | {"insisted", "noted", "stressed", "argued", "wrote", "tweeted", "declared", "called", "believes", "believe"}
    | {"denied", "suggested", "reported", "spokesman", "spokeswoman", "spokesperson", "statement"}
)
_NAMING: Final = frozenset({"spelling", "renaming"})  # a name's spelling must carry nothing


def document_features(words: Sequence[str]) -> list[str]:
    """Return the features that all heads share, with repetitions, for the words as they stand."""
    return [*words, *pairs(words)]


def term_features(paragraph: Paragraph) -> list[str]:
    """Return the loaded terms found, each with its side and whether the text keeps its distance from it."""
    return [f"term:{term.entry}|{term.side}|{term.distanced:d}" for term in paragraph.terms if term.kind not in _NAMING]


def near_features(words: Sequence[str], mentions: Sequence[int]) -> list[str]:
    """Return what stands near the mentions of one target, with repetitions.

    Args:
        words: The words with all mentions masked, see :func:`masked`.
        mentions: Positions of the target's mentions among them.
    """
    return [feature for at in mentions for feature in near(words, at)]


def sentence_features(words: Sequence[str], sentences: Sequence[int], mentions: Sequence[int]) -> list[str]:
    """Return the words of the sentences that mention one target, with repetitions.

    Args:
        words: The words with all mentions masked.
        sentences: Number of each word's sentence.
        mentions: Positions of the target's mentions among the words.
    """
    told = {sentences[at] for at in mentions}
    return [f"s:{word}" for word, sentence in zip(words, sentences, strict=True) if sentence in told]


def shape_features(tokens: Sequence[Token]) -> list[str]:
    """Return what a paragraph looks like: quotation, speech, persons, targets, length."""
    quoted = [token.word for token in tokens if token.quoted]
    plain = [token.word for token in tokens if not token.quoted]
    said = sum(word in _SPEECH for word in plain)
    counts = [sum(token.target == target for token in tokens) for target in range(len(Target))]
    first = next((token.target for token in tokens if token.target != NO_TARGET), NO_TARGET)
    return [
        f"quoted:{-(-4 * len(quoted) // max(1, len(tokens)))}",
        f"said:{min(said, 3)}",
        f"said:{min(said, 1)} quoted:{bool(quoted):d}",
        f"tokens:{min(len(tokens) // 15, 8)}",
        f"sentences:{min(tokens[-1].sentence if tokens else 0, 5)}",
        *(f"plain:{word}" for word in plain if word in _PERSONS),
        *(f"quoted:{word}" for word in quoted if word in _PERSONS),
        "targets:" + "".join(str(min(count, 1)) for count in counts),
        *(f"{target}:{min(count, 3)}" for target, count in zip(Target, counts, strict=True)),
        f"first:{first}",
    ]


def count_feature(mentions: Sequence[int]) -> str:
    """Return the feature that tells how often a target is mentioned."""
    return f"mentions:{min(len(mentions), _MOST_MENTIONS)}"


def masked(tokens: Sequence[Token], target: int) -> list[str]:
    """Return the words with the mentions of all targets masked, those of ``target`` (a number) as ``<T>``."""
    names = [*_NAMES, ""]
    names[target] = _SELF
    return [token.word if token.target == NO_TARGET else names[token.target] for token in tokens]


def mention_positions(tokens: Sequence[Token], target: int) -> list[int]:
    """Return which tokens mention ``target`` (a number)."""
    return [at for at, token in enumerate(tokens) if token.target == target]


def pairs(words: Sequence[str]) -> list[str]:
    """Return each two neighbouring words as one feature."""
    return [f"{one} {two}" for one, two in pairwise(words)]


def near(words: Sequence[str], at: int) -> list[str]:
    """Return the words around the mention at ``at``: by side, and the nearest also by distance, singly and in pairs."""
    features: list[str] = []
    left, right = words[max(0, at - WINDOW) : at][::-1], words[at + 1 : at + 1 + WINDOW]
    for side, beside in (("-", left), ("+", right)):
        features += [f"{side}:{word}" for word in beside]
        features += [f"{side}{step}:{word}" for step, word in enumerate(beside[:NEXT], 1)]
        features += [f"{side}{step}:{pair}" for step, pair in enumerate(pairs(beside[: NEXT + 2]), 1)]
    return features
