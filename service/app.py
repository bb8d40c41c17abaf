"""Makes the application out of its parts."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from flask import Flask, Response, request

from models.analysis import Analyzer
from models.store import LoadedModel, load
from service import commands, docs, logs, metrics, page, problems, terms, views
from service.gate import Gate
from service.health import Health
from service.scoring import Scorer
from service.settings import Settings

_EXTENSION: Final = "standpoint"

_HEADERS: Final = {
    # Nothing inline, nothing from elsewhere: what a hostile article might smuggle into a page could not run.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@commands.start_told()
def create_app(settings: Settings | None = None, *, model: LoadedModel | None = None) -> Flask:
    """Return the application.

    Args:
        settings: Its settings; None reads them from the environment.
        model: The model to serve; None loads the one that the settings name.

    Raises:
        ModelStoreError: The model can't be served.
        pydantic.ValidationError: A setting in the environment has a wrong value.
    """
    settings = settings or Settings()
    logs.configure(settings.log_level)
    model = model or load(settings.model)
    scorer = Scorer(Analyzer(model), settings)
    gate = Gate(settings.max_in_flight, settings.retry_after_seconds)
    health = Health(scorer.analyzer, settings.retry_after_seconds)
    app = Flask("service")
    # A merged slash would be told by an HTML page.
    app.url_map.merge_slashes = False
    app.extensions[_EXTENSION] = health
    metrics.set_model(model.manifest, model.sha256)
    logs.install(app)
    problems.install(app)
    app.register_blueprint(views.routes(scorer, gate, health))
    app.register_blueprint(docs.routes())
    app.register_blueprint(page.routes(scorer, gate, health))
    app.register_blueprint(terms.routes(settings, gate, scorer.turns))
    commands.install(app, scorer)
    app.after_request(_secure)
    return app


def drain(app: Flask) -> None:
    """Make ``/readyz`` of this process answer 503, so that no new clients are sent while it finishes its work."""
    health: Health = app.extensions[_EXTENSION]
    health.drain()


def warm_up(app: Flask) -> None:
    """Score the known paragraph now and in this process, so that no client waits for tables and models to be loaded.

    Should that fail, or give other labels than it ought to, it is for ``/readyz`` to tell.
    """
    health: Health = app.extensions[_EXTENSION]
    with suppress(problems.ProblemError):
        health.check_model()


def _secure(response: Response) -> Response:
    response.headers.extend(_HEADERS)
    if request.method == "OPTIONS" and response.status_code == 200:
        # Flask's own answer: it has no body, and yet Flask calls it HTML.
        del response.headers["Content-Type"]
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
