"""The application as gunicorn loads it."""

from __future__ import annotations

import sys

from flask import Flask
from pydantic import ValidationError

from models.errors import StandpointError
from models.golden import GOLDEN_TEXT
from models.paragraph import prepare
from service import create_app


def load() -> Flask:
    """Return the application; what keeps it from being served is told in one line, and the exit status is 1."""
    try:
        app = create_app()
        # The tables, loaded now, are shared by all workers, and one that can't be read is found before they start.
        # Scoring is left to the workers: it starts threads, which a fork would tear from their process.
        prepare(GOLDEN_TEXT)
    except StandpointError as error:
        sys.exit(f"standpoint: {error}")
    except ValidationError as error:
        sys.exit(f"standpoint: {wrong_settings(error)}")
    return app


def wrong_settings(error: ValidationError) -> str:
    """Return what is wrong with the settings in the environment, in one line."""
    return "; ".join(f"setting {'.'.join(map(str, told['loc']))}: {told['msg']}" for told in error.errors())
