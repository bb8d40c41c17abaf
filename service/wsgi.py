"""The application for WSGI servers, configured by the environment."""

from __future__ import annotations

from service.app import create_app

app = create_app()
