"""What the members of an ensemble are worth: figures of the whole, differences of all else, by a command."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from models.store import load
from training.__main__ import main

PARAGRAPHS = Path(__file__).with_name("paragraphs.jsonl")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "paragraphs.validation.jsonl").write_bytes(PARAGRAPHS.read_bytes())
    return tmp_path


def test_a_row_for_each_way_to_do_without(data: Path) -> None:
    page = data / "members.md"
    call = ["members", "--data", str(data), "--markdown", str(page), "--draws", "20"]
    result = CliRunner().invoke(main, call)
    assert result.exit_code == 0, result.output
    rows = [line.split(" | ") for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    figures = [row for row in rows if len(row) == 6]
    names = [row[0].removeprefix("| ") for row in figures]
    members = load("ensemble").classifier.member_names
    assert names[:2] == ["without", "nothing (the whole ensemble)"]
    alone = {f"all but `{name}`" for name in members} if len(members) > 2 else set()
    assert {f"`{name}`" for name in members} | alone < set(names)
    assert len(names) == 2 + len(members) + len(alone) + 2
    assert all(cell.startswith(("+", "-")) for row in figures[2:] for cell in row[1:])


def test_a_single_model_is_refused(data: Path) -> None:
    call = ["members", "--data", str(data), "--markdown", str(data / "page.md"), "--model", "linear"]
    result = CliRunner().invoke(main, call)
    assert result.exit_code == 1
    assert "not an ensemble" in result.output
