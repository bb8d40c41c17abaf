"""Saving and loading models: nothing is loaded whose bytes differ from what its manifest says.

A model is a directory: ``manifest.json``, ``classifier.joblib`` and whatever further files the classifier keeps
(:meth:`~models.classifier.ParagraphClassifier.assets`). Joblib files are pickles, so hashes are checked on the very
bytes that are then unpickled. A hash in a directory proves that it is whole, not who made it: load models only from
where you would run code from.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import joblib

from models.classifier import ParagraphClassifier
from models.errors import IntegrityError, ModelNotFoundError, ModelStoreError, VersionMismatchError
from models.golden import GOLDEN_TEXT
from models.heads import HeadProbabilities
from models.labels import HEADS, Side, Stance, Target, Voice
from models.manifest import MANIFEST_NAME, Draft, FileEntry, GoldenLabels, Manifest, read_manifest
from models.paragraph import prepare

SHIPPED: Final = Path(__file__).parent / "shipped"
"""Where the models that come with a release lie, a directory each."""

CLASSIFIER_NAME: Final = "classifier.joblib"
_RECORDED: Final = ("scikit-learn", "numpy", "scipy", "joblib", "onnxruntime", "tokenizers")


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A verified model, ready to score.

    Attributes:
        manifest: What the model says of itself.
        sha256: SHA-256 of the manifest file, which in turn holds the hash of every other file: names the model exactly.
        classifier: The fitted classifier.
    """

    manifest: Manifest
    sha256: str
    classifier: ParagraphClassifier


def shipped_models() -> list[str]:
    """Return the names of the models that come with this release."""
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{MANIFEST_NAME}"))


def model_directory(name_or_path: str | Path) -> Path:
    """Return the directory of a model given by the name of a shipped one or by a path.

    A bare name is first that of a shipped model; write ``./linear`` for a directory of that name.

    Raises:
        ModelNotFoundError: There is none.
    """
    # Asked of the string: to Path, "./linear" is "linear".
    is_name = not {"/", os.sep} & set(str(name_or_path))
    for directory in ([SHIPPED / name_or_path] if is_name else []) + [Path(name_or_path)]:
        if (directory / MANIFEST_NAME).is_file():
            return directory
    names = ", ".join(shipped_models())
    raise ModelNotFoundError(
        f"no model {str(name_or_path)!r}: give a directory with a {MANIFEST_NAME}, or one of {names}"
    )


def stored_bytes(name_or_path: str | Path) -> int:
    """Return the size of a model's files, those of the models that it asks included."""
    directory = model_directory(name_or_path)
    manifest, _ = read_manifest(directory / MANIFEST_NAME)
    own = sum(entry.bytes for entry in manifest.files.values())
    return own + sum(stored_bytes(directory.parent / name) for name in manifest.members)


def load(name_or_path: str | Path, *, sha256: str | None = None) -> LoadedModel:
    """Verify and load a model, and before it the models that it depends on.

    Args:
        name_or_path: A shipped model's name, or a directory.
        sha256: The only SHA-256 that its manifest may have.

    Raises:
        ModelNotFoundError: No such model.
        ManifestError: Its manifest is missing or malformed.
        VersionMismatchError: It was made with another scikit-learn, or other labels.
        IntegrityError: A file is missing, or its hash is wrong, or that of a model which this one depends on.
        ModelStoreError: Its classifier file holds something that is not a classifier.
    """
    directory = model_directory(name_or_path)
    manifest, raw = read_manifest(directory / MANIFEST_NAME)
    found = _digest(raw)
    if sha256 not in (None, found):
        raise IntegrityError(f"{directory}: not the model that its ensemble was made of; fetch both again")
    _check_versions(directory, manifest)
    members = {name: load(directory.parent / name, sha256=pinned) for name, pinned in manifest.members.items()}
    contents = {name: _verified(directory / name, entry) for name, entry in manifest.files.items()}
    if CLASSIFIER_NAME not in contents:
        raise IntegrityError(f"{directory}: the manifest lists no {CLASSIFIER_NAME}; fetch the model again")
    classifier = joblib.load(io.BytesIO(contents.pop(CLASSIFIER_NAME)))
    if not isinstance(classifier, ParagraphClassifier):
        raise ModelStoreError(f"{directory / CLASSIFIER_NAME} holds a {type(classifier).__name__}, not a classifier")
    classifier.attach(contents)
    classifier.join({name: member.classifier for name, member in members.items()})
    return LoadedModel(manifest, found, classifier)


