"""Classifiers that err differently, as one: encoders read sentences, the linear one has seen every word.

Log-linear pooling (Genest & Zidek 1986, https://doi.org/10.1214/ss/1177013825): the log-odds of the members are
averaged, then calibrated once more. The members stay models of their own in the store; this one names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

import numpy as np
from scipy.special import logit

from models.classifier import Attribution, ParagraphClassifier
from models.encoder.calibration import COLUMNS, Scaling, fit_scalings, identity, probabilities
from models.heads import FloatArray, HeadLabels, HeadProbabilities
from models.labels import Stance, Target
from models.paragraph import Paragraph

_EXCLUSIVE: Final = ("stance", "voice", "side")
# Keeps logarithms finite; far below what any member says of anything.
_TINY: Final = 1e-9


class EnsembleClassifier(ParagraphClassifier):
    """Pools the probabilities of several fitted classifiers.

    Args:
        weights: Share of each member, by its name in the store; they sum to 1.
        strength: Weight of the prior that keeps the calibration near the identity.
        emphasis: How far the rare labels of each exclusive head are raised: log-odds fall by this times the logarithm
            of a label's share (post-hoc logit adjustment: Menon et al., ICLR 2021, https://arxiv.org/abs/2007.07314).
            0, the default for a head that is not named, calibrates to true frequencies; more trades some calibration
            for recall of rare labels.

    Attributes:
        scalings_: Calibration of each head.
    """

    def __init__(
        self,
        weights: Mapping[str, float] | None = None,
        strength: float = 30.0,
        emphasis: Mapping[str, float] | None = None,
    ) -> None:
        self.weights = weights
        self.strength = strength
        self.emphasis = emphasis
        self.scalings_ = {head: identity(head) for head in COLUMNS}
        self._members: dict[str, ParagraphClassifier] = {}

    @property
    def member_names(self) -> tuple[str, ...]:
        """Names of the pooled models, which lie beside this one in the store."""
        return tuple(self._shares())

    def join(self, members: Mapping[str, ParagraphClassifier]) -> None:
        """Take the fitted members, by name."""
        self._members = {name: members[name] for name in self._shares()}

    def fit(self, X: Sequence[Paragraph], y: HeadLabels) -> Self:
        """Calibrate the pool on labeled paragraphs that the members were not trained on."""
        return self.calibrate(pooled(self._found(X), self._shares()), y)

    def calibrate(self, logits: FloatArray, y: HeadLabels) -> Self:
        """Calibrate on pooled log-odds of shape (n, 45), from :func:`pooled`."""
        self.scalings_ = fit_scalings(logits, y, self.strength)
        for head, emphasis in (self.emphasis or {}).items():
            self.scalings_[head] = _raised(self.scalings_[head], getattr(y, head), emphasis)
        return self

    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        """Return calibrated probabilities; costs what the members cost together."""
        return probabilities(pooled(self._found(X), self._shares()), self.scalings_)

    def explain(
        self, paragraph: Paragraph, labels: Mapping[Target, Stance], top: int = 8
    ) -> dict[Target, tuple[Attribution, ...]]:
        """Return the words that moved each label most, by the member with the largest share.

        Costs what that member's explanation costs; weights are on its own scale.
        """
        shares = self._shares()
        return self._members[max(shares, key=lambda name: shares[name])].explain(paragraph, labels, top)

    def __getstate__(self) -> dict[str, Any]:
        # The members are files of their own; the store hands them back by join.
        state: dict[str, Any] = super().__getstate__()
        return state | {"_members": {}}

    def _shares(self) -> dict[str, float]:
        return dict(self.weights or {})

    def _found(self, X: Sequence[Paragraph]) -> dict[str, HeadProbabilities]:
        return {name: member.predict_proba(X) for name, member in self._members.items()}


def pooled(found: Mapping[str, HeadProbabilities], shares: Mapping[str, float]) -> FloatArray:
    """Return the weighted mean of log-probabilities (exclusive heads) or log-odds (the others), shape (n, 45)."""
    total: FloatArray = np.sum([share * _logits(found[name]) for name, share in shares.items()], axis=0)
    return total


def _logits(found: HeadProbabilities) -> FloatArray:
    rows = len(found)
    parts = [np.log(np.maximum(getattr(found, head), _TINY)).reshape(rows, COLUMNS[head]) for head in _EXCLUSIVE]
    parts += [logit(np.clip(getattr(found, head), _TINY, 1 - _TINY)) for head in COLUMNS if head not in _EXCLUSIVE]
    return np.concatenate(parts, axis=1)


def _raised(scaling: Scaling, labels: np.ndarray[Any, np.dtype[np.int64]], emphasis: float) -> Scaling:
    classes = scaling.bias.shape[-1]
    # One more of each label, so that one that is missing here is not raised without bound.
    shares = (np.bincount(labels.ravel(), minlength=classes) + 1) / (labels.size + classes)
    return Scaling(scaling.slope, scaling.bias - emphasis * np.log(shares))
