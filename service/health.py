"""Liveness and readiness.

A process is ready once it has itself scored the golden paragraph with the loaded model and found its known labels:
with a preloading server each forked worker does so anew. It stops being ready when it is told to drain.
"""

from __future__ import annotations

import os
import threading

from models.analysis import Analyzer
from service.problems import Kind, ProblemError


class Health:
    """Whether this process may be sent requests."""

    def __init__(self, analyzer: Analyzer, retry_after_seconds: int) -> None:
        self._analyzer = analyzer
        self._headers = {"Retry-After": str(retry_after_seconds)}
        self._lock = threading.Lock()
        self._tested_in: int | None = None
        self._passed = False
        self._draining = False

    def drain(self) -> None:
        """Answer from now on that this process is not ready, so that no new clients are sent; work goes on."""
        self._draining = True

    def check_model(self) -> None:
        """Make sure that the model has passed its self-test in this process.

        Raises:
            ProblemError: 503, since it gives the golden paragraph other labels than those it was shipped with.
        """
        if self._tested_in != os.getpid():
            with self._lock:
                if self._tested_in != os.getpid():
                    self._passed = self._analyzer.self_test()
                    self._tested_in = os.getpid()
        if not self._passed:
            raise self._not_ready("the model gives a known paragraph other labels here than where it was made")

    def check_ready(self) -> None:
        """Make sure that new clients are welcome.

        Raises:
            ProblemError: 503, since the process is draining or :meth:`check_model` failed.
        """
        if self._draining:
            raise self._not_ready("the process is draining")
        self.check_model()

    def _not_ready(self, detail: str) -> ProblemError:
        return ProblemError(Kind.NOT_READY, detail, headers=self._headers)
