"""What the parts are worth, measured on a small corpus: the machinery, not the figures."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from models.features import extract
from models.paragraph import prepare
from tests.models.corpus import labelled
from training.__main__ import main
from training.ablation import VARIANTS, ReducedClassifier, Variant, intervals_of

CORPUS = Path(__file__).parent / "paragraphs.jsonl"


def flat(family: list[str] | list[list[str]]) -> set[str]:
    return {name for one in family for name in ([one] if isinstance(one, str) else one)}


FOUND = extract(prepare("Moscow accused Kyiv of lying, and “we know it,” the envoy said."))


@pytest.mark.parametrize("variant", [one for one in VARIANTS if "target" in one.name or "pairs" in one.name])
def test_a_reduction_takes_something_away_and_adds_nothing(variant: Variant) -> None:
    reduced = variant.reduce(FOUND)
    assert reduced != FOUND
    for before, after in zip(map(flat, FOUND), map(flat, reduced), strict=True):
        assert after <= before


def test_without_pairs_only_words_are_left() -> None:
    (variant,) = [one for one in VARIANTS if "pairs" in one.name]
    reduced = variant.reduce(FOUND)
    assert all(" " not in name for name in [*reduced.common, *reduced.document, *flat(reduced.masked)])
    assert "lying" in reduced.common


def test_a_reduced_classifier_sees_less_when_it_scores_too() -> None:
    paragraphs, labels = labelled()
    classifier = ReducedClassifier(min_rows=1, folds=2)
    classifier.reduce = lambda found: found._replace(common=[])
    classifier.fit(paragraphs, labels)
    texts = ["Snow fell on the hills.", "Rain fell on the coast."]
    one, other = classifier.predict_proba([prepare(text) for text in texts]).stance
    assert np.array_equal(one, other)


def test_what_is_worse_without_a_part_lies_under_the_whole_draw_by_draw() -> None:
    whole = {"stance": np.array([0.7, 0.9, 0.5, 0.7]), "voice": np.array([0.6, 0.6, 0.6, 0.6])}
    without = {"stance": np.array([0.6, 0.8, 0.4, 0.6]), "voice": np.array([0.8, 0.8, 0.8, 0.8])}
    assert intervals_of(without)["stance"].value == 0.6
    found = intervals_of(without, whole)
    assert found["stance"] == pytest.approx((-0.1, -0.1, -0.1))
    assert found["voice"] == pytest.approx((0.2, 0.2, 0.2))


def test_the_command_writes_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.ablation.VARIANTS", VARIANTS[:2])
    for split in ("train", "validation"):
        shutil.copy(CORPUS, tmp_path / f"paragraphs.{split}.jsonl")
    words = ["ablation", "--data", tmp_path, "--markdown", tmp_path / "a.md", "--folds", 2, "--draws", 10]
    words += ["--state", tmp_path / "state"]
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    page = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert all(page.count(f"| {variant.name} |") == 2 for variant in VARIANTS[:2])
    monkeypatch.setattr(ReducedClassifier, "fit", None)  # a second run fits nothing
    assert CliRunner().invoke(main, [str(word) for word in words]).exit_code == 0
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == page
