"""The command line: ``flask --app service classify`` and ``flask --app service terms``."""

from __future__ import annotations

from flask import Flask

from service.commands.classify import classify_command
from service.commands.start import start_told
from service.commands.terms import terms_command
from service.scoring import Scorer

__all__ = ["install", "start_told"]


def install(app: Flask, scorer: Scorer) -> None:
    """Add the commands to ``app``."""
    app.cli.add_command(classify_command(scorer))
    app.cli.add_command(terms_command(scorer.settings))
