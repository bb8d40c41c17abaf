"""The fine-tuned encoder as a classifier that the store can keep and the service can ask."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Self

import numpy as np
from scipy.special import logit
from sklearn.exceptions import NotFittedError

from models.classifier import Attribution, ParagraphClassifier
from models.encoder.calibration import COLUMNS as HEAD_COLUMNS
from models.encoder.calibration import fit_scalings, identity, probabilities
from models.encoder.inputs import InputEncoder, Marked, Tokens
from models.encoder.session import NetworkSession
from models.encoder.windows import combined, windows
from models.heads import FloatArray, HeadLabels, HeadProbabilities
from models.labels import Stance, Target
from models.paragraph import Paragraph
from models.text import word_spans

NETWORK: Final = "network.onnx"
TOKENIZER: Final = "tokenizer.json"
SPELLINGS: Final = "spellings.json"

MOST_OCCLUSIONS: Final = 256
"""Passes that an explanation may take; in longer paragraphs neighboring words are left out together."""


class EncoderClassifier(ParagraphClassifier):
    """All heads from one pass of a fine-tuned MiniLM, exported to ONNX with int8 weights.

    The network is trained with torch by ``python -m training encoder train`` and comes in by :meth:`attach`, with its
    tokenizer and the spellings frozen at training time. :meth:`fit` learns what is left: the calibration.

    Args:
        strength: Weight of the prior that keeps the calibration near the identity, see
            :func:`~models.encoder.calibration.fit_scalings`.

    Attributes:
        scalings_: Calibration of each head.
    """

    def __init__(self, strength: float = 100.0) -> None:
        self.strength = strength
        self.scalings_ = {head: identity(head) for head in HEAD_COLUMNS}
        self._assets: dict[str, bytes] = {}

    def assets(self) -> Mapping[str, bytes]:
        """Return the network, the tokenizer and the frozen spellings as files."""
        return self._assets

    def attach(self, assets: Mapping[str, bytes]) -> None:
        """Take the network, its tokenizer and its spellings."""
        self._assets = {name: assets[name] for name in (NETWORK, TOKENIZER, SPELLINGS)}
        self._network = NetworkSession(self._assets[NETWORK])
        self._encode = InputEncoder(self._assets[TOKENIZER].decode(), json.loads(self._assets[SPELLINGS]))

    def fit(self, X: Sequence[Paragraph], y: HeadLabels) -> Self:
        """Calibrate the attached network on labeled paragraphs that it was not trained on.

        Raises:
            NotFittedError: No network is attached.
        """
        logits = np.array([self.logits(paragraph) for paragraph in X])
        self.scalings_ = fit_scalings(logits, y, self.strength)
        return self

    def logits(self, paragraph: Paragraph) -> FloatArray:
        """Return the network's uncalibrated output for one paragraph, shape (45,), averaged over its windows."""
        return np.asarray(self._logits(self._tokens(paragraph)).mean(0))

    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        """Return calibrated probabilities; one pass of the network for each paragraph, several for a long one.

        A paragraph of more tokens than a window holds (:mod:`models.encoder.windows`) takes a pass for each window.
        """
        found = [self._probabilities(self._tokens(paragraph)) for paragraph in X]
        return HeadProbabilities(
            **{
                head: np.concatenate([getattr(one, head) for one in found])
                if found
                else np.empty((0, *identity(head).bias.shape))
                for head in HEAD_COLUMNS
            }
        )

    def explain(
        self, paragraph: Paragraph, labels: Mapping[Target, Stance], top: int = 8
    ) -> dict[Target, tuple[Attribution, ...]]:
        """Return the words whose absence moves each label's log-odds most.

        Occlusion (Zeiler & Fergus 2014, https://arxiv.org/abs/1311.2901): each word is masked in turn.
        Costs one pass per word: for a paragraph of sixty words, some sixty times a plain classification.
        """
        tokens = self._tokens(paragraph)
        before = self._log_odds(tokens)
        found: dict[Target, list[Attribution]] = {target: [] for target in labels}
        words = word_spans(paragraph.text)
        size = -(-len(words) // MOST_OCCLUSIONS) or 1
        for first in range(0, len(words), size):
            group = words[first : first + size]
            start, end = group[0].start, group[-1].end
            change = before - self._log_odds(self._without(tokens, start, end))
            for target, label in labels.items():
                weight = float(change[tuple(Target).index(target), tuple(Stance).index(label)])
                found[target].append(Attribution(start, end, paragraph.text[start:end], weight))
        return {target: _strongest(attributions, top) for target, attributions in found.items()}

    def __getstate__(self) -> dict[str, Any]:
        # The store keeps the files beside the pickle and hands them back by attach.
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name not in {"_assets", "_network", "_encode"}} | {
            "_assets": {}
        }

    def _tokens(self, paragraph: Paragraph) -> Tokens:
        if not self._assets:
            raise NotFittedError(
                "no network is attached: load a model from the store, or train one: `python -m training encoder train`"
            )
        return self._encode(paragraph.text, [Marked(m.start, m.end, m.target) for m in paragraph.mentions])

    def _logits(self, tokens: Tokens) -> FloatArray:
        spans = windows(len(tokens.ids))
        framed = [self._encode.framed(tokens.ids[a:b], tokens.targets[a:b]) for a, b in spans]
        return np.stack([self._network(ids, targets) for ids, targets in framed])

    def _probabilities(self, tokens: Tokens) -> HeadProbabilities:
        return combined(probabilities(self._logits(tokens), self.scalings_))

    def _log_odds(self, tokens: Tokens) -> FloatArray:
        stance = self._probabilities(tokens).stance[0]
        return np.asarray(logit(np.clip(stance, 1e-9, 1 - 1e-9)))

    def _without(self, tokens: Tokens, start: int, end: int) -> Tokens:
        hidden = [start < last and first < end for first, last in tokens.spans]
        ids = [self._encode.mask if hide else i for i, hide in zip(tokens.ids, hidden, strict=True)]
        targets = [0 if hide else t for t, hide in zip(tokens.targets, hidden, strict=True)]
        return Tokens(ids, targets, tokens.spans)


def _strongest(attributions: Collection[Attribution], top: int) -> tuple[Attribution, ...]:
    moved = [attribution for attribution in attributions if abs(attribution.weight) > 1e-6]
    return tuple(sorted(moved, key=lambda attribution: -abs(attribution.weight))[:top])
