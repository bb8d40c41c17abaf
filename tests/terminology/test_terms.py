"""What fires and what must not, at arm's length or not, in any Unicode, in linear time."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from models.labels import Side
from models.spans import Span
from models.terminology import Term, find_terms
from models.text import find_quotes


def found(text: str) -> list[str]:
    return [term.text for term in find_terms(text, find_quotes(text))]


def test_a_term_says_all_that_the_contract_asks() -> None:
    assert find_terms("Talks in Kiev's centre") == (
        Term(9, 13, "Kiev", "Kyiv", "spelling", Side.RUSSIAN, "Kyiv", False),
    )
    assert find_terms("Kyiv")[0].counterpart == "Kiev"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("kyiv and odesa were calm", ["kyiv", "odesa"]),
        ("KIEV, March 3. Shops reopened.", ["KIEV"]),
        ("Kyiv-based analysts met pro-Kiev bloggers", ["Kyiv", "Kiev"]),
        ("Kyivites and Odessans share a language of jokes", ["Kyivites", "Odessans"]),
        ("Kiev/Kyiv and Severodonetsk–Lysychansk", ["Kiev", "Kyiv", "Severodonetsk", "Lysychansk"]),
        ("Pereyaslav held a council on its drains", ["Pereyaslav"]),
        ("The Dnieper froze, the Dniester did not", ["Dnieper"]),
        ("Krivoy Rog, once more Kryvyi Rih", ["Krivoy Rog", "Kryvyi Rih"]),
        ("Dynamo Kyiv drew with Karpaty Lvov", ["Dynamo Kyiv", "Karpaty Lvov"]),
        ("Vladimir Zelensky, or rather Volodymyr Zelensky", ["Vladimir Zelensky", "Volodymyr Zelensky"]),
        ("Zelensky spoke, Zelenskyy listened", ["Zelenskyy"]),
        ("Dnepropetrovsk was renamed", ["Dnepropetrovsk"]),
        ("Odessa, Ukraine, thanked its friends in Texas", ["Odessa"]),
        ("A farmer in Orekhov in southern Ukraine", ["Orekhov"]),
        ("Residents of Nikolaev queue for water", ["Nikolaev"]),
        ("Igor hid in a cellar in Ukraine for a month", ["Igor"]),
        ("The Kiev regime and the Zelensky regime", ["Kiev regime", "Zelensky regime"]),
        ("The 2014 coup in Ukraine", ["2014 coup"]),
        ("Moscow-installed officials in Melitopol", ["Moscow-installed"]),
        ("Orcs stole the tractor, the Ukrainian farmer said", ["Orcs"]),
        ("The SMO goes on in Ukraine", ["SMO"]),
        ("In Kiev 30 people sheltered in the metro", ["Kiev"]),
        ("A choir sang in the heart of Odessa, Ukraine", ["Odessa"]),
        ("Odessa Mayor Hennadiy Trukhanov cut a ribbon", ["Odessa", "Hennadiy Trukhanov"]),
        ("Trains between Kiev, Washington hopes, and Warsaw", ["Kiev"]),
        ("On Monday Nikolaev had no water", ["Nikolaev"]),
        ("Soldiers from Buryatia stormed Volchansk", ["Volchansk"]),
        (
            "Luganskites and Luhanskites, Nikolaevites and Mykolaivites",
            ["Luganskites", "Luhanskites", "Nikolaevites", "Mykolaivites"],
        ),
        ("Khmelnytsky and Kropyvnytsky took them in", ["Khmelnytsky", "Kropyvnytsky"]),
        ("Troieshchyna and Darnitsa are dark", ["Troieshchyna", "Darnitsa"]),
        ("Putin's war of aggression against Ukraine", ["war of aggression"]),
        ("Putin's war in Ukraine", ["Putin's war"]),
        ("Schools in the “new regions” of Russia", ["new regions"]),
        ("The peninsula was annexed by Moscow", ["annexed"]),
        ("Occupiers carted pianos from Kherson to Chechnya", ["Occupiers"]),
        ("Crimea's reunification with Russia is no German reunification", ["reunification"]),
        ("The US condemned Russia's special military operation", ["special military operation"]),
    ],
)
def test_what_fires(text: str, terms: list[str]) -> None:
    assert found(text) == terms


@pytest.mark.parametrize(
    "text",
    [
        "Chicken Kiev with mashed potato",
        "A Kiev 88 with a cracked lens",
        "Kievan Rus' and its princes",
        "Odessa, Texas, pumps oil",
        "The Odessa police chief retired to west Texas",
        "Odessa A'zion reads the audiobook",
        "Prince Lvov resigned in July 1917",
        "Kharkov fell to the Wehrmacht in 1942",
        "Dr Nikolaev examined the patient",
        "The HBO series Chernobyl",
        "The aircraft carrier Kiev rusts in Tianjin",
        "Poltava, Kherson and Kramatorsk were quiet",
        "Vladimir Putin and Igor Sechin met in Moscow",
        "The tanker left Primorsk on the Baltic coast of Russia",
        "Podcasts by Joe Rogan",
        "Paris was liberated in August 1944",
        "The coup in Niger worried Ukraine's grain buyers",
        "Israel's occupied territories",
        "Germany's reunification in 1990",
        "Orcs marched on Gondor in Tolkien's Ukraine edition",
        "The invasion of Iraq, a Russian diplomat recalled",
        "The proxy war in Yemen between Iran and Saudi Arabia, Russia says",
        "The demilitarized zone between the Koreas",
        "The German SVO word order",
        "Write to mayor@kyiv.ua or read www.kievpost.com",
        "See https://example.org/kiev-under-fire for more",
        "Kiev_Post, kievpost and kiev2022",
        "A cod Kiev with mushy peas",
        "The Kiev 88CM takes other lenses",
        "Her first camera was a Kiev",
        "Odessa, North Dakota, has no cinema",
        "The Odessa Jackrabbits play on Friday",
        "Odessa Baker, 71, teaches Sunday school",
        "Uglegorsk on Sakhalin ships coal",
        "Ostrog Monastery in Montenegro",
        "The Volga town of Engels was once Pokrovsk",
        "Kalinovka in the Kursk region",
        "Coach Nikolayev praised his goalkeeper",
        "Aisen Nikolaev plays the accordion",
        "Goalkeeper Borislav Mihaylov wore a wig",
        "Chernobyl, a miniseries in five parts",
        "Donbass, a film by Loznitsa",
        "India ran a special military operation in the Himalayas",
        "The Druzhba pipeline in Ukraine",
        "The Treaty of Pereyaslav and the Pereyaslav Council of 1654",
        "The Dniester runs past the Verkhovna Rada for a hryvnia",
        "Kakhovka and Mukachevo, written alike by all",
    ],
)
def test_what_must_not_fire(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "He was born in the Ukraine.",
        "The Ukraine's grain",
        "the Ukraine and its neighbours",
        "Nobody in the Ukraine expected snow",
        "Is the Ukraine ready?",
        "Will the Ukraine be ready?",
        "If the Ukraine falls",
    ],
)
def test_the_ukraine_as_a_country(text: str) -> None:
    assert [term.kind for term in find_terms(text)] == ["grammar"]


@pytest.mark.parametrize(
    "text",
    [
        "the Ukraine war",
        "the Ukraine-Poland border",
        "the Ukraine International Airlines counter",
        "the Ukraine and Gaza wars",
        "the Ukraine of her youth",
        "the Ukraine aid bill",
    ],
)
def test_the_ukraine_before_a_noun(text: str) -> None:
    assert find_terms(text) == ()


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Russian troops liberated the village, the Defense Ministry in Moscow said", Side.RUSSIAN),
        ("The Ukrainian army liberated the village from Russian troops", Side.UKRAINIAN),
        ("Our soldiers liberated the town from the occupiers, Zelenskyy said", Side.UKRAINIAN),
        ("Izyum was liberated within a week", Side.RUSSIAN),
        ("Izium was liberated within a week", Side.UKRAINIAN),
        ("Trostyanets was liberated within a week", Side.UKRAINIAN),
    ],
)
def test_who_liberates_decides_the_side(text: str, side: Side) -> None:
    assert next(term.side for term in find_terms(text) if term.text == "liberated") is side


@pytest.mark.parametrize(
    ("text", "distanced"),
    [
        ("The special military operation in Ukraine goes on", False),
        ("The “special military operation” in Ukraine goes on", True),
        ("Moscow's so-called special military operation in Ukraine", True),
        ("what Moscow calls a special military operation", True),
        ("Russia describes its attack as a special military operation", True),
        ("the special military operation, as the Kremlin calls it", True),
        ("the special military operation, in the Kremlin's parlance", True),
        ("“We go on with the special military operation,” he said", True),
        ("under the pretext of denazification, Russia struck Ukraine", True),
        ("the self-proclaimed Donetsk People’s Republic", True),
        ("the unrecognised Donetsk People's Republic", True),
        ("the so-called Donetsk People's Republic (DPR)", True),
        ("the “Donetsk People's Republic” (“DPR”)", True),
        ("the Donetsk People's Republic (DPR)", False),
        ("the so-called Donetsk People's Republic, or DPR", False),
        ("Bakhmut, known in Russia as Artyomovsk", True),
        ("They called on the occupiers to leave Ukraine", False),
        ("Putin called Kiev on Monday", False),
        ("They described it as a limited special military operation.", True),
        ("He described it as a phase of the special military operation.", False),
    ],
)
def test_distance(text: str, distanced: bool) -> None:
    assert find_terms(text, find_quotes(text))[-1].distanced is distanced


def test_tight_quotation_marks_count_without_spans() -> None:
    assert find_terms("‘Kiev’ and Kiev")[0].distanced
    assert not find_terms("‘Kiev’ and Kiev")[1].distanced


def test_a_quote_elsewhere_does_not_count() -> None:
    assert not find_terms("“No,” said Kiev", (Span(0, 5),))[0].distanced


@pytest.mark.parametrize(
    "before",
    ["", "😀 ", "👩‍🚀🚀 ", "e\u0301e\u0301 ", "İİİ ", "Київ — ", "\r\n\t", "a\u00a0\u00a0b ", "\u200b\u200b", "ﬁﬀ "],
)
@pytest.mark.parametrize("name", ["Kiev", "Ivano\u2011Frankivsk", "special\u00a0military\r\n operation", "Slov’yansk"])
def test_offsets_are_code_points(before: str, name: str) -> None:
    text = f"{before}{name}, 2022."
    assert [(term.start, term.end, term.text) for term in find_terms(text)] == [
        (len(before), len(before) + len(name), name)
    ]


def test_terms_never_overlap_and_come_in_order() -> None:
    text = "Lugansk People's Republic, Kiev regime, Dynamo Kiev, full-scale invasion of Ukraine by Russia " * 20
    terms = find_terms(text)
    assert len(terms) == 80
    assert all(left.end <= right.start for left, right in pairwise(terms))


def test_an_empty_text_has_no_terms() -> None:
    assert find_terms("") == ()


@pytest.mark.parametrize(
    "unit",
    [
        "Kiev ",
        "the Ukraine ",
        "liberated Kherson Russian ",
        "Odessa Texas ",
        "so-called ",
        "special military ",
        "“Kiev” ",
    ],
)
def test_time_is_linear(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        quotes = find_quotes(text)
        start = time.process_time()
        find_terms(text, quotes)
        return time.process_time() - start

    find_terms("warm up")
    small = min(seconds(10_000) for _ in range(3))
    large = min(seconds(80_000) for _ in range(2))
    assert large < 8 * 3 * small + 0.05


def test_officials_that_moscow_installed_elsewhere_are_another_matter() -> None:
    assert find_terms("The Russian-installed president ruled Afghanistan until 1986.") == ()
    assert [term.text for term in find_terms("The Russian-installed mayor left.")] == ["Russian-installed"]
