"""The linear classifier: sparse features, one weight matrix, no more arithmetic than a weighted sum of words."""

from __future__ import annotations

from models.linear.classifier import LinearClassifier

__all__ = ["LinearClassifier"]
