from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import joblib
import pytest

from models import store
from models.errors import IntegrityError, ManifestError, ModelNotFoundError, ModelStoreError, VersionMismatchError
from models.labels import HEADS
from tests.core.classifiers import WordClassifier, draft


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    store.save(tmp_path / "words", WordClassifier(blob=b"beside the pickle"), draft())
    return tmp_path / "words"


def rewrite(directory: Path, **changes: object) -> None:
    path = directory / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_saved_model_comes_back_whole(directory: Path) -> None:
    loaded = store.load(directory)
    assert isinstance(loaded.classifier, WordClassifier)
    assert loaded.classifier.blob == b"beside the pickle"
    assert loaded.manifest.labels == HEADS
    assert loaded.sha256 == hashlib.sha256((directory / "manifest.json").read_bytes()).hexdigest()


def test_saving_again_replaces_every_file(directory: Path) -> None:
    store.save(directory, WordClassifier(), draft())
    assert sorted(path.name for path in directory.iterdir()) == ["classifier.joblib", "manifest.json"]
    assert [path.name for path in directory.parent.iterdir()] == ["words"]


def test_a_save_that_is_interrupted_leaves_the_old_model(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        if path.name == "fresh":
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.save(directory, WordClassifier(), draft())
    loaded = store.load(directory).classifier
    assert isinstance(loaded, WordClassifier)
    assert loaded.blob == b"beside the pickle"
    assert [path.name for path in directory.parent.iterdir()] == ["words"]


@pytest.mark.parametrize("name", ["classifier.joblib", "blob.bin"])
def test_a_changed_file_is_refused_before_anything_is_unpickled(
    directory: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = directory / name
    path.write_bytes(path.read_bytes() + b"\0")

    def unpickled(*_: object) -> None:
        pytest.fail("a pickle was read before its hash was known")

    monkeypatch.setattr(joblib, "load", unpickled)
    with pytest.raises(IntegrityError, match=rf"{name}: its SHA-256 differs"):
        store.load(directory)


def test_a_missing_file_is_refused(directory: Path) -> None:
    (directory / "blob.bin").unlink()
    with pytest.raises(IntegrityError, match=r"blob\.bin: can't be read"):
        store.load(directory)


def test_another_scikit_learn_is_refused(directory: Path) -> None:
    rewrite(directory, versions={"scikit-learn": "0.24.0"})
    with pytest.raises(VersionMismatchError, match=r"made with scikit-learn 0\.24\.0"):
        store.load(directory)


def test_other_labels_are_refused(directory: Path) -> None:
    rewrite(directory, labels=HEADS | {"voice": ("own", "quoted")})
    with pytest.raises(VersionMismatchError, match="label sets"):
        store.load(directory)


DIGEST = "0123456789abcdef" * 4
NO_DIGESTS = ("", "ab", DIGEST[1:], f"{DIGEST}0", DIGEST.upper(), f"{DIGEST[1:]}g", f"{DIGEST}\n")
FILE = {"sha256": DIGEST, "bytes": 1}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"format": 2}, "format"),
        ({"files": {"../outside": {"sha256": "0" * 64, "bytes": 1}}}, r"files.*outside"),
        ({"files": {"classifier.joblib": {"sha256": "short", "bytes": 1}}}, r"files\.classifier\.joblib\.sha256"),
        ({"surprise": 1}, "surprise"),
        *(({"name": name}, "name") for name in ("Not A Name", "", "9to5", "-a", "a/../b", "a\n")),
        *(({"version": version}, "version") for version in ("1.2", "1.2.3.4", "v1.2.3", "1.2.3\n")),
        *(({"files": {name: FILE}}, "files") for name in ("", ".hidden", "a/../b", "a\\b", "a\n")),
        *(({"files": {"a": FILE | {"sha256": digest}}}, r"files\.a\.sha256") for digest in NO_DIGESTS),
        *(({"members": {name: DIGEST}}, "members") for name in ("../words", "a/../../x", "a/b", "..", "")),
        *(({"members": {"words": digest}}, r"members\.words") for digest in NO_DIGESTS),
        *(({"data": {"sha256": digest, "train": 0, "validation": 0}}, r"data\.sha256") for digest in NO_DIGESTS),
    ],
)
def test_a_malformed_manifest_names_its_field(directory: Path, changes: dict[str, object], field: str) -> None:
    rewrite(directory, **changes)
    with pytest.raises(ManifestError, match=field):
        store.load(directory)


