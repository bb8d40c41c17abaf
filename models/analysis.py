"""From texts to results: prepares paragraphs, asks the classifier and turns probabilities into labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from models.classifier import Attribution
from models.golden import GOLDEN_TEXT
from models.heads import FloatArray, HeadProbabilities
from models.labels import Frame, Label, Narrative, Side, SkipReason, Stance, Target, Voice
from models.paragraph import Paragraph, prepare
from models.spans import Span
from models.store import LoadedModel, golden_labels
from models.targets import Mention
from models.terminology import Term
from models.text import skip_reason

_L = TypeVar("_L", bound=Label)

# As tuples: going through an enumeration is slow, and each paragraph would do so several times.
_TARGETS: Final = tuple(Target)
_STANCES: Final = tuple(Stance)
_VOICES: Final = tuple(Voice)
_SIDES: Final = tuple(Side)
_FRAMES: Final = tuple(Frame)
_NARRATIVES: Final = tuple(Narrative)
_NAMES: Final[dict[tuple[Label, ...], tuple[str, ...]]] = {
    labels: tuple(map(str, labels)) for labels in (_STANCES, _VOICES, _SIDES)
}

# Rounding keeps the sum of four probabilities within 1e-7 of 1 and a response a third shorter.
_DECIMALS: Final = 8


@dataclass(frozen=True, slots=True)
class Choice(Generic[_L]):
    """The outcome of an exclusive head: its likeliest label, and the distribution it was taken from.

    Attributes:
        label: The likeliest label.
        confidence: Its probability.
        probabilities: By label. The keys are plain strings, equal to the labels, which are strings themselves: so they
            are found by either, and an encoder takes them as they are.
    """

    label: _L
    confidence: float
    probabilities: dict[str, float]


@dataclass(frozen=True, slots=True)
class StanceResult(Choice[Stance]):
    """Stance toward one target.

    Attributes:
        abstain: The confidence is under the model's threshold: better not to rely on the label.
        mentions: Where the target is mentioned.
        explanation: The words that moved the label most; None unless asked for.
    """

    abstain: bool
    mentions: tuple[Mention, ...]
    explanation: tuple[Attribution, ...] | None


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything the heads say of one paragraph; frames and narratives over their thresholds, highest first."""

    stance: dict[Target, StanceResult]
    voice: Choice[Voice]
    side: Choice[Side]
    frames: tuple[tuple[Frame, float], ...]
    narratives: tuple[tuple[Narrative, float], ...]
    quotes: tuple[Span, ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ParagraphResult:
    """Either the scores of a paragraph or the reason why it has none."""

    scores: Scores | None
    reason: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class StanceCounts:
    """How many scored paragraphs take each stance toward one target."""

    favor: int
    neutral: int
    against: int
    absent: int

    @property
    def net(self) -> float | None:
        """(favor − against) / paragraphs in which the target is present; None where it is absent throughout."""
        present = self.favor + self.neutral + self.against
        return (self.favor - self.against) / present if present else None


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the paragraphs of one document.

    Attributes:
        terms: Terms used by side, without those the text distances itself from.
        distanced_terms: Terms by side inside quotation marks or after "so-called" and the like.
    """

    paragraphs: int
    scored: int
    stance: dict[Target, StanceCounts]
    terms: dict[Side, int]
    distanced_terms: dict[Side, int]
    side: dict[Side, int]


class Analyzer:
    """Scores paragraphs with one model. Stateless between calls, safe to share between threads.

    Attributes:
        model: The model.
        batch: Paragraphs computed without a pause; rows are independent, so where the cuts fall changes nothing.
    """

    def __init__(self, model: LoadedModel) -> None:
        self.model = model
        self.batch = model.classifier.batch
        limits = model.manifest.thresholds
        self._frames = [limits.frames[label] for label in Frame]
        self._narratives = [limits.narratives[label] for label in Narrative]
        self._abstain = {target: limits.abstain[target] for target in Target}

    def analyze(
        self,
        texts: Sequence[str],
        *,
        explain: bool = False,
        max_length: int | None = None,
        between: Callable[[], object] | None = None,
    ) -> list[ParagraphResult]:
        """Return a result for each paragraph of ``texts``, in their order.

        Args:
            texts: Paragraphs, each scored by itself.
            explain: Whether to find the words that moved each stance label, which takes longer.
            max_length: Longest paragraph to score, in code points; None for the limit of :mod:`models.text`.
            between: Is called every few paragraphs, for others to compute in between.
        """
        results: list[ParagraphResult] = []
        # An explanation costs as much as many paragraphs.
        size = 1 if explain else self.batch
        for first in range(0, len(texts), size):
            if first and between:
                between()
            results += self._analyze(texts[first : first + size], explain, max_length)
        return results

    def _analyze(self, texts: Sequence[str], explain: bool, max_length: int | None) -> list[ParagraphResult]:
        results = [ParagraphResult(None, self._skip(text, max_length)) for text in texts]
        if rows := [i for i, result in enumerate(results) if result.reason is None]:
            paragraphs = [prepare(texts[i]) for i in rows]
            probabilities = self.model.classifier.predict_proba(paragraphs)
            for at, i in enumerate(rows):
                results[i] = ParagraphResult(self._scores(paragraphs[at], probabilities, at, explain))
        return results

    def self_test(self) -> bool:
        """Return whether the golden paragraph gets the labels that the model's manifest records."""
        found = golden_labels(self.model.classifier.predict_proba([prepare(GOLDEN_TEXT)]))
        return found == self.model.manifest.golden

    @staticmethod
    def _skip(text: str, max_length: int | None) -> SkipReason | None:
        if max_length is not None and len(text) > max_length and not text.isspace():
            return SkipReason.TOO_LONG
        return skip_reason(text)

    def _scores(self, paragraph: Paragraph, found: HeadProbabilities, row: int, explain: bool) -> Scores:
        return Scores(
            self._stance(paragraph, found.stance[row], explain),
            Choice(*_choice(_VOICES, found.voice[row].tolist())),
            Choice(*_choice(_SIDES, found.side[row].tolist())),
            _over(_FRAMES, found.frames[row].tolist(), self._frames),
            _over(_NARRATIVES, found.narratives[row].tolist(), self._narratives),
            paragraph.quotes,
            paragraph.terms,
        )

    def _stance(self, paragraph: Paragraph, rows: FloatArray, explain: bool) -> dict[Target, StanceResult]:
        choices = {target: _choice(_STANCES, values) for target, values in zip(_TARGETS, rows.tolist(), strict=True)}
        labels = {target: label for target, (label, _, _) in choices.items()}
        reasons = self.model.classifier.explain(paragraph, labels) if explain else {}
        return {
            target: StanceResult(
                label,
                confidence,
                probabilities,
                confidence < self._abstain[target],
                tuple([mention for mention in paragraph.mentions if mention.target is target]),
                reasons.get(target),
            )
            for target, (label, confidence, probabilities) in choices.items()
        }


def summarize(results: Iterable[ParagraphResult]) -> Summary:
    """Count labels and terms over the paragraphs of one document."""
    results = list(results)
    scored = [result.scores for result in results if result.scores is not None]
    terms = Counter((term.side, term.distanced) for scores in scored for term in scores.terms)
    sides = Counter(scores.side.label for scores in scored)
    parties = (Side.RUSSIAN, Side.UKRAINIAN)
    return Summary(
        paragraphs=len(results),
        scored=len(scored),
        stance={target: _counts(scores.stance[target].label for scores in scored) for target in Target},
        terms={side: terms[side, False] for side in parties},
        distanced_terms={side: terms[side, True] for side in parties},
        side={side: sides[side] for side in Side},
    )


def _counts(labels: Iterable[Stance]) -> StanceCounts:
    found = Counter(labels)
    return StanceCounts(*(found[stance] for stance in Stance))


def _choice(labels: tuple[_L, ...], values: list[float]) -> tuple[_L, float, dict[str, float]]:
    best = values.index(max(values))
    rounded = [round(value, _DECIMALS) for value in values]
    return labels[best], rounded[best], dict(zip(_NAMES[labels], rounded, strict=True))


def _over(labels: tuple[_L, ...], values: list[float], thresholds: list[float]) -> tuple[tuple[_L, float], ...]:
    hits = [
        (label, round(value, _DECIMALS))
        for label, value, least in zip(labels, values, thresholds, strict=True)
        if value >= least
    ]
    return tuple(sorted(hits, key=lambda hit: -hit[1]))
