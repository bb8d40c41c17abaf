"""Dynamic batching: paragraphs of requests that wait for their turn are scored in one call.

A call of the model costs something whatever it is asked, so that requests of a few paragraphs are dear. Those that
wait anyhow lose nothing by being taken along by whoever computes next; nobody waits for others to come.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from models.analysis import ParagraphResult

_log = logging.getLogger("standpoint.service")


class Part:
    """The paragraphs of one request, and their results once somebody has scored them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.results: list[ParagraphResult] | None = None
        self.taken = False
        self.ended = threading.Event()


class Batches:
    """Puts parts together. Safe to share between threads.

    Args:
        score: Returns a result for each paragraph, which depends on that paragraph alone.
        most: Paragraphs to score in one call, which passes no turn on before it has scored as many; a part of more is
            scored by itself.
    """

    def __init__(self, score: Callable[[Sequence[str]], list[ParagraphResult]], most: int) -> None:
        self._score = score
        self._most = most
        self._lock = threading.Lock()
        self._waiting: deque[Part] = deque()

    def offer(self, texts: Sequence[str]) -> Part:
        """Let paragraphs be scored by whoever computes next; before waiting for one's own turn."""
        part = Part(texts)
        with self._lock:
            self._waiting.append(part)
        return part

    def results(self, part: Part) -> list[ParagraphResult]:
        """Return the results of ``part``, scoring it and others that wait unless that is done; in one's own turn."""
        # Other threads with a request in hand get to offer theirs: the interpreter would let them in too late.
        time.sleep(0)
        parts = self._take(part)
        if not parts:
            part.ended.wait()
        elif len(parts) > 1:
            self._score_together(parts)
        # By itself too where it was in bad company: one paragraph that the model fails at fails no other request.
        return self._score(part.texts) if part.results is None else part.results

    def withdraw(self, part: Part) -> None:
        """Have nobody score ``part`` any more."""
        with self._lock:
            if not part.taken:
                part.taken = True
                self._waiting.remove(part)

    def _take(self, part: Part) -> list[Part]:
        """Return ``part`` with those that fit in beside it, longest waiting first; none if somebody has taken it."""
        with self._lock:
            if part.taken:
                return []
            room = self._most - len(part.texts)
            parts = [part]
            self._waiting.remove(part)
            while self._waiting and len(self._waiting[0].texts) <= room:
                parts.append(self._waiting.popleft())
                room -= len(parts[-1].texts)
            for one in parts:
                one.taken = True
            return parts

    def _score_together(self, parts: Sequence[Part]) -> None:
        try:
            results = iter(self._score([text for part in parts for text in part.texts]))
            for part in parts:
                part.results = [next(results) for _ in part.texts]
        except Exception as error:
            # Each scores its own then, and whose fault it was will meet it again; if nobody does, this is all there is.
            _log.warning("a call for %d requests failed: %s", len(parts), type(error).__name__)
        finally:
            for part in parts:
                part.ended.set()
