"""Romanized from Ukrainian or from Russian, a name is told to be one, and whose spelling is whose."""

from __future__ import annotations

import tomllib

import pytest

from models.terminology.correspondence import Pair, differences, pair, skeleton
from models.terminology.romanize import bgn_ukrainian, national, newspaper_russian
from models.terminology.tables import TABLES


@pytest.mark.parametrize(
    ("ukrainian", "russian"),
    [
        ("Kyiv", "Kiev"),
        ("Rivne", "Rovno"),
        ("Avdiivka", "Avdeyevka"),
        ("Avdiivka", "Avdeevka"),
        ("Mykolaiv", "Nikolayev"),
        ("Zaporizhzhia", "Zaporozhye"),
        ("Sievierodonetsk", "Severodonetsk"),
        ("Vuhledar", "Ugledar"),
        ("Chernivtsi", "Chernovtsy"),
        ("Velyka Novosilka", "Velikaya Novoselka"),
        ("Slov'yansk", "Slavyansk"),
        ("Oleksandriia", "Aleksandriya"),
        ("Svatove", "Svatovo"),
        ("Vovchansk", "Volchansk"),
        ("Kostiantynivka", "Konstantinovka"),
        ("Kryvyi Rih", "Krivoy Rog"),
        ("Odesa", "Odessa"),
        ("Mohyliv-Podilskyi", "Mogilev-Podolsky"),
    ],
)
def test_pairs_of_one_name(ukrainian: str, russian: str) -> None:
    found = pair(russian, ukrainian)
    assert found is not None
    assert found[:2] == (ukrainian, russian)
    assert found == pair(ukrainian, russian)
    assert [skeleton(word) for word in ukrainian.split()] == [skeleton(word) for word in russian.split()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kyiv", "Kyiv"),
        ("Kyiv", "KYIV"),
        ("Kupiansk", "Kupyansk"),  # two systems for one Ukrainian name
        ("Zelenskyi", "Zelensky"),
        ("Medinsky", "Medinski"),
        ("Dmitry", "Dmitri"),
        ("Lviv", "Lutsk"),
        ("Velyka Novosilka", "Novoselka"),
        ("", "Kiev"),
        ("Ürümqi", "Kiev"),
    ],
)
def test_no_pairs(one: str, other: str) -> None:
    assert pair(one, other) is None


def test_pieces_that_tell_the_languages_apart_are_counted() -> None:
    assert pair("Rovno", "Rivne") == Pair("Rivne", "Rovno", 2)
    assert differences("Luhansk", "Lugansk") == 1
    assert differences("Lugansk", "Luhansk") == -1
    assert differences("Izium", "Izyum") == 0


def test_most_places_of_the_tables_are_pairs_and_none_the_wrong_way() -> None:
    rows = [
        row
        for path in TABLES.glob("*.toml")
        if path.name.startswith(("places_", "cities"))
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["entry"]
        if "uk" in row and "ru" in row
    ]
    names = [(national(row["uk"]), newspaper_russian(row["ru"])[0], bgn_ukrainian(row["uk"])) for row in rows]
    apart = [(ours, theirs) for ours, theirs, looser in names if theirs not in {ours, *looser}]
    found = [pair(ours, theirs) for ours, theirs in apart]
    assert len(apart) > 700
    assert sum(one is not None for one in found) >= 0.85 * len(apart)
    assert all(one is None or one[:2] == names for one, names in zip(found, apart, strict=True))
