"""Every centre of a raion is known by both its names, where English tells them apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.labels import Side
from models.terminology import find_terms
from models.terminology.romanize import bgn_ukrainian, national, newspaper_russian

_FILE = Path(__file__).with_name("raion_centres.txt")


def _centres() -> list[tuple[str, str]]:
    lines = [line for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pairs = [pair.strip().replace("_", " ", 9).split(" ") for line in lines for pair in line.split(",")]
    return [(" ".join(pair[: len(pair) // 2]), " ".join(pair[len(pair) // 2 :])) for pair in pairs]


CENTRES = _centres()
APART = [
    (national(ukrainian), newspaper_russian(russian)[0])
    for ukrainian, russian in CENTRES
    # What another Ukrainian system gives too does not show which language a writer had in mind; Perekop is the isthmus
    # too, in either language, and Novomoskovsk was Ukraine's own name until 2024.
    if ukrainian not in {"Перекоп", "Самар"}
    and newspaper_russian(russian)[0] not in {national(ukrainian), *bgn_ukrainian(ukrainian)}
]


def test_there_is_one_for_every_raion() -> None:
    assert len(CENTRES) == 136
    assert len(APART) > 80


@pytest.mark.parametrize(("ukrainian", "russian"), APART)
def test_both_names_are_found(ukrainian: str, russian: str) -> None:
    for name, side in ((ukrainian, Side.UKRAINIAN), (russian, Side.RUSSIAN)):
        text = f"The mayor of {name} in Ukraine said that the power was back."
        assert [(term.text, term.side) for term in find_terms(text)] == [(name, side)]
