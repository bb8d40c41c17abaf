"""The manifest of a shipped model: what it is, what it was made from, and what its files must hash to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import ManifestError
from models.labels import Frame, Narrative, Side, Stance, Target, Voice

MANIFEST_NAME: Final = "manifest.json"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]
# Plain names: a manifest must not be able to point outside its directory.
ModelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
ModelVersion = Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileEntry(_Part):
    """One file of a model directory."""

    sha256: Sha256
    bytes: int = Field(ge=0)


class DataEntry(_Part):
    """What a model was trained and chosen on."""

    sha256: Sha256 = Field(description="SHA-256 over the training and validation files, in that order")
    train: int = Field(ge=0, description="labelled training paragraphs")
    validation: int = Field(ge=0, description="labelled validation paragraphs")


class Thresholds(_Part):
    """Where probabilities become decisions."""

    frames: dict[Frame, Probability] = Field(description="a frame is listed when its score reaches this")
    narratives: dict[Narrative, Probability] = Field(description="likewise, a narrative")
    abstain: dict[Target, Probability] = Field(
        description="a stance whose confidence is lower is marked as one to abstain from"
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for name, labels in (("frames", Frame), ("narratives", Narrative), ("abstain", Target)):
            if missing := [str(label) for label in labels if label not in getattr(self, name)]:
                raise ValueError(f"no threshold of {name} for {', '.join(missing)}")
        return self


class GoldenLabels(_Part):
    """The labels of :data:`models.golden.GOLDEN_TEXT` at the time of saving."""

    stance: dict[Target, Stance]
    voice: Voice
    side: Side


class Draft(_Part):
    """What the maker of a model says of it; saving adds labels, versions, hashes and the golden paragraph."""

    name: ModelName
    version: ModelVersion
    description: str
    created: str = Field(description="ISO 8601 date")
    data: DataEntry
    thresholds: Thresholds
    parameters: dict[str, Any] = Field(description="settings and seed of the fit")
    quality: dict[str, Any] = Field(description="validation figures, as the evaluate command measures them")


class Manifest(Draft):
    """A whole manifest, as stored beside the model's files."""

    format: Literal[1] = 1
    labels: dict[str, tuple[str, ...]] = Field(description="label names of every head, in column order")
    versions: dict[str, str] = Field(description="libraries the model was made with; scikit-learn's must match")
    golden: GoldenLabels
    files: dict[FileName, FileEntry]
    members: dict[ModelName, Sha256] = Field(
        default={}, description="models beside this one that it depends on, each with the hash of its manifest"
    )

    @model_validator(mode="after")
    def _asks_others(self) -> Self:
        if self.name in self.members:
            raise ValueError(f"{self.name} is a member of itself")
        return self


def read_manifest(path: Path) -> tuple[Manifest, bytes]:
    """Return the manifest at ``path`` and its bytes.

    Raises:
        ManifestError: The file is missing, not JSON, of an unknown format, or a field is wrong (named in the text).
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"{path}: can't be read ({error.strerror}); a model directory needs a manifest") from error
    try:
        manifest = Manifest.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the document"
        raise ManifestError(f"{path}: {field}: {first['msg']}; train the model again with this release") from error
    if path.absolute().parent.name in manifest.members:
        raise ManifestError(f"{path}: members: the model is a member of itself; train it again with this release")
    return manifest, raw
