"""What gunicorn logs by itself: that it starts, stops and refuses, but no line per request."""

from __future__ import annotations

from gunicorn.glogging import Logger


class EventLogger(Logger):
    """gunicorn's logger without access lines, which the application writes itself.

    Given a logging configuration, gunicorn puts an access line together for every request, even where no handler
    takes it. With the linear model that was 6 % of what a worker computed, by samples of one under load.
    """

    @property
    def access_log_enabled(self) -> bool:
        """No: see the class."""
        return False
