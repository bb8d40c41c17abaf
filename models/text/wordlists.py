"""The closed word classes of ``wordlists.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

from models.errors import TableError


def _load() -> dict[str, frozenset[str]]:
    data = tomllib.loads(files("models.text").joinpath("wordlists.toml").read_text("utf-8"))
    for name, words in data.items():
        if not isinstance(words, str) or words != words.lower():
            raise TableError(f"wordlists.toml: {name}: must be a text of words in small letters")
    return {name: frozenset(words.split()) for name, words in data.items()}


WORDS: Final = _load()
"""The word classes by name; the file says what each is for."""
