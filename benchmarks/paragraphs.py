"""The paragraphs that speed is measured on; written for this purpose, about as long and varied as news has them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PATH: Final = Path(__file__).with_name("paragraphs.txt")


def paragraphs() -> list[str]:
    """Return all of them, in their order."""
    return _PATH.read_text(encoding="utf-8").strip().split("\n\n")
