"""Who is meant: sentences written for this test, with the mentions they must give."""

import pytest

from models.labels import Target
from models.targets import find_mentions

R, U, A = Target.RUSSIA, Target.UKRAINE, Target.US


def found(text: str) -> list[tuple[str, Target]]:
    return [(mention.text, mention.target) for mention in find_mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Russia and Ukraine agreed; the United States did not.",
            [("Russia", R), ("Ukraine", U), ("United States", A)],
        ),
        ("The U.S.A. and the USA, the U.S. and the US.", [("U.S.A.", A), ("USA", A), ("U.S.", A), ("US", A)]),
        ("Russians, Ukrainians and Americans queued.", [("Russians", R), ("Ukrainians", U), ("Americans", A)]),
        ("A pro-Russian crowd met a US-led team.", [("Russian", R), ("US", A)]),
        ("russia will answer for ukraine, he wrote.", [("russia", R), ("ukraine", U)]),
        ("RUSSIA STRIKES UKRAINE'S PORTS", [("RUSSIA", R), ("UKRAINE", U)]),
        ("Ukraine's Kherson is a Ukrainian city.", [("Ukraine", U), ("Ukrainian", U)]),
        ("Ukraine’s Kherson and Russia’s Belgorod.", [("Ukraine", U), ("Russia", R)]),
        ("The Ukraine of his youth.", [("Ukraine", U)]),
        ("A Russo-Ukrainian border post.", [("Russo", R), ("Ukrainian", U)]),
        ("The Russo–Georgian war; Rene Russo, actress", [("Russo", R)]),
        ("🇺🇦 stands, 🇷🇺 denies, 🇺🇸 watches.", [("🇺🇦", U), ("🇷🇺", R), ("🇺🇸", A)]),
        ("The Russian Federation's envoy spoke.", [("Russian Federation", R)]),
    ],
)
def test_states_and_peoples(text: str, expected: list[tuple[str, Target]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("spelling", ["Kyiv", "Kiev", "Kiyv", "Kyev", "KYIV", "Kiew"])
def test_every_spelling_of_a_capital_is_the_same_target(spelling: str) -> None:
    assert found(f"{spelling} rejected the offer.") == [(spelling, U)]


@pytest.mark.parametrize(
    "spelling",
    ["Zelensky", "Zelenskyy", "Zelenskiy", "Zelenskyi", "Zelenski", "Zelenskii", "Zelensky\u0301", "Zelenský"],
)
def test_every_spelling_of_a_president_is_the_same_target(spelling: str) -> None:
    assert found(f"Volodymyr {spelling} spoke, and {spelling}’s aides listened.") == [
        (f"Volodymyr {spelling}", U),
        (spelling, U),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Moscow denied it, Kyiv confirmed it, Washington said nothing.", ["Moscow", "Kyiv", "Washington"]),
        ("The government in Kyiv fell silent.", ["Kyiv"]),
        ("Officials in Moscow and the embassy in Washington", ["Moscow", "Washington"]),
        ("Shops in Kyiv and near Moscow stayed shut.", []),
        ("The train left Kyiv region at 7 a.m. Moscow time.", []),
        ("A blast rocked downtown Kyiv and central Moscow.", []),
        ("A battle in Kherson went on, and Odesa was dark.", []),
        ("In Kyiv, senior officials said so.", ["Kyiv"]),
        ("In Kyiv, a bakery opened.", []),
        ("In Moscow's view, yes. In Moscow's suburbs, no.", ["Moscow"]),
        ("Hawks in Washington and the ministry of defence in Kyiv", ["Washington", "Kyiv"]),
        ("Analysts at Langley agreed, near Langley, Virginia.", ["Langley"]),
        ("The Kremlin and the White House", ["Kremlin", "White House"]),
        ("Talks between Moscow and Washington", ["Moscow", "Washington"]),
    ],
)
def test_capitals_stand_for_governments_and_not_for_places(text: str, expected: list[str]) -> None:
    assert [mention for mention, _ in found(text)] == expected


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Putin", R), ("Medvedev", R), ("Mishustin", R), ("Lavrov", R), ("Peskov", R), ("Zakharova", R), ("Shoigu", R),
        ("Belousov", R), ("Gerasimov", R), ("Surovikin", R), ("Patrushev", R), ("Naryshkin", R), ("Bortnikov", R),
        ("Volodin", R), ("Matviyenko", R), ("Nebenzya", R), ("Ryabkov", R), ("Kadyrov", R), ("Prigozhin", R),
        ("Pushilin", R), ("Pasechnik", R), ("Aksyonov", R), ("Balitsky", R), ("Saldo", R), ("Girkin", R),
        ("Poroshenko", U), ("Yanukovych", U), ("Yatsenyuk", U), ("Groysman", U), ("Shmyhal", U), ("Svyrydenko", U),
        ("Yermak", U), ("Kuleba", U), ("Sybiha", U), ("Reznikov", U), ("Umerov", U), ("Fedorov", U), ("Zaluzhny", U),
        ("Syrskyi", U), ("Budanov", U), ("Malyar", U), ("Podolyak", U), ("Arestovych", U), ("Danilov", U),
        ("Obama", A), ("Trump", A), ("Biden", A), ("Vance", A), ("Rubio", A), ("Hegseth", A), ("Blinken", A),
        ("Nuland", A), ("Psaki", A), ("Tillerson", A), ("Pompeo", A), ("Bolton", A), ("Mattis", A), ("Kellogg", A),
        ("Witkoff", A), ("Pelosi", A), ("Schumer", A), ("McConnell", A),
    ],
)  # fmt: skip
def test_an_official_is_a_mention_of_the_state(name: str, target: Target) -> None:
    assert found(f"Later {name} left the room.") == [(name, target)]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Wagner Group", R), ("Donetsk People's Republic", R), ("LPR", R), ("State Duma", R), ("FSB", R), ("GRU", R),
        ("Gazprom", R), ("Rosneft", R), ("Rosatom", R), ("TASS", R), ("RT", R), ("Sputnik", R), ("Black Sea Fleet", R),
        ("SBU", U), ("HUR", U), ("Azov", U), ("Verkhovna Rada", U), ("Naftogaz", U), ("Energoatom", U), ("Rada", U),
        ("Security Service of Ukraine", U), ("Armed Forces of Ukraine", U), ("Right Sector", U), ("AFU", U),
        ("Pentagon", A), ("Congress", A), ("Senate", A), ("CIA", A), ("FBI", A), ("NSA", A), ("State Department", A),
        ("Capitol Hill", A), ("RFE/RL", A), ("Voice of America", A), ("USAID", A), ("House of Representatives", A),
    ],
)  # fmt: skip
def test_bodies_forces_companies_and_media(name: str, target: Target) -> None:
    assert found(f"Sources at {name} told the paper so.") == [(name, target)]


