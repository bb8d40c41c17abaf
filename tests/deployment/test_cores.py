"""Workers are counted by what the container may use, not by what the machine has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.serving import usable_cores


def cgroup(directory: Path, own: str, **files: str) -> tuple[Path, Path]:
    """Lay out control groups; ``__`` in a name stands for a slash, ``_dot_`` for a dot."""
    mount, listing = directory / "cgroup", directory / "self"
    mount.mkdir()
    listing.write_text(own)
    for name, content in files.items():
        path = mount / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return mount, listing


@pytest.fixture(autouse=True)
def eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))


@pytest.mark.parametrize(
    ("limit", "cores"),
    [
        ("max 100000", 8),
        ("200000 100000", 2),
        ("150000 100000", 2),
        ("50000 100000", 1),
        ("1600000 100000", 8),
        ("", 8),
    ],
)
def test_quota_of_version_2(tmp_path: Path, limit: str, cores: int) -> None:
    assert usable_cores(*cgroup(tmp_path, "0::/\n", cpu_dot_max=limit)) == cores


def test_the_tightest_group_above_counts(tmp_path: Path) -> None:
    layout = {
        "a__cpu_dot_max": "300000 100000",
        "a__b__cpu_dot_max": "max 100000",
        "a__b__c__cpu_dot_max": "400000 100000",
    }
    assert usable_cores(*cgroup(tmp_path, "0::/a/b/c\n", **layout)) == 3


def test_a_group_that_is_not_visible_here(tmp_path: Path) -> None:
    assert usable_cores(*cgroup(tmp_path, "0::/kubepods/pod1/abc\n", cpu_dot_max="100000 100000")) == 1


@pytest.mark.parametrize(("quota", "cores"), [("-1", 8), ("250000", 3), ("100000", 1)])
def test_quota_of_version_1(tmp_path: Path, quota: str, cores: int) -> None:
    own = "7:memory:/docker/x\n4:cpu,cpuacct:/docker/x\n1:name=systemd:/docker/x\n"
    layout = {"cpu__cpu_dot_cfs_quota_us": quota, "cpu__cpu_dot_cfs_period_us": "100000"}
    assert usable_cores(*cgroup(tmp_path, own, **layout)) == cores


def test_no_groups_at_all(tmp_path: Path) -> None:
    assert usable_cores(tmp_path / "none", tmp_path / "nothing") == 8
