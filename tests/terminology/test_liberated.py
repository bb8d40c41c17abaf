"""Who liberates whom: whose deed it is decides the side of "liberated", "liberation" and the like."""

from __future__ import annotations

import pytest

from models.labels import Side
from models.terminology import find_terms
from models.text import find_quotes


def sides(text: str) -> list[Side]:
    return [term.side for term in find_terms(text, find_quotes(text)) if term.text.lower().startswith("liberat")]


@pytest.mark.parametrize(
    "text",
    [
        # From whom, or by whom.
        "Putin repeats that his soldiers will liberate the neighbours from Nazis in Ukraine",
        "The operation is to liberate the whole of the region from the Kiev regime",
        "Three hamlets in Donbas were liberated by Russian paratroopers",
        "Peskov spoke of the liberation of two districts from the armed forces of Ukraine",
        # Who acts.
        "The defence minister said Moscow would liberate the east of Ukraine",
        "Moscow said its troops had liberated ten villages",
        "Russian forces shell towns in eastern Ukraine with the stated aim of “liberating” the coalfields of Donbas",
        "Ukraine accuses Russia of razing the very cities that it claims to liberate",
        "Moscow's soldiers had come to liberate us, they said, and looted our flat in Kherson",
        # Whose bulletin it is.
        "The mill is “fully liberated” now that the last Ukrainian troops left, the Russian Defence Ministry said",
        "Her uncle still speaks of Russian troops “liberating Ukraine”",
        "The main task is the liberation of Donbas, the Russian newspaper wrote",
    ],
)
def test_russia_liberates(text: str) -> None:
    assert sides(text) == [Side.RUSSIAN]


@pytest.mark.parametrize(
    "text",
    [
        "Tanks would help Ukraine to liberate the Donbas from Russian control, the general said",
        "He promised to liberate all of Ukraine's land seized by Russia",
        "Kyiv says that nobody but its own army will liberate occupied Ukrainian towns",
        "The Kremlin denies that Ukraine has liberated the village",
        "The suburb of Kyiv had been occupied by Russian soldiers for a month before it was liberated in April",
        "Russia lost Izyum, which was liberated in September",
        "The war began with Crimea and must end with its liberation, Zelensky said",
        "Every metre of our state will be liberated, the Ukrainian sergeant said, whatever Russian troops do",
    ],
)
def test_ukraine_liberates(text: str) -> None:
    assert sides(text) == [Side.UKRAINIAN]


@pytest.mark.parametrize(
    "text",
    [
        "Stones remember the soldiers who liberated Kyiv from the Nazis in 1943",
        "The Red Army liberated Ukraine from the fascists",
        "Russian troops liberated Bulgaria from the Ottomans",
        "France was liberated by the Allies, Zelensky told the senators",
        "The Palestine Liberation Organization opened an office in Kyiv",
        "Women's liberation reached Ukraine late",
        "The reform liberated Ukrainian farmers from paperwork",
        "Europe wants to liberate Ukraine from corruption, a Russian paper wrote",
    ],
)
def test_other_liberations(text: str) -> None:
    assert sides(text) == []
