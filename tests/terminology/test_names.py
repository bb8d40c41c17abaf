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


@pytest.mark.parametrize(
    "text",
    [
        "The Kiev Governorate was drawn anew in 1796",
        "The princes of Chernigov quarrelled with the prince of Kiev",
        "Painters born in Lvov in 1887 and in Odessa in March 1901",
        "Born in Odessa, Russian Empire, she sang in Milan",
        "The Zaporozhian Sich kept no archives",
        "The Pripyat Marshes slowed them down",
        "Trawlers found the tugboat Odessa, the ferry Kiev and the corvette Chernigov",
        "Odessa Mae Turner, 90, bakes pies",
        "A storm named Odessa hit the Azores",
        "The barman calls it a Kyiv Mule",
        "The Kiev Major drew gamers from Seoul",
        "The Lvov-Warsaw school of logic",
        "Voters in Lake Odessa chose a sheriff",
        "A Sverdlovsk court fined a man for a post about the war in Ukraine",
        "She bakes syrniki in Tomsk, and kutya at Christmas",
        "Darnitsky bread is sold in Pskov",
        "Igor Saltovsky acts in Ukraine's best series",
        "A novice bought a Kiev 60 on the flea market",
    ],
)
def test_history_ships_and_dishes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("In Kiev 19 trams stood still", [("Kiev", "russian")]),
        ("A Kiev-to-Berlin coach broke down", [("Kiev", "russian")]),
        ("Born in Odessa in 1961, he plays the oboe", [("Odessa", "russian")]),
        ("The battle of Kiev in 2022", [("Kiev", "russian")]),
        ("Syrniki are a breakfast of Ukraine's east", [("Syrniki", "russian")]),
        ("Kharkov's Saltovsky district was hit", [("Kharkov", "russian"), ("Saltovsky", "russian")]),
        ("Kozyatyn is a junction", [("Kozyatyn", "ukrainian")]),
        ("Ivano Frankivsk and Ivano Frankovsk", [("Ivano Frankivsk", "ukrainian"), ("Ivano Frankovsk", "russian")]),
        ("Kamyanets-Podilskyi has a fortress", [("Kamyanets-Podilskyi", "ukrainian")]),
        ("Belaya Tserkva and Letychev", [("Belaya Tserkva", "russian"), ("Letychev", "russian")]),
        ("Kharkivshchyna and Chernigovshchina", [("Kharkivshchyna", "ukrainian"), ("Chernigovshchina", "russian")]),
        ("Dzerzhynsk in Donetsk oblast", [("Dzerzhynsk", "russian")]),
        ("Telmanove and Vakhrusheve", [("Telmanove", "russian"), ("Vakhrusheve", "russian")]),
    ],
)
def test_more_names_that_count(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Chervonohrad, Krasnohrad and Pershotravensk dig coal and grow wheat",
        "The reactors of Yuzhnoukrainsk were switched off",
        "Ukraine's Novomoskovsk in Dnipropetrovsk oblast lies on a river",
        "Novohrad-Volynskyi and Yuzhne had these names, too",
    ],
)
def test_what_ukraine_itself_said_until_lately_tells_no_side(text: str) -> None:
    assert [name for name, _ in found(text) if name != "Dnipropetrovsk"] == []
