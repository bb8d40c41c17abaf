from __future__ import annotations

import time

import pytest

from models.encoder.folding import Folder

SPELLINGS = {"kiev": "Kyiv", "kiev region": "Kyiv Oblast", "donbass": "Donbas"}


@pytest.fixture(scope="module")
def folder() -> Folder:
    return Folder(SPELLINGS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Stop,” he said.", '"Stop," he said.'),
        ("the army’s losses", "the army's losses"),
        ("a truce — or not", "a truce - or not"),
        ("a truce -- or not", "a truce - or not"),
        ("ten\u00a0tanks", "ten tanks"),
        ("ten  tanks", "ten tanks"),
        ("ten tanks.\r\nThen", "ten tanks. Then"),
        ("ten tanks.  ", "ten tanks."),
        ("coopera\u00adtion", "cooperation"),
        ("Wait…", "Wait..."),
        ("talks in Kiev", "talks in Kyiv"),
        ("talks in KIEV", "talks in Kyiv"),
        ("the Kiev Region and Donbass", "the Kyiv Oblast and Donbas"),
        ("the U.S. envoy", "the US envoy"),
    ],
)
def test_variants_are_read_as_one(folder: Folder, one: str, other: str) -> None:
    assert folder(one).text == folder(other).text


@pytest.mark.parametrize("text", ["give it to us", "Kievan Rus", "chicken kievs", "non-US"])
def test_other_words_stay(folder: Folder, text: str) -> None:
    assert folder(text).text in {text, text.replace("US", "USA")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TELL US WHY", "TELL US WHY"),
        ("THEY LIED TO US AND LEFT", "THEY LIED TO US AND LEFT"),
        ("the US Open", "the US Open"),
        ("US$5", "US$5"),
        ("the US army", "the USA army"),
        ("US TO SEND TENTS", "USA TO SEND TENTS"),
        ("Rain\n“US, EU, UK agree”", 'Rain "USA, EU, UK agree"'),
        ("GIVE US TIME, SAYS US ENVOY IN THE U.S.", "GIVE US TIME, SAYS USA ENVOY IN THE USA"),
    ],
)
def test_the_state_is_told_from_the_pronoun(folder: Folder, text: str, expected: str) -> None:
    assert folder(text).text == expected


def test_every_word_leads_back_to_the_original(folder: Folder) -> None:
    text = "  “Kiev…  and\u00a0the U.S. — Donbass”\u200b too  "
    folded = folder(text)
    for folded_word, word in [("Kyiv", "Kiev"), ("USA", "U.S."), ("Donbas", "Donbass"), ("too", "too"), ("and", "and")]:
        start = folded.text.index(folded_word)
        assert text[slice(*folded.original(start, start + len(folded_word)))] == word


@pytest.mark.parametrize("text", ["", " ", "\u200b", "…", "''", "👩‍👩‍👧 e\u0301"])
def test_odd_texts_keep_as_many_origins_as_code_points(folder: Folder, text: str) -> None:
    folded = folder(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)


@pytest.mark.parametrize("before", ["• ", "- ", "– ", "12. ", "3) ", "> > ", "  * "])
def test_what_lists_and_mails_put_before_a_paragraph_is_left_out(folder: Folder, before: str) -> None:
    assert folder(f"{before}Twelve soldiers fell.").text == "Twelve soldiers fell."


@pytest.mark.parametrize(
    "text", ["24. February 2022 was the day.", "> 300 soldiers fell.", "- 20 degrees.", "24. 02. 2022", "-Twelve fell."]
)
def test_numbers_and_dates_are_no_bullets(folder: Folder, text: str) -> None:
    assert folder(text).text == text


def test_ligatures_are_letters(folder: Folder) -> None:
    folded = folder("The oﬃce ﬁles ﬂew oﬀ.")
    assert folded.text == "The office files flew off."
    assert [len(folded.starts), len(folded.ends)] == [len(folded.text)] * 2
    assert folded.original(4, 10) == (4, 8)


def test_no_spellings() -> None:
    assert Folder({})("Kiev").text == "Kiev"


def test_a_long_line_takes_seconds(folder: Folder) -> None:
    started = time.perf_counter()
    folder("Kiev — “the U.S.” and the US  " * 20_000)
    assert time.perf_counter() - started < 20
