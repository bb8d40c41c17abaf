"""Cutting text into paragraphs."""

from textwrap import fill

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.spans import Span
from models.text import SPLIT_ABOVE, split_paragraphs

SENTENCE = "The delegation left the capital late on Tuesday evening. "


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_paragraphs(text)]


@pytest.mark.parametrize("text", ["", " ", "\n", "\r\n \r\n", "\ufeff\u200b\u00a0\n\t"])
def test_blank_text_has_none(text: str) -> None:
    assert split_paragraphs(text) == []


@pytest.mark.parametrize(
    "gap", ["\n\n", "\r\n\r\n", "\r\r", "\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\n \t \n", "\n\u00a0\n"]
)
def test_every_line_end_separates(gap: str) -> None:
    assert cut(f"The first one.{gap}The second one.{gap}The third one.") == [
        "The first one.",
        "The second one.",
        "The third one.",
    ]


def test_edges_are_left_out_and_offsets_are_exact() -> None:
    text = "\ufeff  \u00a0One here.\u200b\u00a0\r\n\r\n\t Two 😀 there. \u2003\n"
    assert split_paragraphs(text) == [Span(4, 13), Span(21, 33)]
    assert cut(text) == ["One here.", "Two 😀 there."]


def test_inner_space_is_kept() -> None:
    assert cut("One\u00a0 thing\tand another.") == ["One\u00a0 thing\tand another."]


HARD_WRAPPED = """\
The minister said on Wednesday that the talks would go on through
the night and that nobody should expect an agreement before the
end of the week, however long the delegations sat together.

A second paragraph follows after a blank line. It is wrapped at the
same width as the first one, as old mail programs used to do, and it
has to stay whole as well.

The end.
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_hard_wrapped_paragraphs_stay_whole(newline: str) -> None:
    paragraphs = cut(HARD_WRAPPED.replace("\n", newline))
    assert len(paragraphs) == 3
    assert paragraphs[0].startswith("The minister")
    assert paragraphs[0].endswith("sat together.")
    assert paragraphs[2] == "The end."


def test_a_paragraph_separator_is_as_good_as_a_blank_line() -> None:
    assert len(cut(HARD_WRAPPED.replace("\n\n", "\u2029"))) == 3


# The widest line has 120 code points.
WIDE = """\
The harbour was empty for a third day, and on the quay the drivers of the grain lorries were asking one another how many
of them would stay.

