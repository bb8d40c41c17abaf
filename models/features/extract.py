"""The features of a paragraph, drawn once for all heads, and where in the text each of them stands."""

from __future__ import annotations

from typing import NamedTuple

from models.features.patterns import (
    common_features,
    count_feature,
    masked,
    mention_features,
    near_features,
    shape_features,
    shape_of,
    term_features,
)
from models.features.tokens import Tokens, tokenize
from models.labels import Target
from models.paragraph import Paragraph

Placed = list[tuple[str, list[int]]]
"""Features, each with the positions of the tokens that it is made of."""


class Features(NamedTuple):
    """The features of one paragraph, as strings with repetitions.

    Attributes:
        common: Words and word pairs without a mention, which stand in the paragraph whoever looks at it.
        document: Those with a mention as it stands, and loaded terms.
        masked: For each target, those with the mentions masked.
        near: For each target, the words near its mentions, those in the same sentences, and the number of mentions.
        shape: How much is quoted, who is there, how long the paragraph is.
    """

    common: list[str]
    document: list[str]
    masked: list[list[str]]
    near: list[list[str]]
    shape: list[str]


class PlacedFeatures(NamedTuple):
    """The features of one paragraph toward one target, each with its tokens' positions, if it is made of words."""

    document: Placed
    masked: Placed
    near: Placed


def extract(paragraph: Paragraph) -> Features:
    """Return the features of a paragraph. Linear in its length."""
    tokens = tokenize(paragraph)
    found = Features(
        common_features(tokens.words, tokens.targets),
        mention_features(tokens.words, tokens.targets) + term_features(paragraph),
        [],
        [],
        shape_features(shape_of(tokens)),
    )
    for target in range(len(Target)):
        words, mentions = masked(tokens, target), tokens.mentions(target)
        found.masked.append(mention_features(words, tokens.targets))
        found.near.append([*near_features(words, tokens.sentences, mentions), count_feature(mentions)])
    return found


def place(paragraph: Paragraph, tokens: Tokens, target: int) -> PlacedFeatures:
    """Return the features toward one target (a number), each with the tokens it is made of.

    The patterns are told a second time with positions in the place of words, so that no pattern needs a second rule
    that says where it came from.
    """
    words, mentions = masked(tokens, target), tokens.mentions(target)
    positions = [str(at) for at in range(len(tokens))]
    common = _placed(common_features(tokens.words, tokens.targets), common_features(positions, tokens.targets))
    with_mentions, near = mention_features(positions, tokens.targets), near_features(words, tokens.sentences, mentions)
    return PlacedFeatures(
        [
            *common,
            *_placed(mention_features(tokens.words, tokens.targets), with_mentions),
            *((feature, []) for feature in term_features(paragraph)),
        ],
        [*common, *_placed(mention_features(words, tokens.targets), with_mentions)],
        [*_placed(near, near_features(positions, tokens.sentences, mentions)), (count_feature(mentions), [])],
    )


def _placed(features: list[str], told: list[str]) -> Placed:
    places = ([int(at) for at in feature.rpartition(":")[2].split()] for feature in told)
    return list(zip(features, places, strict=True))
