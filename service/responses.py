"""What the service answers: pydantic definitions that the OpenAPI document is made from.

Answers are built as plain objects, which is several times faster than through these; tests hold the two together.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, RootModel

from models.labels import Frame, Narrative, Side, SkipReason, Stance, Target, Voice
from models.manifest import DataEntry, FileEntry, Thresholds
from models.terminology import Kind

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Offset = Annotated[int, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]


def _may_be_left_out(schema: dict[str, Any]) -> None:
    schema.pop("default", None)
    schema["description"] = "left out where `include` does not name it"


def _optional() -> Any:  # noqa: ANN401 - stands for a field of any type
    return Field(default=None, json_schema_extra=_may_be_left_out)


class ModelRef(BaseModel):
    """Which model gave a result; the hash names it exactly."""

    name: str
    version: str
    sha256: str


class ProblemField(BaseModel):
    """One thing that is wrong in a body."""

    pointer: str = Field(description="JSON Pointer (RFC 6901) to the field; empty for the whole body")
    detail: str


class ProblemDocument(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(description="reference to a description of this kind of problem")
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    errors: list[ProblemField] = Field(default=[], description="the fields that are wrong, where a body was")


class Slice(BaseModel):
    """A range of a paragraph, in the unit of `options.offsets`."""

    start: Offset
    end: Offset


class MentionSpan(Slice):
    """A mention of a target."""

    text: str


class ExplainedWord(Slice):
    """A word that moved a stance label."""

    text: str
    weight: float = Field(description="change in the label's log-odds: above 0 it speaks for the label")


class StanceAnswer(BaseModel):
    """Stance toward one target."""

    label: Stance
    confidence: Probability
    abstain: bool = Field(description="the confidence is under the model's threshold: better not to rely on the label")
    probabilities: dict[Stance, Probability] = Field(min_length=len(Stance))
    mentions: list[MentionSpan]
    explanation: list[ExplainedWord] = Field(
        default=[], description="words that moved the label most, for it or against; only with `explain`"
    )


class VoiceAnswer(BaseModel):
    """Who carries the evaluation, and what stands in quotation marks."""

    label: Voice
    confidence: Probability
    probabilities: dict[Voice, Probability] = Field(min_length=len(Voice))
    quotes: list[Slice]


class SideAnswer(BaseModel):
    """Whose account of the war is advanced."""

    label: Side
    confidence: Probability
    probabilities: dict[Side, Probability] = Field(min_length=len(Side))


class TermSpan(Slice):
    """A loaded term or spelling."""

    text: str
    entry: str = Field(description="the entry's name in the terminology table")
    kind: Kind
    side: Side
    counterpart: str | None = Field(description="what the other side writes instead, if it has a word of its own")
    distanced: bool = Field(
        description="in quotation marks, or after “so-called” and the like: not the text's own word"
    )


class ScoredFrame(BaseModel):
    """A policy frame over its threshold."""

    label: Frame
    score: Probability


class ScoredNarrative(BaseModel):
    """A war narrative over its threshold."""

    label: Narrative
    score: Probability


class FramingAnswer(BaseModel):
    """Side, terms, frames and narratives; the last two highest score first."""

    side: SideAnswer
    terms: list[TermSpan]
    frames: list[ScoredFrame]
    narratives: list[ScoredNarrative]


class _Placed(BaseModel):
    index: int = Field(ge=0)
    start: Offset = Field(description="offset into `text`, or 0 with `paragraphs`")
    end: Offset


class ScoredParagraph(_Placed):
    """A paragraph with its labels; offsets inside it count from its own start."""

    status: Literal["scored"]
    stance: dict[Target, StanceAnswer] = _optional()
    voice: VoiceAnswer = _optional()
    framing: FramingAnswer = _optional()


class SkippedParagraph(_Placed):
    """A paragraph that cannot be scored, and why; its heads are null."""

    status: Literal["skipped"]
    reason: SkipReason
    stance: None = _optional()
    voice: None = _optional()
    framing: None = _optional()


class StanceTally(BaseModel):
    """Paragraphs by stance toward one target."""

    favor: Count
    neutral: Count
    against: Count
    absent: Count
    net: float | None = Field(ge=-1, le=1, description="(favor − against) / paragraphs with the target; null if none")


class SummaryAnswer(BaseModel):
    """Counts over one document."""

    paragraphs: Count
    scored: Count
    skipped: Count
    stance: dict[Target, StanceTally] = _optional()
    terms: dict[Side, Count] = _optional()
    distanced_terms: dict[Side, Count] = _optional()
    side: dict[Side, Count] = _optional()


class DocumentResult(BaseModel):
    """The result of one document."""

    model: ModelRef
    paragraphs: list[Annotated[ScoredParagraph | SkippedParagraph, Field(discriminator="status")]]
    summary: SummaryAnswer


class NamedResult(DocumentResult):
    """The result of one of several documents, with the id the client gave it."""

    id: str | None


class NamedError(BaseModel):
    """A document that could not be scored."""

    id: str | None
    error: ProblemDocument


class DocumentsResult(BaseModel):
    """Results in the order of the request."""

    model: ModelRef
    documents: list[NamedResult | NamedError]


class ClassifyResponse(RootModel[DocumentResult | DocumentsResult]):
    """A document result for `text` and `paragraphs`; several for `documents`."""


class LineError(NamedError):
    """A line of a stream that could not be scored."""

    line: int = Field(ge=1, description="the line's number in the request, blank lines counted")


class StreamLine(RootModel[NamedResult | LineError]):
    """One line of a streamed answer."""


class TermCount(BaseModel):
    """How often one entry was used on one side by one source in one month."""

    entry: str
    kind: Kind
    side: Side
    source: str | None
    month: str | None = Field(description="YYYY-MM")
    used: Count = Field(description="in the text's own voice")
    distanced: Count = Field(description="in quotation marks, or after “so-called” and the like")


class MonthlyAdoption(BaseModel):
    """Use of the Ukrainian and the Russian forms in one month, of entries that the documents write both ways."""

    month: str = Field(description="YYYY-MM")
    ukrainian: Count
    russian: Count
    share: Probability = Field(description="of the Ukrainian forms")


class TermsResponse(BaseModel):
    """Terms counted over all documents together."""

    documents: Count
    paragraphs: Count
    counts: list[TermCount]
    adoption: list[MonthlyAdoption]


class Status(BaseModel):
    """State of a process."""

    status: Literal["alive", "ready"]


class Limits(BaseModel):
    """Limits of this service; what happens above each is told in the settings' documentation."""

    body_bytes: Count
    documents: Count
    document_paragraphs: Count
    request_paragraphs: Count
    paragraph_length: Count
    in_flight: Count


class ModelCard(ModelRef):
    """What is served, what it was made from, and how good it is."""

    description: str
    created: str
    data: DataEntry
    labels: dict[str, tuple[str, ...]] = Field(description="label sets by head")
    thresholds: Thresholds
    limits: Limits
    quality: dict[str, Any] = Field(description="measured on the validation split")
    parameters: dict[str, Any]
    versions: dict[str, str]
    files: dict[str, FileEntry]
