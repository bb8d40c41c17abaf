"""The one interface of every classifier that can be fitted, shipped and served."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple, Self

from sklearn.base import BaseEstimator

from models.heads import HeadLabels, HeadProbabilities
from models.labels import Stance, Target
from models.paragraph import Paragraph


class Attribution(NamedTuple):
    """How much one word moved a stance label.

    Attributes:
        start: First code point of the word in the paragraph.
        end: One past its last code point.
        text: The word as it stands in the paragraph.
        weight: Change in the log-odds of the label; positive speaks for it, negative against it.
    """

    start: int
    end: int
    text: str
    weight: float


class ParagraphClassifier(ABC, BaseEstimator):
    """Labels paragraphs with all heads at once.

    A scikit-learn estimator in all but ``y``: X is a sequence of :class:`~models.paragraph.Paragraph`, y holds
    the labels of all heads. Each paragraph's result depends on that paragraph alone, whatever else is in X.

    Attributes:
        batch: Paragraphs beyond which a call gets longer and a paragraph hardly cheaper.
    """

    batch: ClassVar[int] = 16

    @abstractmethod
    def fit(self, X: Sequence[Paragraph], y: HeadLabels) -> Self:
        """Learn from labeled paragraphs and return the fitted classifier."""

    @abstractmethod
    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        """Return calibrated probabilities of every head, in the order of ``X``."""

    @abstractmethod
    def explain(
        self, paragraph: Paragraph, labels: Mapping[Target, Stance], top: int = 8
    ) -> dict[Target, tuple[Attribution, ...]]:
        """Return, for each target in ``labels``, the ``top`` words that moved that label most.

        Ordered by the size of their weight, largest first; words that did not move the label are left out.
        """

    def assets(self) -> Mapping[str, bytes]:
        """Return the files, by name, that the store keeps beside the pickled classifier; most need none."""
        return {}

    def attach(self, assets: Mapping[str, bytes]) -> None:
        """Take back the verified contents of :meth:`assets` after unpickling."""

    @property
    def member_names(self) -> tuple[str, ...]:
        """Names of the stored models that this one depends on; most depend on none."""
        return ()

    def join(self, members: Mapping[str, ParagraphClassifier]) -> None:
        """Take the loaded classifiers of :attr:`member_names`, after :meth:`attach`."""
