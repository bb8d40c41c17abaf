"""One name, many spellings: what the rules of ``spellings.toml`` give, and what they must not."""

from itertools import product
from pathlib import Path

import pytest

import models.targets
from models.labels import Target
from models.targets import find_mentions
from models.targets.reader import Reader
from models.targets.spellings import Spellings, load_spellings

U, R = Target.UKRAINE, Target.RUSSIA


@pytest.fixture(scope="module")
def spellings() -> Spellings:
    return load_spellings(Reader(Path(models.targets.__file__).parent / "spellings.toml"))


@pytest.mark.parametrize(
    ("written", "target", "expected"),
    [
        ("Shmyhal", U, {"Shmyhal", "Shmygal", "Shmigal", "Shmihal"}),
        ("Hnatov", U, {"Hnatov", "Gnatov"}),
        ("Oleshchuk", U, {"Oleshchuk", "Oleschuk"}),
        ("Maliuk", U, {"Maliuk", "Malyuk"}),
        ("Shevchenko", U, {"Shevchenko"}),
        ("Khomchak", U, {"Khomchak"}),
        ("Aksyonov", R, {"Aksyonov", "Aksenov", "Aksionov"}),
        ("Yermakov", R, {"Yermakov", "Ermakov"}),
        ("Gerasimov", R, {"Gerasimov"}),
    ],
)
def test_last_names(spellings: Spellings, written: str, target: Target, expected: set[str]) -> None:
    found = spellings.last([written], target)
    assert found[0] == written
    assert set(found) >= expected


@pytest.mark.parametrize("name", ["Shevchenko", "Khomchak", "Zhovkva", "Gerasimov", "Putin"])
def test_letters_that_only_look_like_others_stay(spellings: Spellings, name: str) -> None:
    assert spellings.last([name], U if name[0] in "SKZ" else R) == (name,)


def test_a_spelling_that_is_another_name_is_not_given_but_may_be_written(spellings: Spellings) -> None:
    assert "Erin" not in spellings.last(["Yerin"], U)
    assert "Erin" in spellings.last(["Yerin", "Erin"], U)


def test_first_names(spellings: Spellings) -> None:
    assert {"Oleksiy", "Olexiy", "Alexei"} <= set(spellings.first(["Oleksii"], U, alone=True))
    assert "Alexei" not in spellings.first(["Oleksii"], U, alone=False)
    assert "Oleksii" not in spellings.first(["Alexei"], R, alone=True)
    assert spellings.first(["Alexander"], Target.US, alone=True) == ("Alexander",)


FIRST = ["Oleksandr", "Olexander", "Alexander", "Aleksandr"]
LAST = ["Syrskyi", "Syrsky", "Syrskyy", "Syrskiy", "Syrskij", "Sirskii", "Syrs’kyi"]


@pytest.mark.parametrize("name", [f"{first} {last}" for first, last in product(FIRST, LAST)])
def test_every_spelling_of_a_name_is_found_whole(name: str) -> None:
    assert [mention[2:] for mention in find_mentions(f"Later {name} left.")] == [(name, U)]
