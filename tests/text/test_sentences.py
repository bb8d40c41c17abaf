"""Sentences and words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import sentence_spans, word_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


# A vertical bar marks each boundary.
CASES = [
    "He came. | She left.",
    "Is it over? | Nobody knew! | So they waited.",
    "The U.S. President spoke first. | Then others did.",
    "Troops of the U.S. Army arrived. | They came from the U.S. | The convoy was long.",
    "He lives in the U.S. | But he works elsewhere.",
    "U.S.-made arms and U.K. funds arrived at 5 p.m. local time.",
    "It began at 5 p.m. | The crowd was small.",
    "Gen. Mark A. Milley met Lt. Gen. Smith. | Mr. Brown and Mrs. Green watched.",
    "On Sept. 5 the price rose by 3.5 percent. | It fell to $1.2 billion in Oct. 2022.",
    "J. D. Vance and H.R. McMaster were there. | So was George W. Bush.",
    "“We will stay.” | “We will not leave,” she said.",
    "“Stop!” he cried. | No one did.",
    "He said: “It is late.” | Then he left.",
    'He said "It is late." | Then he left.',
    "(It was late.) | He left.",
    "Well ... perhaps not… | But who knows?",
    "He paused… then went on.",
    "Question No. 5 was the last. | The answer was no. | Nobody spoke.",
    "Their answers are no. 5 and no. 6 of the list. | It is long.",
    "It was him and I. | The rest had gone.",
    "They had asked for Olha and I. | Danylo stayed at home.",
    "Kyiv, e.g. its centre, i.e. the hill, was quiet.",
    "Acme Inc. shares fell. | Smith & Co. | The bank said nothing.",
    "A line\nbroken in two. | And another.",
    "A heading \n\n | A text after it.",
    "Wait... | The rest came later.",
    "He never saw the U.S... | Olha did.",
    "What?! | Yes.",
    "Version 2.0.1 of node.js is out. | See example.com for more.",
    "😀 First. | 👍🏽 Second.",
    "No full stop at all",
]


@pytest.mark.parametrize("case", CASES)
def test_boundaries(case: str) -> None:
    assert sentences(case.replace("| ", "")) == [part.strip() for part in case.split("|")]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


@given(st.text(alphabet="aB .!?…\"”'\n\u20291S", max_size=100))
def test_sentences_cover_everything_but_blanks(text: str) -> None:
    at = 0
    for start, end in sentence_spans(text):
        assert at <= start < end
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Two words.", ["Two", "words"]),
        ("don’t and don't", ["don’t", "and", "don't"]),
        ("Russian-backed 3.5 km", ["Russian-backed", "3", "5", "km"]),
        ("'quoted' (bracketed) end-", ["quoted", "bracketed", "end"]),
        ("Zelens\u0301kyi и Кии\u0306в", ["Zelens\u0301kyi", "и", "Кии\u0306в"]),
        ("soldiers’ _emphasis_ 😀", ["soldiers", "emphasis"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in word_spans(text)] == expected


@given(st.text(max_size=60))
def test_words_are_in_order_and_hold_no_space(text: str) -> None:
    at = 0
    for start, end in word_spans(text):
        assert at <= start < end
        assert not any(map(str.isspace, text[start:end]))
        at = end
