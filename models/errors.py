"""The error tree of the project.

::

    StandpointError
    ├── TableError            a terminology or gazetteer table is invalid (names file, entry and field)
    └── ModelStoreError       a model directory can't be served
        ├── ModelNotFoundError
        ├── ManifestError     the manifest is missing, malformed or of an unknown format
        ├── IntegrityError    a file is missing or its SHA-256 differs
        └── VersionMismatchError  made with another scikit-learn, or with other label sets
"""

from __future__ import annotations


class StandpointError(Exception):
    """Base of every error this project raises on purpose; its text says what to do."""


class TableError(StandpointError):
    """A terminology or gazetteer table is invalid."""


class ModelStoreError(StandpointError):
    """A model directory can't be served."""


class ModelNotFoundError(ModelStoreError):
    """No model directory goes by this name."""


class ManifestError(ModelStoreError):
    """The manifest is missing, malformed or of an unknown format."""


class IntegrityError(ModelStoreError):
    """A file that the manifest lists is missing or differs from its SHA-256."""


class VersionMismatchError(ModelStoreError):
    """The model was made with another scikit-learn or other label sets than those running."""
