"""The estimator: features, weights, calibration, and reasons for its labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from models.calibration import best_threshold
from models.classifier import Attribution, ParagraphClassifier
from models.features import Features, extract, tokenize
from models.heads import BoolArray, FloatArray, HeadLabels, HeadProbabilities, IntArray
from models.labels import Stance, Target
from models.linear.compiled import Compiled
from models.linear.distilling import fit_beliefs
from models.linear.explain import attributions
from models.linear.fitting import Costs, certain, fit_weights
from models.linear.layout import N_COLUMNS
from models.linear.projection import Projection
from models.linear.rows import Spaces, SparseRows
from models.linear.stacking import Stack
from models.linear.vectors import word_vectors
from models.linear.weights import Weights
from models.paragraph import Paragraph

_NOT_KEPT: Final = ("held_out_", "compiled_")
_Learn = Callable[[IntArray], Weights]
"""Fits weights to the rows of these numbers."""


class LinearClassifier(ParagraphClassifier):
    """A linear map of sparse features, calibrated out of fold.

    Support vector machines learn it from labels; logistic regression does from labels and a teacher's probabilities
    together, which a machine that is only told sides cannot use.

    Args:
        stance_cost: Penalty of a training error of the stance heads, scikit-learn's C.
        cost: The same for all other heads.
        min_rows: A feature of fewer training paragraphs is ignored, unless it is a word with a vector.
        dimensions: Length of a word vector.
        min_count: Words that occur less often get no vector.
        folds: How many folds give the held-out scores that calibration and thresholds are fitted on.
        stance_penalty: Where there is a teacher, the weight of the squares of the stance heads' weights beside the mean
            loss of a paragraph.
        penalty: The same for all other heads.
        steps: Where there is a teacher, the most steps of L-BFGS to take; stopping early holds weights back too.
        emphasis: How far calibration raises rare labels, see :class:`~models.linear.stacking.Stack`.
        seed: Seed of the folds and of the solver.
        n_jobs: How many heads are fitted at once.

    Attributes:
        spaces_: The vocabularies.
        weights_: Weights of all heads.
        stack_: From scores to calibrated probabilities.
        thresholds_: For ``frames`` and ``narratives``, the threshold of highest micro-F1 on held-out rows.
        held_out_: Held-out scores of the training rows, shape (n, 45); not kept in a pickle.

    Example:
        >>> from models.heads import HeadLabels
        >>> from models.paragraph import prepare
        >>> X = [prepare(text) for text in ["Moscow lied again.", "Moscow spoke.", "Kyiv spoke."] * 4]
        >>> y = HeadLabels(
        ...     stance=np.array([[2, 3, 3], [1, 3, 3], [3, 1, 3]] * 4),
        ...     voice=np.array([0, 3, 3] * 4),
        ...     side=np.array([3, 3, 3] * 4),
        ...     frames=np.zeros((12, 14), bool),
        ...     narratives=np.zeros((12, 11), bool),
        ... )
        >>> classifier = LinearClassifier(min_rows=1, folds=3).fit(X, y)
        >>> classifier.predict_proba(X[:1]).stance.argmax(axis=-1).tolist()
        [[2, 3, 3]]
    """

    batch = 48

    def __init__(
        self,
        *,
        stance_cost: float = 0.08,
        cost: float = 0.15,
        min_rows: int = 4,
        dimensions: int = 100,
        min_count: int = 8,
        folds: int = 5,
        stance_penalty: float = 1.2e-5,
        penalty: float = 2.5e-6,
        steps: int = 40,
        emphasis: float = 0.3,
        seed: int = 0,
        n_jobs: int = 1,
    ) -> None:
        self.stance_cost = stance_cost
        self.cost = cost
        self.min_rows = min_rows
        self.dimensions = dimensions
        self.min_count = min_count
        self.folds = folds
        self.stance_penalty = stance_penalty
        self.penalty = penalty
        self.steps = steps
        self.emphasis = emphasis
        self.seed = seed
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Sequence[Paragraph],
        y: HeadLabels,
        *,
        groups: ArrayLike | None = None,
        calibrate_on: BoolArray | None = None,
        unlabelled: Sequence[Paragraph] = (),
        taught: Sequence[Paragraph] = (),
        beliefs: FloatArray | None = None,
        progress: Callable[[str], object] | None = None,
    ) -> Self:
        """Learn from labeled paragraphs.

        Args:
            X: ``n`` paragraphs.
            y: Their labels.
            groups: Which document each is from, shape (n,): folds keep documents whole. None: each is its own.
            calibrate_on: Which rows have natural class frequencies, shape (n,); None means all.
            unlabelled: Further paragraphs of the same kind, which word vectors are learned from.
            taught: Paragraphs that a teacher has labeled, to learn from like those of ``X`` (see
                :mod:`models.linear.distilling`); calibration is on ``X`` alone.
            beliefs: The teacher's probabilities of them, shape (n_taught, 45), columns as those of the weights.
            progress: Is told of each step, in words.
        """
        documents = np.arange(len(y)) if groups is None else np.asarray(groups)
        natural = np.arange(len(y)) if calibrate_on is None else np.flatnonzero(calibrate_on)
        # One thread: the same sums in the same order on every machine. Heads are fitted side by side instead.
        with threadpool_limits(limits=1):
            say = progress or _quiet
            rows, projection = self._learn_features([*X, *taught], unlabelled, say)
            known = certain(y) if beliefs is None else np.concatenate([certain(y), beliefs])
            learn = (
                self._machines(rows, projection, known) if beliefs is None else self._student(rows, projection, known)
            )
            say(f"weights of {rows.document.shape[1] + rows.target.shape[1]:,} features")
            self.weights_ = learn(np.arange(len(known)))
            self.__dict__.pop("compiled_", None)
            self.held_out_ = self._held_out(learn, rows, documents, say)
            self._calibrate(self.held_out_[natural], y.take(natural), taught=beliefs is not None)
        return self

    def predict_proba(self, X: Sequence[Paragraph]) -> HeadProbabilities:
        """Return calibrated probabilities of every head, in the order of ``X``."""
        return self.stack_(self._compiled().scores(X))

    def explain(
        self, paragraph: Paragraph, labels: Mapping[Target, Stance], top: int = 8
    ) -> dict[Target, tuple[Attribution, ...]]:
        """Return the words that moved each label most: their features' weights times their values, summed by word."""
        return {
            target: attributions(paragraph, self.stack_.direction(target, label), self.spaces_, self.weights_, top)
            for target, label in labels.items()
        }

    def _learn_features(
        self, X: Sequence[Paragraph], unlabelled: Sequence[Paragraph], say: Callable[[str], object]
    ) -> tuple[SparseRows, Projection]:
        """Choose vocabularies and return the rows of ``X``, and their projection to dense columns."""
        say(f"vectors of the words of {len(X) + len(unlabelled):,} paragraphs")
        texts = [tokenize(paragraph).words for paragraph in [*X, *unlabelled]]
        vectors = word_vectors(texts, self.dimensions, self.min_count, self.seed)
        say(f"features of {len(X):,} paragraphs")
        features = self._features(X)
        self.spaces_ = Spaces.fit(features, self.min_rows, vectors)
        return self.spaces_.transform(features), Projection.of(self.spaces_, vectors)

    def _machines(self, rows: SparseRows, projection: Projection, known: FloatArray) -> _Learn:
        """Return what fits support vector machines to some of the rows."""
        extended, costs = projection.extend(rows), Costs(self.stance_cost, self.cost)

        def learn(at: IntArray) -> Weights:
            return projection.fold(fit_weights(extended.take(at), known[at], costs, self.seed, self.n_jobs))

        return learn

    def _student(self, rows: SparseRows, projection: Projection, known: FloatArray) -> _Learn:
        """Return what fits logistic regressions to what is believed of some of the rows."""
        dense, penalties = projection.dense(rows), Costs(self.stance_penalty, self.penalty)

        def learn(at: IntArray) -> Weights:
            return projection.fold(fit_beliefs(rows.take(at), dense.take(at), known[at], penalties, self.steps))

        return learn

    def _calibrate(self, scores: FloatArray, y: HeadLabels, *, taught: bool) -> None:
        """Fit calibration and thresholds on held-out scores and their labels."""
        self.stack_ = Stack.fit(scores, y, self.emphasis, alone=taught)
        found = self.stack_(scores)
        self.thresholds_ = {
            "frames": best_threshold(found.frames, y.frames),
            "narratives": best_threshold(found.narratives, y.narratives),
        }

    def __setstate__(self, state: dict[str, object]) -> None:
        super().__setstate__(state)
        # On loading, and so before a server's workers part: once for all of them, and in memory that they share.
        if "weights_" in self.__dict__:
            self._compiled()

    def _compiled(self) -> Compiled:
        """Return vocabularies and weights made ready for scoring."""
        found: Compiled | None = self.__dict__.get("compiled_")
        if found is None:
            found = self.compiled_ = Compiled(self.spaces_, self.weights_)
        return found

    def _features(self, X: Sequence[Paragraph]) -> list[Features]:
        return [extract(paragraph) for paragraph in X]

    def _held_out(self, learn: _Learn, rows: SparseRows, groups: IntArray, say: Callable[[str], object]) -> FloatArray:
        """Return scores of the labeled rows, which come first, by weights that had not seen their documents."""
        scores, taught = np.zeros((len(groups), N_COLUMNS)), np.arange(len(groups), rows.document.shape[0])
        folds = GroupKFold(self.folds, shuffle=True, random_state=self.seed).split(groups, groups=groups)
        for number, (seen, unseen) in enumerate(folds, 1):
            say(f"fold {number} of {self.folds}")
            scores[unseen] = learn(np.concatenate([seen, taught])).scores(rows.take(unseen))
        return scores

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in super().__getstate__().items() if name not in _NOT_KEPT}


def _quiet(_: str) -> None:
    """Say nothing."""