@pytest.mark.parametrize(
    "text",
    [
        "NATO, the EU and the West agreed.",
        "Tell us why, he asked us.",
        "The Soviet Union and the U.S.S.R. were one.",
        "Belarusian and Georgian voters",
        "He reads The Washington Post, The Moscow Times, the Kyiv Independent and USA Today.",
        "She studied at the University of Washington, in Washington State.",
        "George Washington, Denzel Washington and Mount Washington",
        "They flew American Airlines and Ukraine International Airlines.",
        "Latin American voters, South Americans and North America",
        "He paid in U.S. dollars.",
        "They ordered chicken Kiev, a Moscow mule and a White Russian.",
        "They played Russian roulette and American football.",
        "Dynamo Kyiv beat Spartak Moscow.",
        "He was born in Moscow, Idaho.",
        "Boris Johnson resigned; Johnson is a Conservative.",
        "Johnson resigned.",
        "He lives in Austin, pays the price, likes rice and burns wood.",
        "Daniil Medvedev won in Paris, and Medvedev thanked the crowd.",
        "Richard Wagner's operas",
        "The Indian National Congress and the World Congress of Botany",
        "The Polish Senate and Brazil's Congress voted, as did Italy's Senate.",
        "The Sputnik V vaccine and the Sputnik moment",
        "The Sea of Azov froze.",
        "A trump card, a bush, a capitol idea and a senate of bees",
        "He ran the race. His rt arm hurt; the rf coil broke.",
        "Russian-speaking towns and Russian speakers",
        "A Washington-based lawyer and a US-based firm",
        "See https://example.com/russia/ukraine and www.example.com/Putin",
        "Prussian and Belorussian, Usain Bolt, Usually, Trumpet",
        "Melania Trump and Michelle Obama met.",
        "The House of Lords and the House of Cards",
        "KYIV, May 3 (Reuters) - Prices rose.",
        "MOSCOW, June 9. /TASS/. Prices rose.",
        "WASHINGTON (Sputnik) - Prices rose.",
        "KIEV, January 10. / TASS /. Prices rose.",
        "MOSCOW/OSLO, Nov 10 (Reuters) - Prices rose.",
        "They (the envoys - TASS) and he [the minister – Sputnik] agreed.",
        "Jane Doe reported from Moscow, and John Roe, reporting from Washington, agreed.",
        "Photograph: Jane Doe/EPA",
    ],
)
def test_what_is_no_mention(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TELL US THE TRUTH", []),
        ("GIVE US WEAPONS NOW", ["US"]),  # ambiguous even to a reader: a noun follows
        ("LET US PRAY TOGETHER", []),
        ("THE US ARMY IS THERE", ["US"]),
        ("FORMER US ENVOY SPEAKS", ["US"]),
        ("JOIN US TODAY IN TOWN", []),
        ("SANCTIONS BY US TREASURY", ["US"]),
        ("Join us, said the US envoy.", ["US"]),
        ("Us and them", []),
        ("The US GDP fell.", ["US"]),
        ("US CDC says so.", ["US"]),
        ("US, EU, UK freeze assets", ["US"]),
        ("US/EU/UK envoys met.", ["US"]),
        ("US FDA, CDC agree.", ["US"]),
        ("US TO SEND MORE TENTS", ["US"]),
        ("BREAKING – US ENDS TALKS", ["US"]),
        ("TELL\r\nUS WHY", []),
        ("BERLIN: US IS A PARTNER", ["US"]),
        ("TEHRAN BLAMES US FOR BLAST", ["US"]),
        ("A US TANKER SANK", ["US"]),
        ("THEY LIED TO US ALL", []),
        ("THEM AND US", []),
        ("SUPPORT US", []),
        ("Write to me: TELL US YOUR STORY", []),
        ("The date of a US-ASEAN summit", ["US"]),
        ("Rain stopped the US Open.", []),
    ],
)
def test_us_is_not_us(text: str, expected: list[str]) -> None:
    assert [mention for mention, _ in found(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lloyd Austin came. Austin left.", ["Lloyd Austin", "Austin"]),
        ("Defense Secretary Lloyd J. Austin came.", ["Lloyd J. Austin"]),
        ("Secretary Austin came. Austin left.", ["Austin", "Austin"]),
        ("Austin said so.", ["Austin"]),
        ("“It is done,” said Austin.", ["Austin"]),
        ("“It is done,” said Austin Powers, who told Austin so.", []),
        ("Andriy Kostin met Andrei Kostin.", ["Andriy Kostin", "Andrei Kostin"]),
        ("Alexander Litvinenko drank tea. Litvinenko died.", []),
        ("Gen. Mark A. Milley and Jake Sullivan", ["Mark A. Milley", "Jake Sullivan"]),
        ("Speaker Mike Johnson met Boris Johnson. Johnson smiled.", ["Mike Johnson"]),
        ("Mike Johnson spoke. Johnson smiled.", ["Mike Johnson", "Johnson"]),
        ("Ned Price answered, and Price would not say more.", ["Ned Price", "Price"]),
        ("Dmitry Medvedev and Daniil Medvedev", ["Dmitry Medvedev"]),
        ("Vladimir Vladimirovich Putin", ["Vladimir Vladimirovich Putin"]),
        ("Hunter Biden's laptop, said Joe Biden", ["Joe Biden"]),
        ("Vitaliy Kim, the governor, said. Kim added.", ["Vitaliy Kim", "Kim"]),
        ("Kim Jong Un waved.", []),
        ("Yunus-bek Yevkurov flew in.", ["Yunus-bek Yevkurov"]),
        ("Chairman Paul Smith met Gen. George Brown.", []),
        ("Rand Paul spoke, and Paul was heard.", ["Rand Paul", "Paul"]),
        ("Oleg Austin said so.", []),
        ("Andrew C. McCarthy wrote it; McCarthy is a columnist.", []),
        ("Martin O'Malley, Rob Malley's namesake", ["Rob Malley"]),
        ("Novak Djokovic won; Alexander Novak watched.", ["Alexander Novak"]),
        ("Wladimir Klitschko boxed. Klitschko won.", []),
        ("Sen. Jane Smith and Rep. John Doe voted.", ["Sen.", "Rep."]),
    ],
)
def test_ambiguous_last_names_need_a_first_name_a_title_or_an_introduction(text: str, expected: list[str]) -> None:
    assert [mention for mention, _ in found(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("South Korean President Lee met the farmers.", []),
        ("President Lee met the farmers.", []),
        ("Senator Lee met the farmers.", [("Lee", A)]),
        ("Bulgarian Prime Minister Borisov opened the tunnel.", []),
        ("The Macedonian deputy foreign minister Popov sang.", []),
        ("General Popov was dismissed.", [("Popov", R)]),
        ("Home Secretary Patel resigned.", []),
        ("FBI Director Patel resigned.", [("FBI", A), ("Patel", A)]),
        ("Foreign Secretary Johnson shrugged.", []),
        ("Speaker Johnson shrugged.", [("Johnson", A)]),
        ("President Kim and Minister Kim bowed.", []),
        ("Mykolaiv Governor Kim waved.", [("Kim", U)]),
        ("Police chief Davis and director Lynch agreed.", []),
        ("Prosecutor General Kostin opened a case.", [("Kostin", U)]),
        ("VTB head Kostin opened a branch.", [("VTB", R), ("Kostin", R)]),
        ("State Department spokesman Miller shrugged.", [("State Department", A), ("Miller", A)]),
        ("Belarusian General Timoshenko saluted. Timoshenko left.", []),
        ("Polish Foreign Minister Kozak and Dmitry Kozak talked.", [("Dmitry Kozak", R)]),
        ("Russian Deputy Minister Rudenko called.", [("Russian", R), ("Rudenko", R)]),
    ],
)
def test_a_title_tells_whose_official_a_common_name_is(text: str, expected: list[tuple[str, Target]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hunter Biden rang his father, Vice President Biden. Biden was out.", ["Biden", "Biden"]),
        ("Hunter Biden rang. Biden was out.", []),
        ("President Trump and Melania Trump waved, and Trump spoke.", ["Trump", "Trump"]),
        ("Melania Trump wrote the letter that President Trump sent.", ["Trump"]),
        ("Boris Johnson met Speaker Johnson.", ["Johnson"]),
        ("Wladimir Klitschko and his brother, Mayor Klitschko", ["Klitschko"]),
        ("Mike Johnson met Boris Johnson. Johnson laughed.", ["Mike Johnson"]),
        ("Roscosmos chief Dmitry Bakanov spoke. Bakanov left.", ["Roscosmos", "Dmitry Bakanov", "Bakanov"]),
        ("Max Blumenthal, a blogger, and Ann Wagner, a baker", []),
    ],
)
def test_a_namesake_does_not_hide_who_is_named_with_a_title(text: str, expected: list[str]) -> None:
    assert [mention for mention, _ in found(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sen. Graham wrote it. Graham left.", ["Sen.", "Graham", "Graham"]),
        ("Rep. Jordan asked.", ["Rep.", "Jordan"]),
        ("Rep.\r\nJordan asked Treasury Secretary Scott\r\nBessent.", ["Rep.", "Jordan", "Scott\r\nBessent"]),
        ("Sens. Graham and Paul agreed.", ["Sens.", "Graham", "Paul"]),
        ("Sen. Graham and Paul, his driver, agreed.", ["Sen.", "Graham"]),
        ("The Republican senator Graham agreed.", ["Republican senator", "Graham"]),
        ("Mr. Sullivan said so, and Ms. Sherman warned them.", ["Sullivan", "Sherman"]),
        ("Mr. Sullivan mowed the lawn.", []),
        ("Austin also said so.", ["Austin"]),
        ("Austin, the defense secretary, agreed.", ["Austin"]),
        ("Austin, the capital, grew.", []),
        ("Sullivan, the British ambassador, agreed.", []),
        ("They left the Council. Waltz told it why.", ["Waltz"]),
        ("Christoph Waltz acted. Waltz said he was glad.", []),
    ],
)
def test_titles_and_speech_around_a_last_name(text: str, expected: list[str]) -> None:
    assert [mention for mention, _ in found(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Poland's Territorial Defence Forces and Lithuania's State Border Guard Service", []),
        ("Ukraine's State Border Guard Service", ["Ukraine", "State Border Guard Service"]),
        ("The US Pacific Fleet sailed.", ["US"]),
        ("Russia's Pacific Fleet sailed.", ["Russia", "Pacific Fleet"]),
        ("Kazakhstan's Senate, the Philippines' House of Representatives and Colombia's Congress", []),
        ("Armenia's National Security Council and Hong Kong's Justice Department", []),
        ("Iran's Supreme National Security Council", []),
        ("Congress leader Rahul Gandhi and the Congress of Deputies", []),
        ("They told Congress of the sale.", ["Congress"]),
        ("The House of Trade Unions, the House of Saud, the House of Soviets", []),
        ("The House of Representatives voted; the House agreed.", ["House of Representatives", "the House"]),
        ("French Republicans and Irish Democrats", []),
    ],
)
def test_bodies_of_other_states(text: str, expected: list[str]) -> None:
    assert [mention for mention, _ in found(text)] == expected


