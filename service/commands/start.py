"""What keeps a command from starting, told in one line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import ScriptInfo
from pydantic import ValidationError

from models.errors import StandpointError
from service.settings import wrong_settings


@contextmanager
def start_told() -> Iterator[None]:
    """End Flask's command line with one line where the application can't be made; elsewhere let the error pass."""
    try:
        yield
    except (StandpointError, ValidationError) as error:
        context = click.get_current_context(silent=True)
        if context is None or context.find_object(ScriptInfo) is None:
            raise
        # Flask would show a traceback of anything else that it meets while it lists the commands.
        click.ClickException(wrong_settings(error) if isinstance(error, ValidationError) else str(error)).show()
        sys.exit(1)
