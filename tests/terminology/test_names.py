"""Names of people and places: whose they are, and the namesakes that are somebody else's."""

from __future__ import annotations

import pytest

from models.terminology import find_terms


def found(text: str) -> list[tuple[str, str]]:
    return [(term.text, term.side.value) for term in find_terms(text) if term.kind in ("spelling", "renaming")]


@pytest.mark.parametrize(
    ("ukrainian", "russian"),
    [
        ("Kyrylo Tymoshenko", "Kirill Timoshenko"),
        ("Serhiy Gaidai", "Sergei Gaidai"),
        ("Oleksandr Motuzyanyk", "Alexander Motuzyanik"),
        ("Oleksandr Senkevych", "Alexander Senkevich"),
        ("Vasyl Bodnar", "Vasily Bodnar"),
        ("Petro Andriushchenko", "Pyotr Andryushchenko"),
        ("Oleksandr Shtupun", "Alexander Shtupun"),
        ("Yevhen Yenin", "Yevgeny Yenin"),
        ("Andriy Derkach", "Andrei Derkach"),
        ("Yevhen Murayev", "Yevgeny Murayev"),
        ("Oleh Nikolenko", "Oleg Nikolenko"),
        ("Oleh Ustenko", "Oleg Ustenko"),
        ("Davyd Arakhamia", "David Arakhamia"),
        ("Roman Shukhevych", "Roman Shukhevich"),
        ("Oleksandra Matviichuk", "Alexandra Matviychuk"),
        ("Iryna Farion", "Irina Farion"),
        ("Ihor Terekhov", "Igor Terekhov"),
        ("Oleksandr Prokudin", "Alexander Prokudin"),
        ("Oleksii Reznikov", "Alexey Reznikov"),
        ("Mykola Azarov", "Nikolai Azarov"),
        ("Iryna Venediktova", "Irina Venediktova"),
    ],
)
def test_people_of_office(ukrainian: str, russian: str) -> None:
    assert found(f"{ukrainian} resigned on Monday") == [(ukrainian, "ukrainian")]
    assert found(f"{russian} resigned on Monday") == [(russian, "russian")]


@pytest.mark.parametrize(
    "text",
    [
        "Igor Terekhov, a beekeeper, lives near Tver",
        "Nikolai Azarov, 12, plays chess in Omsk",
        "Kirill gave a sermon on Ukraine in a church full of priests",
        "Alexander told the senators that Ukraine could wait",
        "Andrei from Buryatia had not wanted to go to Ukraine",
        "A court in Vladimir jailed a teacher who wrote about Ukraine",
        "Igor Kharkov paints birds",
        "Nikolayev, a Duma deputy, spoke about Ukraine",
        "Malin Olsson sends parcels to Ukraine",
        "Bunge buys the grain of Ukraine's farmers",
        "A tanker with crude oil left Primorsk, the Ukraine desk noted",
        "The Kiev station in Moscow is closed",
        "Kiev Street in Belgorod was flooded",
        "A star of Chernobyl signed autographs",
        "The map is in 2014-donbass.pdf",
        "The Wehrmacht held Kharkov until 1943",
        "The network called Odessa took ex-Nazis to Argentina",
        "Slava Ukraina!",
    ],
)
def test_namesakes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Vladimir hid in a cellar in Ukraine", [("Vladimir", "russian")]),
        ("Kiev railway station was full", [("Kiev", "russian")]),
        ("Kharkiv has seen no such shelling since World War II", [("Kharkiv", "ukrainian")]),
        ("Missiles hit Kharkov, whose mayor recalled 1943", [("Kharkov", "russian")]),
        ("Neo-Nazis burned people in Odessa, Lavrov said", [("Odessa", "russian")]),
        ("The governor of Dnipropetrovsk counted the drones", [("Dnipropetrovsk", "ukrainian")]),
        ("Dnipropetrovsk Gov. Lysak counted the drones", [("Dnipropetrovsk", "ukrainian")]),
        ("The city of Dnipropetrovsk has another name", [("Dnipropetrovsk", "russian")]),
        ("Ukraine's forces hold Orekhov", [("Orekhov", "russian")]),
        ("Shells fell on Shchastye", [("Shchastye", "russian")]),
        ("A fair in Sorochintsy", [("Sorochintsy", "russian")]),
        ("Kup'iansk and Khmel'nyts'kyi", [("Kup'iansk", "ukrainian"), ("Khmel'nyts'kyi", "ukrainian")]),
    ],
)
def test_names_that_count(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text) == names


def test_a_regiment_is_no_club() -> None:
    assert find_terms("The Dnipro-1 regiment holds the bridge")[0].entry == "Dnipro-1"
    assert find_terms("Dnipro-1 lost two goals to one")[0].entry == "SC Dnipro-1"