def test_what_a_state_made_mentions_it_and_who_was_born_there_does_not() -> None:
    assert [
        mention
        for mention, _ in found("A Russian-made drone, a US-made lens, an American-made and a Ukrainian-made motor")
    ] == [
        "Russian",
        "US",
        "American",
        "Ukrainian",
    ]
    assert found("A US-born cook, a Russian-born waiter, an American-born and a Ukraine-born guest") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv, Ukraine (CNN)The shops opened.", []),
        ("Story below. MOSCOW, Russia (AP) — Shops opened.", []),
        ("Moscow, 14 June (Prensa Latina) Shops opened.", []),
        ("Putin told Russia Today (RT) that he would stay.", ["Putin", "Russia Today"]),
        ("Russian rockets kill 12 at a bus stop (Reuters)", ["Russian"]),
        ("Ukrainian soldiers in Bucha (AP)", ["Ukrainian"]),
    ],
)
def test_a_dateline_has_a_date_or_a_place_and_a_sentence(text: str, expected: list[str]) -> None:
    assert [mention for mention, _ in found(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Washington Gov. Jay Doe and eastern Washington",
        "An RT-PCR test, an RF jammer and 18 U.S.C. 1001",
        "The Gulf of America and British American Tobacco",
        "The Kazan Kremlin by the Moskva river",
    ],
)
def test_other_bearers_of_a_name(text: str) -> None:
    assert found(text) == []
