"""Signals that reach a worker while it is being born.

Between its fork and the moment that it sets handlers of its own, a worker has those of gunicorn's master, which only
put a signal on a list that the worker never reads: told to stop just then, it would serve on until it is killed.
"""

from __future__ import annotations

import os
import signal
from functools import cache
from typing import Final

_STOPPING: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGQUIT})


@cache
def let_newborns_be_stopped() -> None:
    """From now on, end a child of this process that is told to stop before it has handlers of its own."""
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_forget)


def _hold() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)


def _release() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)


def _forget() -> None:
    for number in _STOPPING:
        signal.signal(number, signal.SIG_DFL)
    _release()
