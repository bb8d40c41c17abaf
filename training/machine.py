"""The machine that figures were measured on, in words."""

from __future__ import annotations

import os
import platform


def describe_machine() -> str:
    """Return the size of this machine: cores that this process may use, memory, architecture, Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [f"{cores} {'core' if cores == 1 else 'cores'}"]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        parts.append(f"{gibibytes:.0f} GiB of memory")
    return ", ".join([*parts, platform.machine(), f"Python {platform.python_version()}"])
