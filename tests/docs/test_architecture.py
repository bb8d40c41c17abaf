"""The page on the architecture names every module or the folder that it lies in, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


@pytest.mark.parametrize("package", ["models", "service", "training"])
def test_every_module_is_in_its_table(package: str) -> None:
    table = PAGE.split(f"## `{package}`\n", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    named = set(re.findall(r"`([\w.]+/?)`", "".join(re.findall(r"^\| (.+?) \|", table, re.MULTILINE))))
    there = {path.name for path in (ROOT / package).glob("*.py")} - {"__init__.py"}
    there |= {f"{path.name}/" for path in (ROOT / package).iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert named == there


def test_every_path_that_it_names_is_there() -> None:
    for path in re.findall(r"`((?:models|service|training|docs)/[\w./]+)`", PAGE):
        assert (ROOT / path).exists(), path