def check_replaceable(directory: Path) -> None:
    """Make sure that a save to ``directory`` would remove nothing but a model.

    Raises:
        ModelStoreError: It is a file, it is or holds the working directory, or it holds what no model's manifest lists.
    """
    if Path.cwd().is_relative_to(directory.resolve()):
        raise ModelStoreError(f"{directory}: the working directory lies there; name a directory of the model's own")
    if not directory.exists():
        return
    if not directory.is_dir():
        raise ModelStoreError(f"{directory}: a file is there; name another directory")
    known = {MANIFEST_NAME, *_listed(directory / MANIFEST_NAME)}
    strange = sorted(path.name for path in directory.iterdir() if path.name not in known or path.is_dir())
    if strange:
        raise ModelStoreError(
            f"{directory}: holds {strange[0]}, which is no part of a model and would be lost; name another directory"
        )


def save(directory: Path, classifier: ParagraphClassifier, draft: Draft) -> Manifest:
    """Write a model to ``directory``, in place of the model that is there, and return its manifest.

    The files are written beside it and moved at the end: an interrupted save leaves the old model whole.

    Raises:
        ModelStoreError: There is something else than a model in ``directory``, which stays as it is; or it can't be
            written.
    """
    check_replaceable(directory)
    contents = dict(classifier.assets())
    buffer = io.BytesIO()
    joblib.dump(classifier, buffer, compress=("zlib", 9))
    contents[CLASSIFIER_NAME] = buffer.getvalue()
    manifest = Manifest(
        **dict(draft),
        labels=HEADS,
        versions={"python": platform.python_version()} | {name: version(name) for name in _RECORDED},
        golden=golden_labels(classifier.predict_proba([prepare(GOLDEN_TEXT)])),
        files={name: FileEntry(sha256=_digest(data), bytes=len(data)) for name, data in sorted(contents.items())},
        members={name: load(directory.parent / name).sha256 for name in classifier.member_names},
    )
    contents[MANIFEST_NAME] = (manifest.model_dump_json(indent=2) + "\n").encode()
    try:
        _replace(directory, contents)
    except OSError as error:
        raise ModelStoreError(f"{directory}: can't be written ({error.strerror or error}); name another") from error
    return manifest


def golden_labels(probabilities: HeadProbabilities) -> GoldenLabels:
    """Return the labels of the first paragraph in ``probabilities``."""
    stance = probabilities.stance[0].argmax(axis=-1)
    return GoldenLabels(
        stance={target: tuple(Stance)[stance[i]] for i, target in enumerate(Target)},
        voice=tuple(Voice)[probabilities.voice[0].argmax()],
        side=tuple(Side)[probabilities.side[0].argmax()],
    )


def _check_versions(directory: Path, manifest: Manifest) -> None:
    made, running = manifest.versions.get("scikit-learn"), version("scikit-learn")
    if made is None:
        raise VersionMismatchError(f"{directory}: doesn't say which scikit-learn made it; train the model again")
    if made != running:
        raise VersionMismatchError(
            f"{directory}: made with scikit-learn {made}, but {running} is installed; "
            f"install scikit-learn=={made} or train the model again"
        )
    if manifest.labels != HEADS:
        raise VersionMismatchError(f"{directory}: its label sets are not this release's; train the model again")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _verified(path: Path, entry: FileEntry) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IntegrityError(f"{path}: can't be read ({error.strerror}); fetch the model again") from error
    if _digest(data) != entry.sha256:
        raise IntegrityError(f"{path}: its SHA-256 differs from the manifest's; fetch the model again")
    return data


def _listed(manifest: Path) -> set[str]:
    """Return the files that a manifest lists, be it of an older release; none where it is no manifest."""
    try:
        found = json.loads(manifest.read_bytes())
        return set(found["files"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return set()


def _replace(directory: Path, contents: dict[str, bytes]) -> None:
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}-") as scratch:
        fresh, old = Path(scratch) / "fresh", Path(scratch) / "old"
        fresh.mkdir()
        for name, data in contents.items():
            (fresh / name).write_bytes(data)
        try:
            if directory.exists():
                directory.rename(old)
            fresh.rename(directory)
        except BaseException:
            if old.exists() and not directory.exists():
                old.rename(directory)
            raise
