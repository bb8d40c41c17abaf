"""Names that texts spell both ways are found, and come out as a table that loads."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from models.labels import Side
from models.terminology import Kind, Terminology
from models.terminology.tables import TABLES
from training.__main__ import main
from training.pairs import Names, find_pairs, known_words

# The village and the people are invented.
TEXTS = [
    "Fighting went on near Hrushkivtsi in Ukraine, the governor Zakhar Bilohryvenko said.",
    "Ukraine said that shells fell near Hrushkivtsi. Zakhar Bilohryvenko’s office had no figures.",
    "Moscow's forces in Ukraine moved toward Grushkovtsy, TASS reported, citing Zakhar Belogrivenko.",
    "GRUSHKOVTSY, Ukraine - Zakhar Belogrivenko denied it.",
    "From Kiev and Kyiv to Lvov and Lviv, Ukraine was dark. Kiev waited; Kyiv too. Lvov and Lviv had light.",
    "Hortense and Gortense dined in Paris. Hortense paid; Gortense left.",
    "The haven in Ukraine: a Haven and a Gaven, a Haven and a Gaven.",
]


def _names(texts: Iterable[str]) -> Names:
    names = Names()
    for text in texts:
        names.add(text)
    return names


KNOWN = known_words(Terminology.load())


def test_pairs_that_the_tables_lack() -> None:
    found = find_pairs(_names(TEXTS), KNOWN)
    assert [(one.ukrainian, one.russian, one.uses) for one in found] == [
        (("Bilohryvenko",), ("Belogrivenko",), 2),
        (("Hrushkivtsi",), ("Grushkovtsy",), 2),
        (("Zakhar Bilohryvenko",), ("Zakhar Belogrivenko",), 2),
    ]


def test_known_names_and_words_of_other_countries_are_left_out() -> None:
    names = {form for one in find_pairs(_names(TEXTS), KNOWN) for form in (*one.ukrainian, *one.russian)}
    assert not names & {"Kyiv", "Kiev", "Hortense", "Haven"}


def test_a_rare_spelling_is_left_out() -> None:
    assert find_pairs(_names(TEXTS), KNOWN, least=3) == []


def test_variants_of_one_name_come_together() -> None:
    texts = ["Ukraine sent Synyhubets. Syniehubets met Sinegubets in Ukraine; Synyehubets met Sinegubets."]
    found = find_pairs(_names(texts), KNOWN, least=1)
    assert [(set(one.ukrainian), one.russian) for one in found] == [({"Syniehubets", "Synyehubets"}, ("Sinegubets",))]


def test_a_preposition_stands_before_the_whole_of_a_name() -> None:
    names = _names(["Ukraine held on in Stara Hrushka.", "Ukraine gave up Staraya Grushka."] * 2)
    found = next(one for one in find_pairs(names, KNOWN) if one.ukrainian == ("Stara Hrushka",))
    assert found.russian == ("Staraya Grushka",)
    assert names.share_placed([*found.ukrainian, *found.russian]) == 0.5


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": text}) + "\n" for text in TEXTS)
    return path


def test_the_draft_is_a_table(corpus: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    shutil.copytree(TABLES, tables)
    result = CliRunner().invoke(main, ["pairs", str(corpus), "--out", str(tables / "drafts.toml"), "--places"])
    assert result.exit_code == 0, result.output
    draft = (tables / "drafts.toml").read_text(encoding="utf-8")
    assert "# Hrushkivtsi 2, Grushkovtsy 2; 75% behind a preposition of place" in draft
    assert "Bilohryvenko" not in draft
    entry = Terminology.load(tables).entries["Hrushkivtsi", Kind.SPELLING]
    assert (entry.ukrainian, entry.russian) == (("Hrushkivtsi",), ("Grushkovtsy",))
    assert set(entry.guards) == {Side.UKRAINIAN, Side.RUSSIAN}


def test_a_wrong_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"text": "Kyiv"}\n{"body": "Kyiv"}\n', encoding="utf-8")
    result = CliRunner().invoke(main, ["pairs", str(path)])
    assert result.exit_code == 1
    assert "line 2" in result.output
