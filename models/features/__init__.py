"""Sparse features of a paragraph, computed once and shared by all heads.

Words and word pairs for every head; for stance, the paragraph told again from each target's point of view. Spelling
and typography are folded away first, so that neither can carry stance.
"""

from __future__ import annotations

from models.features.codes import Coded, Codes
from models.features.extract import Features, Placed, PlacedFeatures, extract, place
from models.features.patterns import BESIDE
from models.features.space import Columns, FeatureSpace
from models.features.tokens import NO_TARGET, Tokens, token_spans, tokenize

__all__ = [
    "BESIDE",
    "NO_TARGET",
    "Coded",
    "Codes",
    "Columns",
    "FeatureSpace",
    "Features",
    "Placed",
    "PlacedFeatures",
    "Tokens",
    "extract",
    "place",
    "token_spans",
    "tokenize",
]
