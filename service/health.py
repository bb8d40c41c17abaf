"""Liveness and readiness.

A process is ready once it has itself scored the golden paragraph with the loaded model and found its known labels:
with a preloading server each forked worker does so anew. It stops being ready when it is told to drain.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from typing import Final

from models.analysis import Analyzer
from service.problems import Kind, ProblemError

_OTHER_LABELS: Final = "the model gives a known paragraph other labels here than where it was made"
_FAILED: Final = "the model fails on a known paragraph; the cause has been logged"

_log = logging.getLogger("standpoint.service")


class Health:
    """Whether this process may be sent requests."""

    def __init__(self, analyzer: Analyzer, retry_after_seconds: int) -> None:
        self._analyzer = analyzer
        self._retry_after = retry_after_seconds
        self._lock = threading.Lock()
        self._tested_in: int | None = None
        self._fault: str | None = None
        self._again_at = math.inf
        self._draining = False

    def drain(self) -> None:
        """Answer from now on that this process is not ready, so that no new clients are sent; work goes on."""
        self._draining = True

    def check_model(self) -> None:
        """Make sure that the model has passed its self-test in this process.

        Raises:
            ProblemError: 503, since it failed, or gives the golden paragraph other labels than it was shipped with.
        """
        if self._must_test():
            with self._lock:
                if self._must_test():
                    self._test()
        if self._fault is not None:
            raise self._not_ready(self._fault)

    def check_ready(self) -> None:
        """Make sure that new clients are welcome.

        Raises:
            ProblemError: 503, since the process is draining or :meth:`check_model` failed.
        """
        if self._draining:
            raise self._not_ready("the process is draining")
        self.check_model()

    def _must_test(self) -> bool:
        return self._tested_in != os.getpid() or time.monotonic() >= self._again_at

    def _test(self) -> None:
        # While a failed test is repeated the others are told the last result, rather than kept waiting.
        self._again_at = math.inf
        try:
            self._fault = None if self._analyzer.self_test() else _OTHER_LABELS
        except Exception as error:
            # Whatever a numeric library raises, the process is not ready, and must live to say so. Memory may have
            # been short for a while, so the test is repeated when clients have been told to come again.
            self._fault = _FAILED
            self._again_at = time.monotonic() + self._retry_after
            _log.exception("self-test raised %s", type(error).__name__)
        else:
            if self._fault is not None:
                _log.error("self-test: %s", self._fault)
        self._tested_in = os.getpid()

    def _not_ready(self, detail: str) -> ProblemError:
        return ProblemError(Kind.NOT_READY, detail, headers={"Retry-After": str(self._retry_after)})