def test_a_manifest_that_names_no_scikit_learn_is_refused(directory: Path) -> None:
    rewrite(directory, versions={})
    with pytest.raises(VersionMismatchError, match="doesn't say which scikit-learn"):
        store.load(directory)


def test_thresholds_are_whole(directory: Path) -> None:
    thresholds = json.loads((directory / "manifest.json").read_text())["thresholds"]
    del thresholds["frames"]["political"]
    rewrite(directory, thresholds=thresholds)
    with pytest.raises(ManifestError, match=r"thresholds: .*no threshold of frames for political"):
        store.load(directory)


@pytest.mark.parametrize("name", ["words", "others"])
def test_a_model_is_no_member_of_itself(directory: Path, name: str) -> None:
    rewrite(directory, name=name, members={"words": "0" * 64})
    for read in (store.load, store.stored_bytes):
        with pytest.raises(ManifestError, match="a member of itself"):
            read(directory)


@pytest.mark.parametrize("strange", ["thesis.docx", "chapters/one.txt", "manifest.json"])
def test_what_is_no_model_is_never_replaced(tmp_path: Path, strange: str) -> None:
    file = tmp_path / "results" / strange
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    if strange == "manifest.json":
        (tmp_path / "results" / "background.js").write_text("mine")
    with pytest.raises(ModelStoreError, match="no part of a model and would be lost"):
        store.save(tmp_path / "results", WordClassifier(), draft())
    assert file.read_text() == "mine"


def test_a_model_with_something_else_beside_it_is_not_replaced(directory: Path) -> None:
    (directory / "notes.txt").write_text("mine")
    with pytest.raises(ModelStoreError, match=r"holds notes\.txt"):
        store.save(directory, WordClassifier(), draft())
    assert (directory / "notes.txt").read_text() == "mine"


def test_a_file_and_the_working_directory_are_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    for path, told in ((tmp_path / "file", "a file is there"), (Path(), "the working"), (tmp_path, "the working")):
        with pytest.raises(ModelStoreError, match=told):
            store.save(path, WordClassifier(), draft())


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ModelStoreError, match="can't be written"):
        store.save(tmp_path / "file" / "words", WordClassifier(), draft())


def test_an_empty_directory_and_a_model_of_another_release_are_replaced(directory: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    rewrite(directory, format=2, unheard="of")
    for path in (tmp_path / "empty", directory):
        store.save(path, WordClassifier(), draft())
        assert isinstance(store.load(path).classifier, WordClassifier)


def test_a_manifest_that_is_not_json_is_refused(directory: Path) -> None:
    (directory / "manifest.json").write_text("{")
    with pytest.raises(ManifestError, match="the document"):
        store.load(directory)


def test_a_manifest_without_a_classifier_is_refused(directory: Path) -> None:
    rewrite(directory, files={})
    with pytest.raises(IntegrityError, match=r"lists no classifier\.joblib"):
        store.load(directory)


def test_a_pickle_of_something_else_is_refused(directory: Path) -> None:
    buffer = io.BytesIO()
    joblib.dump({"not": "a classifier"}, buffer)
    data = buffer.getvalue()
    (directory / "classifier.joblib").write_bytes(data)
    rewrite(directory, files={"classifier.joblib": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}})
    with pytest.raises(ModelStoreError, match="holds a dict"):
        store.load(directory)


def test_a_shipped_model_goes_before_a_directory_of_its_name(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory.rename(tmp_path / "linear")
    monkeypatch.chdir(tmp_path)
    assert store.model_directory("linear") == store.SHIPPED / "linear"
    assert store.model_directory(tmp_path / "linear") == tmp_path / "linear"
    assert store.model_directory("./linear").resolve() == tmp_path / "linear"


def test_a_model_is_found_by_a_path_too(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(directory.parent)
    for path in (directory, str(directory), "words", "./words"):
        assert store.model_directory(path).resolve() == directory.resolve()


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ModelNotFoundError, match="linear"):
        store.load("nonesuch")


@pytest.mark.parametrize("name", store.shipped_models())
def test_every_shipped_model_loads(name: str) -> None:
    assert store.load(name).manifest.name == name
