"""The training commands, end to end on a small corpus of one's own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from models import store
from models.analysis import Analyzer
from training.__main__ import main
from training.corpus import read_corpus

CORPUS = Path(__file__).parent / "paragraphs.jsonl"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    lines = CORPUS.read_text(encoding="utf-8").splitlines(keepends=True)
    (directory / "paragraphs.train.jsonl").write_text("".join(lines[::2]), encoding="utf-8")
    (directory / "paragraphs.validation.jsonl").write_text("".join(lines[1::2]), encoding="utf-8")
    shutil.copy(CORPUS, directory / "pool.jsonl")
    return directory


@pytest.fixture(scope="module")
def model(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("models") / "mine"
    result = run("fit", "--data", data, "--out", directory, "--folds", 3, "--version", "0.3.0", "--draws", 20)
    assert result.exit_code == 0, result.output
    assert "macro-F1 of stance" in result.output
    return directory


def test_a_name_that_no_model_may_have_is_refused_at_once(data: Path, tmp_path: Path) -> None:
    for command in ("fit", "ensemble"):
        result = run(command, "--data", data, "--out", tmp_path / "My_model")
        assert result.exit_code == 2
        assert "'My_model'" in result.output
        assert "small letters, digits and hyphens" in " ".join(result.output.split())
        assert "preparing" not in result.output
    assert not list(tmp_path.iterdir())


def test_a_version_that_no_model_may_have_is_refused_at_once(data: Path, tmp_path: Path) -> None:
    for command in ("fit", "ensemble"):
        result = run(command, "--data", data, "--out", tmp_path / "mine", "--version", "v2")
        assert result.exit_code == 2
        assert "three numbers" in result.output
    assert not list(tmp_path.iterdir())


def test_a_fitted_model_can_be_served(model: Path) -> None:
    loaded = store.load(model)
    analyzer = Analyzer(loaded)
    assert (loaded.manifest.name, loaded.manifest.version) == ("mine", "0.3.0")
    assert loaded.manifest.data.train == loaded.manifest.data.validation == 30
    assert analyzer.self_test()
    (result,) = analyzer.analyze(["The Kremlin's envoy was expected in Kyiv by the end of the week."], explain=True)
    assert result.scores is not None


def test_evaluating_gives_the_figures_of_the_manifest(model: Path, data: Path, tmp_path: Path) -> None:
    result = run(
        "evaluate", "--model", model, "--data", data, "--draws", 20,
        "--json", tmp_path / "e.json", "--markdown", tmp_path / "e.md",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    evaluation = json.loads((tmp_path / "e.json").read_text(encoding="utf-8"))
    stance = evaluation["heads"]["stance"]
    assert np.array(stance["confusion"]).sum() == 90
    assert stance["macro_f1"]["low"] <= stance["macro_f1"]["value"] <= stance["macro_f1"]["high"]
    assert evaluation["data"]["paragraphs"] == 30
    # Shipped weights are of half precision: a label may tip over, no more.
    kept = store.load(model).manifest.quality["stance"]["macro_f1"]["value"]
    assert stance["macro_f1"]["value"] == pytest.approx(kept, abs=0.05)
    card = (tmp_path / "e.md").read_text(encoding="utf-8")
    assert card.startswith("# Model card: mine 0.3.0")
    assert evaluation["data"]["sha256"] in card
    assert f"{stance['macro_f1']['value']:.3f}" in card
    assert evaluation["machine"] in card


def test_figures_of_held_out_folds_stand_for_their_own_paragraphs_only(model: Path, data: Path, tmp_path: Path) -> None:
    noted, others = tmp_path / "noted", tmp_path / "others"
    shutil.copytree(model, noted)
    manifest = json.loads((noted / "manifest.json").read_text(encoding="utf-8"))
    manifest["quality"]["note"] = "held out"
    manifest["quality"]["voice"]["macro_f1"]["value"] = 0.123
    (noted / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    others.mkdir()
    # As many paragraphs, of the other split.
    shutil.copy(data / "paragraphs.train.jsonl", others / "paragraphs.validation.jsonl")
    for directory, told in ((data, True), (others, False)):
        found = tmp_path / f"{directory.name}.json"
        result = run("evaluate", "--model", noted, "--data", directory, "--draws", 20, "--json", found)
        assert result.exit_code == 0, result.output
        evaluation = json.loads(found.read_text(encoding="utf-8"))
        assert (evaluation["heads"]["voice"]["macro_f1"]["value"] == 0.123) is told
        assert ("note" in evaluation) is told
        assert ("calibrated, and its thresholds chosen, on" in evaluation.get("caution", "")) is not told


def test_a_card_says_of_the_labels_what_the_data_say(model: Path, data: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in (data / "paragraphs.validation.jsonl").read_text("utf-8").splitlines()]
    for named, told in (
        ({}, "Agreement with the labels of that file is what the figures measure."),
        ({"labelled_by": "two students"}, "The labels were given by two students: agreement"),
    ):
        rows = "".join(json.dumps(line | named) + "\n" for line in lines)
        (tmp_path / "paragraphs.validation.jsonl").write_text(rows, encoding="utf-8")
        result = run("evaluate", "--model", model, "--data", tmp_path, "--draws", 5)
        assert told in result.output
        assert "language model" not in result.output


def test_without_files_the_card_is_printed(model: Path, data: Path) -> None:
    result = run("evaluate", "--model", model, "--data", data, "--draws", 5)
    assert result.exit_code == 0
    assert "# Model card: mine" in result.output


def test_fitting_twice_gives_the_same_figures(model: Path, data: Path, tmp_path: Path) -> None:
    again = tmp_path / "mine"
    run("fit", "--data", data, "--out", again, "--folds", 3, "--version", "0.3.0", "--draws", 20)
    assert store.load(again).manifest.quality == store.load(model).manifest.quality


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["evaluate", "--model", "nothing-here", "--data", "."], "no model 'nothing-here'"),
        (["fit", "--data", ".", "--out", "x/y"], "no paragraphs.train.jsonl.gz"),
        (["evaluate", "--model", "x"], "Missing option '--data'"),
    ],
)
def test_mistakes_are_told_in_one_line(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code in {1, 2}
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_bad_line_is_told_with_its_number(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    with (tmp_path / "data" / "paragraphs.train.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"text": "no labels"}\n')
    result = run("fit", "--data", tmp_path / "data", "--out", tmp_path / "model")
    assert result.exit_code == 1
    assert "paragraphs.train.jsonl: line 31: field 'stance'" in result.output
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("command", ["fit", "curve", "ensemble", "members"])
def test_too_few_documents_for_the_folds_are_told_before_the_work(command: str, tmp_path: Path) -> None:
    lines = [json.loads(line) | {"doc": f"d{at % 4}"} for at, line in enumerate(CORPUS.read_text("utf-8").splitlines())]
    for split in ("train", "validation"):
        path = tmp_path / f"paragraphs.{split}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    out = ("--markdown", tmp_path / "page.md") if command in {"curve", "members"} else ("--out", tmp_path / "mine")
    result = run(command, "--data", tmp_path, *out)
    assert result.exit_code == 1
    assert "too few for" in result.output
    assert "documents" in result.output
    assert "preparing" not in result.output


def test_every_command_has_help() -> None:
    for name in main.commands:
        result = run(name, "--help")
        assert result.exit_code == 0
        assert "Usage:" in result.output


def test_the_corpus_of_these_tests_knows_every_stance_and_side() -> None:
    labels = read_corpus(CORPUS).labels
    assert set(np.unique(labels.stance)) == set(np.unique(labels.side)) == set(np.unique(labels.voice)) == {0, 1, 2, 3}


def test_a_student_learns_from_a_teacher(model: Path, data: Path, tmp_path: Path) -> None:
    said = tmp_path / "said.jsonl"
    result = run("label", "--data", data, "--model", model, "--out", said)
    assert result.exit_code == 0, result.output
    fit = ("fit", "--data", data, "--folds", 3, "--draws", 5)
    result = run(*fit, "--out", tmp_path / "student", "--teacher", said, "--taught", 20)
    assert result.exit_code == 0, result.output
    assert store.load(tmp_path / "student").manifest.parameters["taught"] == 20
    said.write_text("".join(said.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
    result = run(*fit, "--out", tmp_path / "none", "--teacher", said)
    assert result.exit_code == 1
    assert "finish it with 'training label'" in result.output
