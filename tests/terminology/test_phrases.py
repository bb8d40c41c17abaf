"""Phrases and tokens beside a term."""

from __future__ import annotations

import pytest

from models.terminology.phrases import PhraseCompiler

COMPILER = PhraseCompiler(
    no_surnames=("Mayor", "Port"),
    no_names=("On", "While"),
    titles=("President",),
    no_subject_after=("in", "eastern", "by"),
)


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("region", " region of", True),
        ("region", "” region", True),
        ("region", " regional", False),
        ("region*", " regional", True),
        ("as planned", " as\u00a0planned", True),
        (", Texas", ", Texas", True),
        (", Texas", " Texas", False),
        ("<located> Yakutia", " in Yakutia", True),
        ("<located> Yakutia", ", a river port in Russia's Yakutia", True),
        ("<located> Montenegro", " Monastery in Montenegro", True),
        ("<located> Yakutia", " fell, and in autumn Yakutia", False),
        ("<age>", ", 34, said", True),
        ("<age>", ", 1934", False),
        ("<surname>", " Turner sang", True),
        ("<surname>", " Mayor Trukhanov", False),
        ("<surname>", " Turner Overdrive", False),
        ("<model>", "-60", True),
        ("<model>", " 88CM", True),
        ("<model>", " 88 people", False),
        ("<work>", ", a film by", True),
        ("<work>", " is an American horror film", True),
        ("<work>", " is the subject of a film", False),
        ("<listed> wars", ", Gaza and South Sudan wars", True),
        ("<listed> wars", " or Gaza wars", True),
        ("<listed> wars", ", Gaza and Sudan lost wars", False),
        ("<object> from Oz", " the whole “land” from Oz", True),
        ("<object> from Oz", " from Oz", True),
        ("<object> from Oz", " land, then came from Oz", False),
        ("<object> from Oz", " land from Ur and from Oz", False),
        ("<verb>", " entered the war", True),
        ("<verb>", " war entered", False),
    ],
)
def test_after(phrase: str, text: str, matches: bool) -> None:
    assert (COMPILER.after([phrase]).match(text) is not None) is matches


@pytest.mark.parametrize(
    ("phrase", "text", "matches"),
    [
        ("the", "in the ", True),
        ("the", "in the “", True),
        ("the", "breathe ", False),
        ("<name>", "said Aisen ", True),
        ("<name>", "Aisen ", True),
        ("<name>", "It rained. Aisen ", True),
        ("<name>", "While ", False),
        ("<name>", "Besieged ", False),
        ("<name>", "Missiles Hit ", False),
        ("<initial>", "by A. ", True),
        ("<titled>", "with President Aisen ", True),
        ("<titled>", "with Aisen ", False),
        ("<list>", "Irpin and ", True),
        ("<list>", "Irpin, ", True),
        ("<list>", "Irpin ", False),
        ("<start>", "", True),
        ("<start>", "a ", False),
    ],
)
def test_before(phrase: str, text: str, matches: bool) -> None:
    assert (COMPILER.before([phrase]).match(text[::-1]) is not None) is matches


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Oz said it would ", "Oz"),
        ("Oz and Ur will ", "Ur"),
        ("Oz, in eastern Ur, will ", "Oz"),
        ("Oz, hit by the Ur, will ", "Oz"),
        ("Oz’s army will ", "Oz’s"),
        ("Oz-born people will ", None),
        ("Oz spoke. Now they ", None),
        ("In Oz they ", None),
    ],
)
def test_who_acts(text: str, name: str | None) -> None:
    match = COMPILER.actor(["Oz", "Ur"]).match(text[::-1])
    assert (match and match[1][::-1]) == name


def test_one_of_many() -> None:
    after = COMPILER.after(["war", ", Ohio", "<end>", "war"])
    assert all(after.match(text) for text in (" war", ", Ohio", ""))
    assert not after.match(" peace")
