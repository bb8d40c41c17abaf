"""The README's figures are those that were measured, and its example is answered as it says."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from service import create_app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("block", ["quality", "speed"])
def test_figures_are_the_measured_ones(generate: ModuleType, block: str) -> None:
    assert f"<!-- {block}:begin -->\n{getattr(generate, block)()}\n<!-- {block}:end -->" in README


def test_the_example_is_answered_as_it_says(generate: ModuleType) -> None:
    shown = json.loads(re.findall(r"```json\n(.*?)\n```", README, re.DOTALL)[0])
    answer = create_app().test_client().post("/v1/classify", json=generate.EXAMPLE).get_json()["paragraphs"][0]
    assert (shown["start"], shown["end"]) == (answer["start"], answer["end"])
    for target, stance in shown["stance"].items():
        # Another processor may round another last digit.
        assert stance["label"] == answer["stance"][target]["label"]
        assert stance["confidence"] == pytest.approx(answer["stance"][target]["confidence"], abs=0.02)
        assert stance["mentions"] == answer["stance"][target]["mentions"]


def test_every_page_that_the_readme_links_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
