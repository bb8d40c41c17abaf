"""The encoder: a fine-tuned MiniLM that reads a paragraph once and gives all heads."""

from __future__ import annotations

from models.encoder.classifier import NETWORK, SPELLINGS, TOKENIZER, EncoderClassifier
from models.encoder.inputs import InputEncoder, Marked

__all__ = ["NETWORK", "SPELLINGS", "TOKENIZER", "EncoderClassifier", "InputEncoder", "Marked"]
