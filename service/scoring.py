"""Documents in, result objects out: cutting, limits, one batch for all paragraphs, and errors in their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from models.analysis import Analyzer, ParagraphResult
from models.spans import Span
from service import metrics
from service.batching import Batches
from service.cutting import check_paragraphs, cut_text
from service.problems import Kind, Problem, ProblemError, invalid
from service.requests import DEFAULT_OPTIONS, ClassifyRequest, Content, Document, Options, Part, Rejected
from service.results import Json, document_object, model_object, offset_in
from service.settings import Settings
from service.spool import Room
from service.turns import Turns


@dataclass(frozen=True, slots=True)
class Cut:
    """A document cut into paragraphs, or what is wrong with it.

    Attributes:
        id: The client's name for it.
        spans: Where each paragraph stands, in the unit of ``options``.
        texts: The paragraphs.
        options: How to analyze and answer it.
        problem: Why it can't be scored; it has no paragraphs then.
    """

    id: str | None
    spans: Sequence[Span] = ()
    texts: Sequence[str] = ()
    options: Options = field(default=DEFAULT_OPTIONS)
    problem: Problem | None = None

    @property
    def explain(self) -> bool:
        """Whether words that moved the labels are wanted and will be answered."""
        return self.options.explain and Part.STANCE in self.options.include


class Scorer:
    """Answers documents with one model within the limits of one application. Safe to share between threads."""

    def __init__(self, analyzer: Analyzer, settings: Settings) -> None:
        self.analyzer = analyzer
        self.settings = settings
        self.room = Room(settings.streams_ahead_bytes)
        self.turns = Turns(settings.computing)
        self.batches = Batches(self._score, analyzer.batch)
        self.model = model_object(analyzer.model)

    def cut_request(self, request: ClassifyRequest) -> Cut | list[Cut]:
        """Cut the text or the paragraphs of a whole request, or each of its documents.

        Raises:
            ProblemError: 413 for too many paragraphs.
        """
        if "documents" not in request.model_fields_set:
            cut = self.cut(request, request.options)
            self._check_total([cut])
            return cut
        cuts = [
            self.try_cut(document, request.options, "documents", index)
            for index, document in enumerate(request.documents)
        ]
        self._check_total(cuts)
        return cuts

    def answer(self, cut: Cut | list[Cut]) -> Json:
        """Return the response body for a whole request that was cut."""
        if isinstance(cut, Cut):
            return self._objects([cut])[0]
        return {"model": self.model, "documents": self.results(cut)}

    def analyze(self, cut: Cut) -> list[ParagraphResult]:
        """Return the results of one document's paragraphs.

        Raises:
            ProblemError: 413 for too many of them.
        """
        self._check_total([cut])
        metrics.count_documents(1, 0)
        with self._turn([cut]) as found:
            return found[id(cut)]

    def results(self, cuts: Sequence[Cut]) -> list[Json]:
        """Return an object for each of ``cuts``: its id with its result or its error."""
        return [{"id": cut.id} | body for cut, body in zip(cuts, self._objects(cuts), strict=True)]

    def cut(self, content: Content, options: Options, id_: str | None = None) -> Cut:
        """Cut a text into paragraphs, or take the paragraphs given.

        Raises:
            ProblemError: 413 for too many of them.
        """
        spans: Sequence[Span]
        texts: Sequence[str]
        if "text" in content.model_fields_set:
            spans, texts = self._cut_text(content.text, options)
        else:
            texts = content.paragraphs
            check_paragraphs(len(texts), self.settings.max_document_paragraphs)
            spans = [Span(0, offset_in(text, options)(len(text))) for text in texts]
        return Cut(id_, spans, texts, options)

    def _cut_text(self, text: str, options: Options) -> tuple[list[Span], list[str]]:
        spans = cut_text(text, self.settings.max_document_paragraphs)
        at = offset_in(text, options)
        return [Span(at(span.start), at(span.end)) for span in spans], [text[span.start : span.end] for span in spans]

    def try_cut(self, document: Document | Rejected, options: Options, *place: str | int) -> Cut:
        """Cut a document of several, keeping what is wrong with it; ``place`` is where it stands in the body."""
        if isinstance(document, Rejected):
            return Cut(document.id, problem=invalid(document.errors, *place).problem)
        try:
            return self.cut(document, document.options or options, document.id)
        except ProblemError as error:
            return Cut(document.id, problem=error.problem)

    def _check_total(self, cuts: Iterable[Cut]) -> None:
        total = sum(len(cut.texts) for cut in cuts)
        if total > (most := self.settings.max_request_paragraphs):
            raise ProblemError(Kind.TOO_MANY_PARAGRAPHS, f"{total} paragraphs; a request may have {most}")

    def _objects(self, cuts: Sequence[Cut]) -> list[Json]:
        failed = [cut.problem.status for cut in cuts if cut.problem is not None]
        for status in failed:
            metrics.count_problem(status)
        metrics.count_documents(len(cuts) - len(failed), len(failed))
        with self._turn(cuts) as found:
            return [
                {"error": cut.problem.as_json()}
                if cut.problem is not None
                else document_object(self.model, cut.spans, cut.texts, found[id(cut)], cut.options)
                for cut in cuts
            ]

    @contextmanager
    def _turn(self, cuts: Sequence[Cut]) -> Iterator[dict[int, list[ParagraphResult]]]:
        """Wait for a turn to compute; in it, give each cut's results by its identity."""
        plain = [cut for cut in cuts if not cut.explain]
        explained = [cut for cut in cuts if cut.explain]
        part = self.batches.offer(_texts(plain))
        try:
            with self.turns:
                found = self._shared(plain, self.batches.results(part))
                found |= self._shared(explained, self._score(_texts(explained), explain=True))
                yield found
        finally:
            self.batches.withdraw(part)

    def _score(self, texts: Sequence[str], *, explain: bool = False) -> list[ParagraphResult]:
        limit = self.settings.max_paragraph_length
        return self.analyzer.analyze(texts, explain=explain, max_length=limit, between=self.turns.pass_on)

    @staticmethod
    def _shared(cuts: Sequence[Cut], results: Sequence[ParagraphResult]) -> dict[int, list[ParagraphResult]]:
        if results:
            metrics.count_results(results)
        left = iter(results)
        return {id(cut): [next(left) for _ in cut.texts] for cut in cuts}


def _texts(cuts: Iterable[Cut]) -> list[str]:
    return [text for cut in cuts for text in cut.texts]
