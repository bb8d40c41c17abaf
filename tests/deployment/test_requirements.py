"""Locks pin everything, with hashes, and keep training out of serving."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest

from benchmarks.server import ROOT

SETS = ("runtime", "dev", "bench", "training")


def pins(name: str) -> dict[str, str]:
    """Return the version of each package in a lock."""
    text = (ROOT / f"requirements/{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", SETS)
def test_everything_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text()
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert re.match(r"[a-z0-9-]+==\S+[^\n]*\\\n", entry), entry[:80]
        assert "--hash=sha256:" in entry


@pytest.mark.parametrize("name", SETS)
def test_every_requirement_is_in_its_lock(name: str) -> None:
    lines = (ROOT / f"requirements/{name}.in").read_text().splitlines()
    wanted = [re.match(r"[a-z0-9-]+", line) for line in lines if not line.startswith(("#", "-"))]
    assert {found[0] for found in wanted if found} <= pins(name).keys()


@pytest.mark.parametrize("name", SETS[1:])
def test_all_sets_agree_on_what_serving_needs(name: str) -> None:
    assert pins("runtime").items() <= pins(name).items()


def test_serving_needs_nothing_of_training() -> None:
    assert not {"torch", "transformers", "onnx", "pytest", "mypy"} & pins("runtime").keys()


def test_scikit_learn_is_the_one_the_models_were_made_with() -> None:
    assert pins("runtime")["scikit-learn"] == "1.9.1"
    assert "scikit-learn==1.9.1" in (ROOT / "requirements/runtime.in").read_text()


def test_what_runs_here_is_what_is_locked() -> None:
    for name in ("flask", "gunicorn", "numpy", "pydantic", "scikit-learn"):
        assert version(name) == pins("runtime")[name]
