"""How the C library hands out memory to a worker's threads."""

from __future__ import annotations

import ctypes
from typing import Final

# From glibc's malloc.h: https://man7.org/linux/man-pages/man3/mallopt.3.html
_M_ARENA_MAX: Final = -8


def share_one_arena() -> bool:
    """Let all threads take memory from one arena; return whether the C library can do so (glibc can, musl needs not).

    glibc gives each thread an arena of its own. Here a request runs on whichever thread is free, one at a time, so that
    it would write to memory that no cache holds, while what the last request freed lies ready. It also saves memory.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_M_ARENA_MAX, 1))
