"""Words for the war and the occupation: what they are about, not what else the sentence names, decides."""

from __future__ import annotations

import pytest

from models.terminology import find_terms
from models.text import find_quotes


def found(text: str) -> list[str]:
    return [term.text for term in find_terms(text, find_quotes(text)) if term.kind not in ("spelling", "renaming")]


def distanced(text: str) -> list[bool]:
    return [term.distanced for term in find_terms(text, find_quotes(text)) if term.kind not in ("spelling", "renaming")]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The Donbass republics have asked for coal", ["Donbass republics"]),
        ("Moscow signed treaties with the republics of the Donbas", ["republics of the Donbas"]),
        ("Buses left the Donetsk and Luhansk republics", ["Donetsk and Luhansk republics"]),
        ("The republics of Donetsk and Lugansk print stamps", ["republics of Donetsk and Lugansk"]),
        ("The two people's republics in the east of Ukraine asked for help", ["people's republics"]),
        ("Nobody remembers the Kherson People's Republic", ["Kherson People's Republic"]),
        ("Poland and Hungary were people's republics when Ukraine was Soviet", []),
        ("The People's Republic of China abstained on Ukraine", []),
        ("The Donetsk-Krivoy Rog republic lasted for a month", []),
    ],
)
def test_republics(text: str, terms: list[str]) -> None:
    assert found(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The war in Gaza and Russia's full-scale invasion of Ukraine filled the agenda", ["full-scale invasion"]),
        ("Unlike the invasion of Iraq, Russia's unprovoked invasion of Ukraine met sanctions", ["unprovoked invasion"]),
        ("Since Russia's war of aggression against Ukraine and the Hamas attack, arms sell", ["war of aggression"]),
        ("Iraqi oil flowed while drones fell on occupied Mariupol, where Russia rules", ["occupied"]),
        ("Estonia named Russia a terrorist state like Iran", ["terrorist state"]),
        ("The court that looks into Gaza lists Russian war crimes in Ukraine", ["Russian war crimes"]),
        ("Ukraine's envoy met the Moscow-installed ruler of Syria", []),
        ("Israel's full-scale invasion of Gaza began while Russia looked on", []),
        ("Iraq's full-scale invasion of Kuwait surprised Moscow", []),
        ("The illegal invasion of Iraq, Lavrov said, was worse than anything in Ukraine", []),
    ],
)
def test_another_war_in_the_sentence(text: str, terms: list[str]) -> None:
    assert found(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Since the special operation began, Putin has not met a mother", ["special operation"]),
        ("Before the start of the special operation, officers were briefed, Peskov said", ["special operation"]),
        ("The first stage of the special operation in Donbass is over", ["special operation"]),
        ("Participants in the special operation will get land in Crimea", ["special operation"]),
        ("Putin speaks of the invasion as a “special operation”", ["special operation"]),
        ("The SBU said the special operation in Lviv had ended with two arrests", []),
        ("During the special operation the FSB detained a man in Moscow", []),
        ("The boat serves for research, rescue and special military operations, Russia says", []),
        ("Russia's unprovoked assault on Ukraine", ["unprovoked assault"]),
        ("Russia's unjust and unprovoked war on Ukraine", ["unjust and unprovoked war"]),
        ("Russia's unprovoked, illegal invasion of Ukraine", ["unprovoked, illegal invasion"]),
        ("Kyiv and its allies call it an unprovoked land grab by Russia", ["unprovoked land grab"]),
        ("Full-scale war broke out in Ukraine", ["Full-scale war"]),
        ("America's unprovoked war in Vietnam, Moscow said, was unlike the one in Ukraine", []),
        ("Ukraine began an unprovoked attack on Russian farmers, Moscow claimed", []),
        ("They want to reunite Crimea with Russia", ["reunite"]),
        ("They hope to reunite with their cat in Ukraine, or in Crimea", []),
        ("Ukraine's government wants to reunite the country, with Donbas in it", []),
        ("Lavrov calls it a proxy war in Ukraine", ["proxy war"]),
        ("Iran's proxy wars worry the allies of Ukraine", []),
        ("Zelensky warned of a coup plot in Kyiv in December", []),
    ],
)
def test_war_words(text: str, terms: list[str]) -> None:
    assert found(text) == terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the self-proclaimed Donetsk People's Republic and the Luhansk People's Republic", [True, True]),
        ("the self-styled Donetsk People's Republic (DPR) and Luhansk People's Republic", [True, True, True]),
        ("the self-proclaimed mayor and the Luhansk People's Republic", [False]),
        ("The war, dubbed a special military operation by the Kremlin, goes on in Ukraine", [True]),
        ("Officially a special military operation, it is a war in Ukraine", [True]),
        ("It was described by its author, Vladimir Putin, as a special military operation in Ukraine", [True]),
        ("They called the special military operation in Ukraine a success", [False]),
        ("Biden labelled Russian atrocities a crime", [False]),
        ("The peninsula was officially annexed by Russia", [False]),
    ],
)
def test_whose_word_it_is(text: str, expected: list[bool]) -> None:
    assert distanced(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "If Putin takes the Ukraine he won't stop there",
        "When she visited the Ukraine she met poets",
        "The plains of the Ukraine stretch to the horizon",
        "We gave the Ukraine billions",
    ],
)
def test_the_ukraine(text: str) -> None:
    assert found(text)[:1] == ["the Ukraine"]


