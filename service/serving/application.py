"""The application as gunicorn loads it."""

from __future__ import annotations

import logging
import os
import sys

from flask import Flask
from pydantic import ValidationError

from models.errors import StandpointError
from models.golden import GOLDEN_TEXT
from models.paragraph import prepare
from service import Settings, create_app
from service.serving.settings import ServerSettings
from service.settings import unknown_settings, wrong_settings


def load() -> Flask:
    """Return the application; what keeps it from being served is told in one line, and the exit status is 1."""
    try:
        app = create_app()
        for told in unknown_settings(os.environ, Settings, ServerSettings):
            logging.getLogger("standpoint.service").warning(told)
        # The tables, loaded now, are shared by all workers, and one that can't be read is found before they start.
        # Scoring is left to the workers: it starts threads, which a fork would tear from their process.
        prepare(GOLDEN_TEXT)
    except StandpointError as error:
        sys.exit(f"standpoint: {error}")
    except ValidationError as error:
        sys.exit(f"standpoint: {wrong_settings(error)}")
    return app
