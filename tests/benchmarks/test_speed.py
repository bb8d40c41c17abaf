"""The measuring itself: a short run gives a whole report, and what is written says what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import speed
from benchmarks.__main__ import main
from benchmarks.over_http import percentiles
from benchmarks.paragraphs import paragraphs
from models.text import skip_reason


def test_paragraphs_are_like_news() -> None:
    texts = paragraphs()
    assert len(set(texts)) == len(texts) >= 40
    assert all(skip_reason(text) is None for text in texts)
    assert 200 <= sum(map(len, texts)) / len(texts) <= 400


def test_percentiles() -> None:
    assert percentiles([i / 1000 for i in range(1, 100)]) == {"p50": 50, "p95": 95, "p99": 99}


@pytest.mark.parametrize("arguments", [["--help"], ["http", "--help"]])
def test_help(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0
    assert "Usage:" in done.output


def test_a_short_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "has_torch", lambda: False)
    monkeypatch.setattr(speed, "_LATENCY_REQUESTS", 10)
    arguments = ["http", "--model", "linear", "--cores", "1", "--rounds", "2", "--seconds", "0.3"]
    done = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path / "speed")], catch_exceptions=False)
    assert done.exit_code == 0
    [report] = json.loads((tmp_path / "speed.json").read_text())
    assert report["rates"].keys() == {"http", "in_process", "pipelines"}
    assert all(rate["min"] > 0 for rate in report["rates"].values())
    # Far under what is measured on a machine at rest, and over what any mistake in serving would leave.
    assert report["ratios"]["http/in_process"]["max"] > 0.3
    assert report["ratios"]["http/pipelines"]["max"] > 1
    text = (tmp_path / "speed.md").read_text()
    assert f"model {report['model']['sha256'][:12]}" in text
    assert f"{report['latency_ms']['12']['p50']}" in text
