"""The page at ``/``: an article in, its paragraphs with their labels out. Made on the server, without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from flask import Blueprint, render_template, request
from markupsafe import Markup

from models.analysis import ParagraphResult, Summary, summarize
from models.labels import Side, Stance, Target, Voice
from service.body import read_body
from service.examples import TEXT
from service.gate import Gate
from service.health import Health
from service.highlight import highlight
from service.parsing import FORM, media_type
from service.problems import Kind, ProblemError
from service.requests import Document, Options
from service.scoring import Scorer

NAMES: Final = {
    Target.RUSSIA: "Russia",
    Target.UKRAINE: "Ukraine",
    Target.US: "United States",
    Voice.OWN: "the text’s own",
    Voice.QUOTED: "quoted",
    Voice.MIXED: "own and quoted",
    Side.RUSSIAN: "Russian account",
    Side.UKRAINIAN: "Ukrainian account",
    Side.CONTESTED: "both accounts",
}
"""Labels as they are shown to people, where the name of the label is not enough."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in."""

    text: str = ""
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One paragraph as the page shows it."""

    html: Markup
    result: ParagraphResult


def routes(scorer: Scorer, gate: Gate, health: Health) -> Blueprint:
    """Return the page's routes."""
    blueprint = Blueprint("page", __name__)

    @blueprint.get("/")
    def index() -> str:
        return _render(scorer, Form())

    @blueprint.post("/")
    def analyze() -> str:
        media_type(request, FORM)
        body = read_body(request, scorer.settings.max_body_bytes)
        health.check_model()
        with gate.enter():
            with scorer.turns:
                form = parse_form(body)
                cut = scorer.cut(Document(text=form.text), Options(explain=form.explain))
            results = scorer.analyze(cut)
            with scorer.turns:
                return _render(scorer, form, _shown(cut.texts, results), summarize(results))

    return blueprint


def parse_form(data: bytes) -> Form:
    """Return the fields of a posted form; what is missing is empty.

    Raises:
        ProblemError: 422 for a form of very many fields.
    """
    try:
        fields = parse_qs(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise ProblemError(Kind.INVALID_REQUEST, "the form has more than 20 fields") from error
    return Form(fields.get("text", [""])[0], explain="explain" in fields)


def _shown(texts: Sequence[str], results: Sequence[ParagraphResult]) -> list[Shown]:
    return [Shown(_highlighted(text, result), result) for text, result in zip(texts, results, strict=True)]


def _highlighted(text: str, result: ParagraphResult) -> Markup:
    if result.scores is None:
        return highlight(text, (), ())
    mentions = sorted(mention for stance in result.scores.stance.values() for mention in stance.mentions)
    return highlight(text, result.scores.terms, mentions)


def _render(scorer: Scorer, form: Form, shown: Sequence[Shown] = (), summary: Summary | None = None) -> str:
    return render_template(
        "page.html",
        form=form,
        example=TEXT,
        # A character may take twelve bytes in a posted form.
        max_length=scorer.settings.max_body_bytes // 12,
        manifest=scorer.analyzer.model.manifest,
        shown=shown,
        summary=summary,
        names=NAMES,
        stances=tuple(Stance),
        targets=tuple(Target),
        parties=(Side.RUSSIAN, Side.UKRAINIAN),
    )
