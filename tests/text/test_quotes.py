"""Quoted spans, one table a habit of quoting; « » in a case's text mark nothing: what is quoted is listed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import find_quotes


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Nothing is quoted here.", []),
        ('The envoy said "we will return" and left.', ['"we will return"']),
        ("The envoy said “we will return” and left.", ["“we will return”"]),
        ("L’envoyé a dit «nous reviendrons» hier.", ["«nous reviendrons»"]),
        ("Der Bote sagte »wir kommen« und ging.", ["»wir kommen«"]),
        ("Der Bote sagte „wir kommen“ und ging.", ["„wir kommen“"]),
        ("Poseł powiedział „wrócimy” i wyszedł.", ["„wrócimy”"]),
        ('The envoy said „we stay" and left.', ['„we stay"']),
        ("Ministern sa ”vi kommer” och gick.", ["”vi kommer”"]),
        ("The mayor said ‘we stay’ on Monday.", ["‘we stay’"]),
        ('He said "we won,” and left the “special” room.', ['"we won,”', "“special”"]),
        ('“We won," he said, "and left.” Then “more”.', ['“We won,"', '"and left.”', "“more”"]),
        ('She saw “a 5" pipe” and left.', ['“a 5" pipe”']),
        ("The mayor said 'we stay' on Monday.", ["'we stay'"]),
        ("The old printer set ``we stay'' like this.", ["``we stay''"]),
        ("＂Full width＂ is seen too.", ["＂Full width＂"]),
        ('"One," he said. "Two," she said.', ['"One,"', '"Two,"']),
        ("“One,” he said. “Two,” she said.", ["“One,”", "“Two,”"]),
        ("The “elections” were a show.", ["“elections”"]),
        ("The 'elections' were a show.", ["'elections'"]),
        ("(“In brackets”)—“after a dash”", ["“In brackets”", "“after a dash”"]),
        ("The aide (“[our] best man,” they say) slept.", ["“[our] best man,”"]),
        ("😀 “after an emoji” 👍🏽", ["“after an emoji”"]),
    ],
)
def test_marks(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“He told me ‘go home’ twice,” she said.", ["“He told me ‘go home’ twice,”"]),
        ("‘He told me “go home” twice,’ she said.", ["‘He told me “go home” twice,’"]),
        ("'He told me \"go home\" twice,' she said.", ["'He told me \"go home\" twice,'"]),
        ('"He told me "go home" twice," she said.', ['"He told me "go home" twice,"']),
        ("«Он сказал «уходи» и ушёл»", ["«Он сказал «уходи» и ушёл»"]),
        ("„Er sagte ‚geh‘ zu mir“, sagte sie.", ["„Er sagte ‚geh‘ zu mir“"]),
        ('“He told me "go home" twice,” she said.', ['“He told me "go home" twice,”']),
        ('"“Yes” is an answer," he said.', ['"“Yes” is an answer,"']),
        ('“They wrote ("[our] best man") twice,” she said.', ['“They wrote ("[our] best man") twice,”']),
    ],
)
def test_only_the_outermost_is_reported(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "They don't and won't.",
        "They don’t and won’t.",
        "The soldiers' families waited at the generals' gate.",
        "The soldiers’ families waited at the generals’ gate.",
        "It was the music of the ’90s and the '80s.",
        "Donetsk's mayor met Odesa's.",
        "Rock 'n' roll 'til dawn, 'cause it's late; 'em boys.",
        "He is 6'2\" tall and she 5'10\".",
        'A 32" screen stood beside a 15.5" one.',
        "The 5′10″ guard slept.",
        "O'Brien met D'Artagnan.",
    ],
)
def test_apostrophes_and_inches_are_no_quotes(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'The soldiers' families are tired,' he said.", ["'The soldiers' families are tired,'"]),
        ("‘The soldiers’ families are tired,’ he said.", ["‘The soldiers’ families are tired,’"]),
        ("‘We don’t know,’ he said, ‘and won’t ask.’", ["‘We don’t know,’", "‘and won’t ask.’"]),
        ("'It's over,' said the guards' chief.", ["'It's over,'"]),
        ("'The guards' and the cooks' wives left,' he said.", ["'The guards' and the cooks' wives left,'"]),
        ('"He is 5\'10" tall," she said.', ['"He is 5\'10" tall,"']),
        ('"It cost 10" was all he said.', ['"It cost 10"']),
        ("He told ‘60 Minutes’ that he stays.", ["‘60 Minutes’"]),
        ("The '20 dead' of the report, and the '80s.", ["'20 dead'"]),
        ("‘Cause for alarm,’ she called it in ’24.", ["‘Cause for alarm,’"]),
        ("In '24 he said 'yes' to the soldiers' wives.", ["'yes'"]),
        ("The class of ‘24 met the class of ‘90s fame.", []),
    ],
)
def test_apostrophes_and_inches_inside_quotes(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We begin here and go on", ["“We begin here and go on"]),
        ("He said: “We begin here and go on  ", ["“We begin here and go on"]),
        ('"We begin here and go on', ['"We begin here and go on']),
        ("‘We begin here and go on", ["‘We begin here and go on"]),
        ("and so it ends,” he said.", ["and so it ends,”"]),
        ('and so it ends," he said.', ['and so it ends,"']),
        ("so endet es“, sagte er.", ["so endet es“"]),
        ("и так кончается», — сказал он.", ["и так кончается»"]),
        ("and so it ends,” he said. “But not all.”", ["and so it ends,”", "“But not all.”"]),
        ("“One.” He paused. “Two goes on", ["“One.”", "“Two goes on"]),
        ("“One,” he said. Nobody asked for the rest.”", ["“One,”"]),
        ('He called it "a loan". Nobody asked for the rest."', ['"a loan"']),
    ],
)
def test_quotes_that_go_on_in_a_neighbouring_paragraph(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We win. “And then rest.” He left.", ["“We win. “And then rest.”"]),
        ('"We win. "And then rest." He left.', ['"We win. "And then rest."']),
        ("“One. “Two. “Three.” He left. “Four.”", ["“One. “Two. “Three.”", "“Four.”"]),
        ("“I told him. “Go home.” He left,” she said.", ["“I told him. “Go home.” He left,”"]),
        ("“It is “over” now.", ["“It is “over” now."]),
    ],
)
def test_quotes_of_several_paragraphs_merged_into_one(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@given(st.text(alphabet="ab .,\"'“”‘’„«»`5é\u0301\n😀s", max_size=80))
def test_spans_are_in_order_and_apart(text: str) -> None:
    spans = find_quotes(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))


@given(st.text(alphabet="ab .,“”", max_size=60), st.text(alphabet="ab .,", max_size=20))
def test_what_follows_a_closed_text_does_not_change_it(text: str, more: str) -> None:
    closed = f"“{text.replace('“', '').replace('”', '')}” x"
    assert find_quotes(f"{closed} {more}") == find_quotes(closed)
