"""What commands write: told before the work where it can't be, and never in place of what they did not make."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import training.__main__
from training.__main__ import main
from training.outputs import Command, OutputError, OutputFile, write_text

CORPUS = Path(__file__).parent / "paragraphs.jsonl"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def told(result: Result) -> str:
    """Return what a refusal says, its lines joined."""
    assert result.exit_code in {1, 2}, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return " ".join(result.output.split())


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "data"
    directory.mkdir()
    for name in ("paragraphs.train.jsonl", "paragraphs.validation.jsonl", "pool.jsonl"):
        shutil.copy(CORPUS, directory / name)

    def worked(*_: object) -> None:
        pytest.fail("the corpus was read before the output was looked at")

    monkeypatch.setattr(training.__main__, "read_corpus", worked)
    return directory


@pytest.mark.parametrize("command", ["fit", "ensemble"])
def test_a_directory_that_holds_no_model_is_refused_before_the_work(command: str, data: Path, tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "thesis.docx").write_text("mine")
    found = run(command, "--data", data, "--out", tmp_path / "results")
    assert "holds thesis.docx, which is no part of a model" in told(found)
    assert (tmp_path / "results" / "thesis.docx").read_text() == "mine"


@pytest.mark.parametrize("out", ["data", ".", "data/..", "elsewhere/data"])
def test_neither_the_data_nor_what_holds_them_is_a_model_directory(
    out: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "data").symlink_to(data)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    told(run("fit", "--data", data, "--out", out))
    assert sorted(tmp_path.rglob("*")) == before


def test_an_ensemble_is_no_member_of_itself(data: Path, tmp_path: Path) -> None:
    call = ("ensemble", "--data", data, "--out", tmp_path / "pool")
    assert "can't be a member of itself" in told(run(*call, "--member", "pool", 1))
    assert "more than 0" in told(run(*call, "--member", "a", 1.5, "--member", "b", -0.5))


@pytest.mark.parametrize("option", ["--json", "--markdown"])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere/page", "there is no directory"),
        ("data", "is a directory"),
        ("data/paragraphs.validation.jsonl", "would replace what --data reads"),
        ("model/manifest.json", "is a part of a model"),
    ],
)
def test_files_that_can_not_be_written_are_told_first(
    option: str, name: str, reason: str, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "manifest.json").write_text("{}")
    assert reason in told(run("evaluate", "--model", "linear", "--data", data, option, tmp_path / name))
    assert (data / "paragraphs.validation.jsonl").read_bytes() == CORPUS.read_bytes()


@pytest.mark.parametrize("command", ["ablation", "curve", "members", "agreement"])
def test_pages_of_all_commands_are_looked_at_first(command: str, data: Path, tmp_path: Path) -> None:
    assert "there is no directory" in told(run(command, "--data", data, "--markdown", tmp_path / "no" / "page.md"))


def test_other_files_in_the_data_directory_may_be_written_again(data: Path) -> None:
    @click.command(cls=Command)
    @click.option("--data", type=click.Path(exists=True))
    @click.option("--out", type=OutputFile())
    def command(data: str, out: Path) -> None:
        click.echo(f"{out} of {data}")

    (data / "human").mkdir()
    for name, exit_code in (("said.jsonl", 0), ("page.md", 0), ("pool.jsonl", 2), ("human/mpqa2.jsonl.gz", 2)):
        (data / name).write_text("[]")
        result = CliRunner().invoke(command, ["--data", str(data), "--out", str(data / name)])
        assert result.exit_code == exit_code, result.output


def test_a_model_directory_in_a_file_is_refused_at_once(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "no directory can be made" in told(run("fit", "--data", data, "--out", tmp_path / "file" / "mine"))


def test_two_outputs_are_two_files(data: Path, tmp_path: Path) -> None:
    call = ("evaluate", "--model", "linear", "--data", data)
    assert "are the same" in told(run(*call, "--json", tmp_path / "one", "--markdown", tmp_path / "one"))


def test_a_draft_of_a_table_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "draft.toml").write_text("# read through already\n")
    assert "holds something already" in told(run("pairs", CORPUS, "--out", tmp_path / "draft.toml"))
    assert (tmp_path / "draft.toml").read_text() == "# read through already\n"


def test_a_page_is_rewritten_and_a_link_stays_one(tmp_path: Path) -> None:
    page, link = tmp_path / "page.md", tmp_path / "link.md"
    page.write_text("old")
    link.symlink_to(page)
    kind = OutputFile()
    assert kind.convert(str(link), None, None) == link
    write_text(link, "new")
    assert link.is_symlink()
    assert page.read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.md", "page.md"]


def test_what_fails_while_writing_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="can't be written"):
        write_text(tmp_path / "gone" / "page.md", "new")
    with pytest.raises(click.BadParameter, match="is a directory"):
        OutputFile().convert(str(tmp_path), None, None)


@pytest.mark.parametrize(
    "words",
    [
        ("--folds", 1),
        ("--folds", 0),
        ("--draws", 0),
        ("--draws", -1),
        ("--seed", -1),
        ("--jobs", 0),
        ("--min-rows", 0),
        ("--taught", -5),
    ],
)
def test_numbers_out_of_range_are_told_first(words: tuple[str, int], data: Path, tmp_path: Path) -> None:
    assert f"Invalid value for '{words[0]}'" in told(run("fit", "--data", data, "--out", tmp_path / "mine", *words))


def test_a_link_to_a_part_of_a_model_is_one(data: Path, tmp_path: Path) -> None:
    model, link = tmp_path / "mine", tmp_path / "page.md"
    model.mkdir()
    (model / "manifest.json").write_text("{}")
    link.symlink_to(model / "manifest.json")
    found = run("evaluate", "--model", "linear", "--data", data, "--markdown", link)
    assert "is a part of a model" in told(found)
    assert (model / "manifest.json").read_text() == "{}"


def test_no_output_takes_the_name_of_data_that_would_be_read_instead(data: Path) -> None:
    found = run("label", "--model", "linear", "--data", data, "--out", data / "pool.jsonl.gz")
    assert "would replace what --data reads" in told(found)
    assert not (data / "pool.jsonl.gz").exists()


def test_a_link_is_no_model_directory(data: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").symlink_to(tmp_path / "gone")
    assert "is a link" in told(run("fit", "--data", data, "--out", tmp_path / "mine"))