Nobody had told the mayor, on his way back from the hills, that the bridge over the river had been blown up while
he was asleep.
"""


@pytest.mark.parametrize(("text", "pieces"), [(WIDE, 2), (WIDE.replace("empty", "closed"), 4)])
def test_no_line_is_wrapped_that_is_wider_than_any_program_wraps(text: str, pieces: int) -> None:
    assert len(cut(text)) == pieces


@pytest.mark.parametrize(("name", "pieces"), [("Lavrov", 2), ("Putin", 4)])
def test_a_line_is_wrapped_where_the_next_word_and_its_blank_would_not_have_fitted(name: str, pieces: int) -> None:
    text = f"The talks in the old town hall went on\nBelgrade time.\n\nLate in the evening Mr. and Mrs.\n{name} left."
    assert len(cut(text)) == pieces


def test_a_heading_does_not_hide_the_wrapping() -> None:
    assert len(cut("TALKS GO ON\n\n" + HARD_WRAPPED)) == 4


def test_lines_between_blank_lines_are_paragraphs_where_nothing_is_wrapped() -> None:
    text = (
        "A headline\nBy a reporter\n\nThe first paragraph is a long one that no program"
        " would have wrapped at any usual width, since it goes on.\nThe second paragraph is shorter.\n\nThe third."
    )
    assert len(cut(text)) == 5


@pytest.mark.parametrize(
    "neighbour", ["", "The end.", "One line, much longer than any program would have wrapped. " * 4]
)
def test_a_wrapped_paragraph_stays_whole_whatever_is_beside_it(neighbour: str) -> None:
    wrapped = fill(" ".join(HARD_WRAPPED.split("\n\n", maxsplit=1)[0].split()), 60)
    assert cut(f"{wrapped}\n\n{neighbour}")[0] == wrapped
    assert cut(f"{neighbour}\n\n{wrapped}")[-1] == wrapped


def test_wrapped_paragraphs_without_blank_lines_end_with_a_line_that_is_not_full() -> None:
    first, second, third = (fill(" ".join(part.split()), 66) for part in HARD_WRAPPED.strip().split("\n\n"))
    assert cut(f"{first}\n{second}\n{third}") == [first, second, third]
    assert cut(f"TALKS GO ON\n{first}") == ["TALKS GO ON", first]


@pytest.mark.parametrize(
    "lines",
    [
        ["Russia attacks the port of Odesa again, and the harbour burns", "Ukraine answers with drones", "Talks stall"],
        ["the port burned again last night, said the mayor of the town", "nobody knows what will come of the talks"],
        ["- grain that waits in the silos of the harbour", "- what the navies of both sides have said of it"],
        ["They came by night and left by day,", "and no one knew", "which way they went;", "nor did they say."],
        [
            "A sentence that takes a line of its own, of some length.",
            "It has a second one that is about as long as it.",
        ],
    ],
)
def test_lines_that_are_not_wrapped_prose_are_cut(lines: list[str]) -> None:
    assert cut("\n".join(lines)) == lines


def test_short_sentences_on_lines_of_their_own_are_paragraphs() -> None:
    assert cut("He came.\nHe saw.\n\nHe left.\nHe slept.") == ["He came.", "He saw.", "He left.", "He slept."]


def test_a_line_of_many_sentences_is_one_paragraph_up_to_the_limit() -> None:
    text = (SENTENCE * (SPLIT_ABOVE // len(SENTENCE))).strip()
    assert cut(text) == [text]


def test_the_longest_paragraph_that_stays_whole() -> None:
    text = (SENTENCE * 30)[:SPLIT_ABOVE]
    assert cut(text) == [text]
    assert len(cut(f"{text}n")) == 2


def test_a_longer_one_is_cut_at_sentence_ends_into_balanced_pieces() -> None:
    pieces = cut(SENTENCE * 30)
    assert all(piece.startswith("The delegation") and piece.endswith("evening.") for piece in pieces)
    assert all(len(piece) <= SPLIT_ABOVE for piece in pieces)
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 2 * len(SENTENCE)
    assert sum(piece.count("delegation") for piece in pieces) == 30


def test_without_sentence_ends_it_is_cut_at_white_space() -> None:
    pieces = cut("word " * 2000)
    assert all(set(piece.split()) == {"word"} and len(piece) <= SPLIT_ABOVE for piece in pieces)


@pytest.mark.parametrize("unit", ["e\u0301", "👍🏽", "👨\u200d👩\u200d👧", "❤\ufe0f", "🇺🇦"])
def test_a_hard_cut_splits_no_character(unit: str) -> None:
    pieces = cut("x" + unit * 2000)
    assert len(pieces) > 1
    assert all(len(piece) <= SPLIT_ABOVE for piece in pieces)
    assert "".join(pieces) == "x" + unit * 2000
    assert all(piece.startswith(unit) for piece in pieces[1:])
    assert min(map(len, pieces)) > SPLIT_ABOVE / 2


def test_marks_without_end_are_still_cut() -> None:
    assert "".join(cut("a" + "\u0301" * 5000)) == "a" + "\u0301" * 5000


@given(st.text(alphabet="aB.é\u0301 \t\u00a0\u200b\n\r\u2028\u2029\x0c😀”", max_size=200))
def test_spans_cover_everything_but_blanks(text: str) -> None:
    spans = split_paragraphs(text)
    rest, at = [], 0
    for start, end in spans:
        assert at <= start < end
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        rest.append(text[at:start])
        at = end
    rest.append(text[at:])
    assert all(char.isspace() or char == "\u200b" for char in "".join(rest))


@given(st.lists(st.sampled_from(["Kyiv ", "a. ", "x" * 700, "\u0301", "👍🏽", "U.S. ", "?! "]), max_size=40))
def test_no_piece_is_longer_than_the_limit(parts: list[str]) -> None:
    text = "".join(parts)
    pieces = split_paragraphs(text)
    assert all(end - start <= SPLIT_ABOVE for start, end in pieces)
    assert "".join(text[start:end] for start, end in pieces).replace(" ", "") == text.replace(" ", "")
