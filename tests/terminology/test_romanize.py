"""Romanization gives what newspapers print."""

from __future__ import annotations

import pytest

from models.terminology.romanize import (
    bgn_ukrainian,
    hybrids,
    marked_national,
    national,
    newspaper_russian,
    newspaper_ukrainian,
)


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Київ", "Kyiv"),
        ("Запоріжжя", "Zaporizhzhia"),
        ("Кам'янець-Подільський", "Kamianets-Podilskyi"),
        ("Згурівка", "Zghurivka"),
        ("Яремче", "Yaremche"),
        ("Єнакієве", "Yenakiieve"),
        ("Щастя", "Shchastia"),
        ("Ґалаґан", "Galagan"),
    ],
)
def test_national_system(name: str, latin: str) -> None:
    assert national(name) == latin


def test_bgn_with_and_without_apostrophes() -> None:
    assert set(bgn_ukrainian("Слов'янськ")) == {"Slovyansk", "Slov'yansk", "Slov'yans'k"}
    assert "Zaporizhzhya" in bgn_ukrainian("Запоріжжя")


def test_the_national_system_with_its_marks() -> None:
    assert set(marked_national("Куп'янськ")) == {"Kup'iansk", "Kup'ians'k"}


def test_no_apostrophe_ends_a_name() -> None:
    assert all(not form.endswith("'") for form in (*bgn_ukrainian("Тернопіль"), *newspaper_russian("Тернополь")))


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Авдеевка", {"Avdeyevka", "Avdeevka"}),
        ("Артёмовск", {"Artyomovsk", "Artemovsk"}),
        ("Каменец-Подольский", {"Kamenets-Podolsky", "Kamenets-Podolskiy"}),
        ("Харьков", {"Kharkov", "Khar'kov"}),
        ("Счастье", {"Schastye", "Schastie"}),
        ("Голая Пристань", {"Golaya Pristan"}),
        ("Енакиево", {"Yenakiyevo", "Enakievo"}),
    ],
)
def test_russian_as_in_newspapers(name: str, forms: set[str]) -> None:
    assert forms <= set(newspaper_russian(name))


def test_a_name_gives_few_forms() -> None:
    assert len(newspaper_russian("Новоекатериновский Хутор")) < 50


def test_hybrids() -> None:
    assert set(hybrids("Миргород")) == {"Myrgorod", "Mirhorod", "Mirgorod"}


def test_adjectives_as_in_newspapers() -> None:
    assert set(newspaper_ukrainian("Хмельницький")) == {"Khmelnytsky", "Khmelnytskiy"}
    assert newspaper_ukrainian("Київ") == ()