@pytest.mark.parametrize(
    "text",
    [
        "Losses in the Ukraine “operation” mount",
        "They sent the Ukraine team home",
        "We gave the Ukraine aid bill a try",
    ],
)
def test_the_ukraine_before_a_noun(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Prosecutors collect proof of war crimes committed by Russian paratroopers near Kherson", ["war crimes"]),
        ("Moscow has been accused of war crimes in Mariupol", ["war crimes"]),
        ("War crimes by Russia's army in Ukraine fill thirty folders", ["War crimes"]),
        ("A court in Ukraine tried a Russian soldier accused of war crimes", ["war crimes"]),
        ("Azov fighters, whom Russia accused of war crimes, came home to Ukraine", []),
        ("Lavrov spoke of war crimes by Ukrainian units in Mariupol", []),
    ],
)
def test_crimes_of_war(text: str, terms: list[str]) -> None:
    assert found(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Since Russia's Feb. 24 invasion the school has had no roof", ["invasion"]),
        ("Russia's 2022 invasion and Moscow's February 2022 invasion are one", ["invasion", "invasion"]),
        ("The Kremlin's bungled invasion has cost Ukraine a generation", ["invasion"]),
        ("Farms in Ukraine have not recovered from the invasion by Russia", ["invasion"]),
        ("The invasion into Ukraine surprised no one in Warsaw", ["invasion"]),
        ("Russia's planned invasion was a rumour", []),
        ("Russia's main invasion force was stuck", []),
        ("Russia's 2008 invasion of Georgia taught nobody anything", []),
        ("Russia's pre-invasion borders", []),
        ("Finland fears an invasion by Russia", []),
        ("Russia's Afghan invasion ended in 1989", []),
        ("The fullscale invasion of Ukraine", ["fullscale invasion"]),
    ],
)
def test_what_stands_between_an_invasion_and_its_owner(text: str, terms: list[str]) -> None:
    assert found(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Russia's brutal war in Ukraine has no end in sight", ["brutal war"]),
        ("The brutal war against Ukraine has no end in sight", ["brutal war"]),
        ("A brutal war has raged in Ukraine's east", []),
        ("Russia's brutal war of aggression against Ukraine", ["war of aggression"]),
        ("Russia's brutal war in Chechnya", []),
        ("Russia's unjustified war against Ukraine", ["unjustified war"]),
        ("Moscow's war on Ukraine empties its villages", ["Moscow's war on Ukraine"]),
        ("Russia must end its war on Ukraine", ["its war on Ukraine"]),
        ("The special-military-operation in Ukraine", ["special-military-operation"]),
        ("The war, or “special operation”, in Kremlin parlance, in Ukraine", ["special operation"]),
        ("A seminar on hybrid warfare in Lviv", []),
        ("Russia's hybrid war against Ukraine began with leaflets", ["hybrid war"]),
    ],
)
def test_names_of_the_war(text: str, terms: list[str]) -> None:
    assert found(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The accession of Crimea is a holiday in Moscow", ["accession of Crimea"]),
        ("Stamps mark Crimea's accession", ["Crimea's accession"]),
        ("Crimea has returned to Russia for good, he said", ["returned to Russia"]),
        ("The return of Crimea to Russia is not up for debate", ["return of Crimea"]),
        ("Crimea joined Russia in 2014", ["joined Russia"]),
        ("Kyiv demands the return of Crimea", []),
        ("Kyiv demands Crimea's return to Ukraine", []),
        ("Snowden never returned to Russia from Crimea", []),
        ("India joined Russia in abstaining on Crimea", []),
        ("Eritrea joined Russia at the exercises off Crimea", []),
        ("Ukraine's reunification of 1919 is Unity Day", []),
        ("Poland might annex western Ukraine, he warned", []),
        ("Ukraine's annexation of Kursk was never on the cards", []),
        ("The accession of Crimea under Catherine in 1783", []),
    ],
)
def test_how_crimea_came_to_be_held(text: str, terms: list[str]) -> None:
    assert found(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Russia's army seized new territories near Kherson", []),
        ("Russia wants to take more new regions of Ukraine", []),
        ("Pensions in Russia's new regions, such as Kherson, go up", ["new regions"]),
        ("Peskov says Kiev is the aggressor", []),
        ("Moscow calls Ukraine the aggressor", []),
        ("Ukraine will not forgive the aggressor", ["aggressor"]),
        ("Ukraine has become a terrorist state, Medvedev said", []),
        ("Russia has become a terrorist state, Ukraine's parliament declared", ["terrorist state"]),
        ("American neo-Nazis wrote letters to Ukraine", []),
        ("The Russian regime in 1905 gave way", []),
        ("The Organization of Ukrainian Nationalists was founded in Vienna", []),
    ],
)
def test_who_is_meant(text: str, terms: list[str]) -> None:
    assert found(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "Ukraine has been accused of war crimes by Russia.",
        "Ukraine is accused by Russia of committing war crimes.",
        "The mayor continued his war on Ukraine's oligarchs, as Russia noted.",
        "His war on Ukraine aid critics angered Russia.",
        "Fears of an invasion by Russia grew in Ukraine in January 2022.",
        "NATO had planned for an invasion by Russia, and so had Ukraine.",
        "Russia's cultural invasion of the Baltics worried many in Ukraine.",
        "A family that fled Crimea returned to Russia.",
        "The return of Crimea to its legal owner, Ukraine, is needed.",
    ],
)
def test_who_accuses_fears_or_comes_back_is_not_who_did_it(text: str) -> None:
    assert [term.text for term in find_terms(text, ()) if term.kind not in {"spelling", "transliteration"}] == []
