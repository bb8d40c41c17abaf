"""From results to the JSON objects of the contract, in the unit of offsets that the client asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from models.analysis import Choice, ParagraphResult, Scores, StanceCounts, StanceResult, Summary, summarize
from models.classifier import Attribution
from models.labels import Label
from models.spans import Span, Utf16Map
from models.store import LoadedModel
from models.targets import Mention
from models.terminology import Term
from service.requests import Offsets, Options, Part

Json = dict[str, Any]
_Offset = Callable[[int], int]
_L = TypeVar("_L", bound=Label)  # the keys of a mapping may not be of a wider type


def model_object(model: LoadedModel) -> Json:
    """Return which model gave a result."""
    return {"name": model.manifest.name, "version": model.manifest.version, "sha256": model.sha256}


def document_object(
    model: Json, spans: Sequence[Span], texts: Sequence[str], results: Sequence[ParagraphResult], options: Options
) -> Json:
    """Return one document result.

    Args:
        model: From :func:`model_object`.
        spans: Where each paragraph stands, already in the unit of ``options``.
        texts: The paragraphs.
        results: Their results.
        options: What to include, and how.
    """
    include = frozenset(options.include)
    paragraphs = []
    for index, (span, text, result) in enumerate(zip(spans, texts, results, strict=True)):
        place = {"index": index, "start": span.start, "end": span.end}
        paragraphs.append(place | _paragraph(result, offset_in(text, options), include))
    return {"model": model, "paragraphs": paragraphs, "summary": _summary(summarize(results), include)}


def offset_in(text: str, options: Options) -> _Offset:
    """Return the conversion of code-point offsets in ``text`` to the unit of ``options``."""
    return Utf16Map(text) if options.offsets is Offsets.UTF16 else _same


def _same(offset: int) -> int:
    return offset


def _paragraph(result: ParagraphResult, at: _Offset, include: frozenset[Part]) -> Json:
    if result.scores is None:
        return {"status": "skipped", "reason": str(result.reason)} | {
            str(part): None for part in Part if part in include
        }
    body: Json = {"status": "scored"}
    if Part.STANCE in include:
        body["stance"] = {str(target): _stance(stance, at) for target, stance in result.scores.stance.items()}
    if Part.VOICE in include:
        body["voice"] = _choice(result.scores.voice) | {"quotes": [_span(quote, at) for quote in result.scores.quotes]}
    if Part.FRAMING in include:
        body["framing"] = _framing(result.scores, at)
    return body


def _stance(stance: StanceResult, at: _Offset) -> Json:
    body = {
        "label": str(stance.label),
        "confidence": stance.confidence,
        "abstain": stance.abstain,
        "probabilities": stance.probabilities,
        "mentions": [_span(mention, at) | {"text": mention.text} for mention in stance.mentions],
    }
    if stance.explanation is not None:
        body["explanation"] = [
            _span(word, at) | {"text": word.text, "weight": word.weight} for word in stance.explanation
        ]
    return body


def _choice(choice: Choice[Any]) -> Json:
    return {
        "label": str(choice.label),
        "confidence": choice.confidence,
        "probabilities": choice.probabilities,
    }


def _framing(scores: Scores, at: _Offset) -> Json:
    return {
        "side": _choice(scores.side),
        "terms": [_term(term, at) for term in scores.terms],
        "frames": [{"label": str(label), "score": score} for label, score in scores.frames],
        "narratives": [{"label": str(label), "score": score} for label, score in scores.narratives],
    }


def _term(term: Term, at: _Offset) -> Json:
    return _span(term, at) | {
        "text": term.text,
        "entry": term.entry,
        "kind": term.kind,
        "side": str(term.side),
        "counterpart": term.counterpart,
        "distanced": term.distanced,
    }


def _span(span: Span | Mention | Term | Attribution, at: _Offset) -> Json:
    return {"start": at(span.start), "end": at(span.end)}


def _summary(summary: Summary, include: frozenset[Part]) -> Json:
    body: Json = {
        "paragraphs": summary.paragraphs,
        "scored": summary.scored,
        "skipped": summary.paragraphs - summary.scored,
    }
    if Part.STANCE in include:
        body["stance"] = {str(target): _counts(counts) for target, counts in summary.stance.items()}
    if Part.FRAMING in include:
        body["terms"] = _by_name(summary.terms)
        body["distanced_terms"] = _by_name(summary.distanced_terms)
        body["side"] = _by_name(summary.side)
    return body


def _counts(counts: StanceCounts) -> Json:
    return {
        "favor": counts.favor,
        "neutral": counts.neutral,
        "against": counts.against,
        "absent": counts.absent,
        "net": counts.net,
    }


def _by_name(values: Mapping[_L, Any]) -> Json:
    """Return ``values`` with plain strings as keys: the encoder takes no subclasses of str for keys."""
    return {str(name): value for name, value in values.items()}
