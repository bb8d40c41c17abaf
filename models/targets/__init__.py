"""Who is meant: mentions of Russia, Ukraine and the United States, by the codebook's definition of a target.

A target is a state and those who act for it: leaders and office-holders since 2014, institutions, forces, state
companies and state media, its people, and its capital where it stands for the government. The tables are TOML files
beside this module, one per target, ``context.toml`` for other bearers of the names and for what neighbors say, and
``spellings.toml`` for the romanization of names; they are validated on load.
"""

from __future__ import annotations

from functools import cache

from models.targets.gazetteer import Gazetteer
from models.targets.matching import Mention

__all__ = ["Gazetteer", "Mention", "default_gazetteer", "find_mentions"]


@cache
def default_gazetteer() -> Gazetteer:
    """Return the gazetteer that ships with the project, loaded once."""
    return Gazetteer.load()


def find_mentions(text: str) -> tuple[Mention, ...]:
    """Return the mentions of the three targets in ``text``, in order, without overlaps, the longest first.

    Spans are code points of ``text``; a possessive ``'s`` is not part of them.
    """
    return default_gazetteer().find(text)
