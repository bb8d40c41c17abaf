"""The features of a paragraph, drawn once for all heads, and where in the text each of them stands."""

from __future__ import annotations

from typing import NamedTuple

from models.features.patterns import (
    count_feature,
    document_features,
    masked,
    mention_positions,
    near_features,
    sentence_features,
    shape_features,
    term_features,
)
from models.features.tokens import Token, tokenize
from models.labels import Target
from models.paragraph import Paragraph


class Features(NamedTuple):
    """The features of one paragraph, as strings with repetitions.

    Attributes:
        document: Words, word pairs and loaded terms, for all heads.
        masked: For each target, words and word pairs with the mentions masked.
        near: For each target, the words near its mentions, those in the same sentences, and the number of mentions.
        shape: How much is quoted, who is there, how long the paragraph is.
    """

    document: list[str]
    masked: list[list[str]]
    near: list[list[str]]
    shape: list[str]


class PlacedFeatures(NamedTuple):
    """The features of one paragraph toward one target, each with the positions of the tokens it is made of.

    What is made of no word, such as the number of mentions, is left out.
    """

    document: list[tuple[str, list[int]]]
    masked: list[tuple[str, list[int]]]
    near: list[tuple[str, list[int]]]


def extract(paragraph: Paragraph) -> Features:
    """Return the features of a paragraph. Linear in its length."""
    tokens = tokenize(paragraph)
    sentences = [token.sentence for token in tokens]
    document = document_features([token.word for token in tokens]) + term_features(paragraph)
    found = Features(document, [], [], shape_features(tokens))
    for target in range(len(Target)):
        words, mentions = masked(tokens, target), mention_positions(tokens, target)
        found.masked.append(document_features(words))
        near = near_features(words, mentions) + sentence_features(words, sentences, mentions)
        found.near.append([*near, count_feature(mentions)])
    return found


def place(tokens: list[Token], target: int) -> PlacedFeatures:
    """Return the features toward one target (a number), each with the tokens it is made of.

    The patterns are told a second time with positions in the place of words, so that no pattern needs a second rule
    that says where it came from.
    """
    words, mentions = masked(tokens, target), mention_positions(tokens, target)
    positions, sentences = [str(at) for at in range(len(tokens))], [token.sentence for token in tokens]
    everywhere = document_features(positions)
    return PlacedFeatures(
        _zip(document_features([token.word for token in tokens]), everywhere),
        _zip(document_features(words), everywhere),
        _zip(
            near_features(words, mentions) + sentence_features(words, sentences, mentions),
            near_features(positions, mentions) + sentence_features(positions, sentences, mentions),
        ),
    )


def _zip(features: list[str], told: list[str]) -> list[tuple[str, list[int]]]:
    places = ([int(at) for at in feature.rpartition(":")[2].split()] for feature in told)
    return list(zip(features, places, strict=True))
