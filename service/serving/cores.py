"""How many cores this process may use, as its container sees it."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

_CGROUPS: Final = Path("/sys/fs/cgroup")
_OWN_CGROUP: Final = Path("/proc/self/cgroup")


def usable_cores(cgroups: Path = _CGROUPS, own_cgroup: Path = _OWN_CGROUP) -> int:
    """Return the number of cores to plan for: those this process may run on, or its CPU quota if that is less.

    A quota of one core and a half counts as two: a worker more than the quota wastes little, half a core unused does.

    Args:
        cgroups: Where the control groups are mounted.
        own_cgroup: The list of this process's groups.
    """
    allowed = len(os.sched_getaffinity(0))
    quota = _quota(cgroups, own_cgroup)
    return allowed if quota is None else max(1, min(allowed, math.ceil(quota)))


def _quota(cgroups: Path, own_cgroup: Path) -> float | None:
    """Return the least quota, in cores, of this process's group and the groups above it; None without one."""
    quotas = []
    for line in _read(own_cgroup).splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            root, read = cgroups, _quota_v2
        elif "cpu" in controllers.split(","):
            root, read = cgroups / "cpu", _quota_v1
        else:
            continue
        group = root / path.strip("/")
        # Inside a container the path may be the host's, which isn't there; the mount's root is then our own group.
        for directory in (group, *group.parents):
            quotas.append(read(directory))
            if directory == root:
                break
    return min((quota for quota in quotas if quota is not None), default=None)


def _quota_v2(directory: Path) -> float | None:
    limit, _, period = _read(directory / "cpu.max").strip().partition(" ")
    return int(limit) / int(period) if limit.isdigit() else None


def _quota_v1(directory: Path) -> float | None:
    limit = _read(directory / "cpu.cfs_quota_us").strip()
    period = _read(directory / "cpu.cfs_period_us").strip()
    return int(limit) / int(period) if limit.isdigit() and period.isdigit() else None


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
