"""The shipped tables are sound, and a broken table is refused by file, entry and field."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from models.errors import TableError
from models.terminology import Kind, Terminology
from models.terminology.romanize import newspaper_russian
from models.terminology.rows import read_entry
from models.terminology.tables import TABLES

GUARDS = """
[cues]
ukraine = ["Ukraine"]
[phrases]
names = ["Ivan"]
[guards.near]
needs_near = ["ukraine"]
"""
GOOD = """
defaults.kind = "spelling"
defaults.reason = "r"
defaults.source = "s"
entry = [ { uk = "Київ", ru = "Киев" } ]
"""


def load(directory: Path, table: str = GOOD, guards: str = GUARDS) -> Terminology:
    (directory / "guards.toml").write_text(guards, encoding="utf-8")
    (directory / "t.toml").write_text(table, encoding="utf-8")
    return Terminology.load(directory)


@pytest.fixture(scope="module")
def shipped() -> Terminology:
    return Terminology.load()


def test_there_are_enough_entries(shipped: Terminology) -> None:
    assert len(shipped.entries) >= 600


def test_every_kind_is_there(shipped: Terminology) -> None:
    assert set(Counter(kind for _, kind in shipped.entries)) == set(Kind)


def test_every_entry_has_reason_and_source(shipped: Terminology) -> None:
    assert all(entry.reason and entry.source for entry in shipped.entries.values())


def test_every_guard_is_used(shipped: Terminology) -> None:
    used = {name for readings in shipped.forms.values() for form in readings for name in form.guards}
    parts = {id(part) for guard in shipped.guards.values() for part in guard.any_of}
    idle = {name for name, guard in shipped.guards.items() if name not in used and id(guard) not in parts}
    assert not idle


def test_no_name_that_both_languages_share(shipped: Terminology) -> None:
    for name in ("kherson", "poltava", "donetsk", "kramatorsk", "mariupol", "sumy", "bucha"):
        assert name not in shipped.forms


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('ru = "Киев"', 'ru = "Киев", colour = "red"', "entry 'Kyiv': field 'colour': unknown"),
        ('"spelling"', '"sort"', "entry 'Kyiv': field 'kind': 'sort' is none of spelling"),
        ('defaults.source = "s"', "", "entry 'Kyiv': field 'source': missing"),
        ('ru = "Киев"', 'russian = "Kiev"', "entry 'Kyiv': field 'russian': must be a list"),
        ('ru = "Киев"', 'guards = ["nowhere"]', "entry 'Kyiv': field 'guards': guards.toml has no guard 'nowhere'"),
        ('ru = "Киев"', 'derived = [["Kyivan"]]', "entry 'Kyiv': field 'derived': must be a list of"),
        ('uk = "Київ", ru = "Киев"', 'uk = "Полтава", ru = "Полтава"', "entry 'Poltava': field 'ru': both languages"),
        ('ru = "Киев"', 'russian = ["Kyiv"]', "entry 'Kyiv': field 'russian': 'Kyiv' is a form of both sides"),
        ('{ uk = "Київ", ru = "Киев" }', '{ uk = "А" }, { uk = "А" }', "entry 'A': field 'entry': there already is"),
        ('{ uk = "Київ"', '{ entry = "B", russian = ["Kiev"] }, { uk = "Київ"', "'Kiev' already is a form of 'B'"),
        ('{ uk = "Київ", ru = "Киев" }', '{ entry = "B" }', "entry 'B': field 'ukrainian': neither side"),
        ('ru = "Киев"', "canonical = 3", "entry 'Kyiv': field 'canonical': must be true"),
        ("entry = [", "colour = 1\nentry = [", "field 'colour': unknown"),
        ("entry = [", "entry = [ {", "t.toml: "),
    ],
)
def test_a_broken_table_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(TableError, match=r"t\.toml") as refusal:
        load(tmp_path, GOOD.replace(old, new))
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ('needs_near = ["elsewhere"]', "guard 'odd': field 'needs_near': there is no 'elsewhere'"),
        ('colour = ["red"]', "guard 'odd': field 'colour': unknown"),
        ('not_before = ["@nobody"]', "guard 'odd': field 'not_before': there is no list of phrases 'nobody'"),
        ('any_of = ["later"]', "guard 'odd': field 'any_of': there is no 'later'"),
        ('within = "far"', "guard 'odd': field 'within': must be a number"),
        ("not_after = [3]", "guard 'odd': field 'not_after': must be a list"),
    ],
)
def test_a_broken_guard_is_refused(tmp_path: Path, options: str, message: str) -> None:
    with pytest.raises(TableError, match=r"guards\.toml") as refusal:
        load(tmp_path, guards=f"{GUARDS}\n[guards.odd]\n{options}\n")
    assert message in str(refusal.value)


def test_a_good_table_loads(tmp_path: Path) -> None:
    assert {"kyiv", "kiyev", "kiev"} <= set(load(tmp_path).forms)


def test_a_directory_without_guards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"guards\.toml"):
        Terminology.load(tmp_path)


def test_what_both_languages_write_alike_is_neutral(tmp_path: Path) -> None:
    table = GOOD.replace('uk = "Київ", ru = "Киев"', 'uk = "Каховка", ru = "Каховка", russian = ["Kahovka"]')
    (entry,) = load(tmp_path, table).entries.values()
    assert (entry.ukrainian, entry.neutral, entry.counterpart) == ((), ("Kakhovka",), "Kakhovka")


@pytest.mark.parametrize(
    ("names", "ukrainian", "russian"),
    [
        ('uk = "Бердянськ", ru = "Бердянск"', "Berdiansk", "Berdyansk"),
        ('uk = "Іловайськ", ru = "Иловайск"', "Ilovaisk", "Ilovaysk"),
        ('uk = "Джанкой", ru = "Джанкой"', "Dzhankoi", "Dzhankoy"),
    ],
)
def test_what_both_languages_give_is_russian_but_for_the_standard(
    tmp_path: Path, names: str, ukrainian: str, russian: str
) -> None:
    terminology = load(tmp_path, GOOD.replace('uk = "Київ", ru = "Киев"', names))
    (entry,) = terminology.entries.values()
    assert (entry.ukrainian[0], entry.russian, entry.neutral) == (ukrainian, (russian,), ())
    assert ukrainian.lower() in terminology.cues["place_ukrainian"]
    assert russian.lower() in terminology.cues["place_russian"]


def test_plain_names_are_cues_by_side(tmp_path: Path) -> None:
    cues = load(tmp_path).cues
    assert ("kyiv" in cues["place_ukrainian"], "kiev" in cues["place_russian"]) == (True, True)
    assert "kyiv" not in cues["place_russian"]


@pytest.mark.parametrize("table", sorted(TABLES.glob("places_*.toml")), ids=lambda path: path.stem)
def test_counterparts_are_what_the_russian_name_gives(table: Path) -> None:
    content = tomllib.loads(table.read_text(encoding="utf-8"))
    for number, row in enumerate(content["entry"]):
        if "ru" in row:
            entry = read_entry(table.name, number, content["defaults"] | row)
            main = next(iter(entry.russian), entry.counterpart)
            # -ия is written -ia, too.
            assert {main, re.sub("ia$", "iya", main)} & {*newspaper_russian(row["ru"])}, entry.name


def test_a_veto_leaves_a_name_plain(tmp_path: Path) -> None:
    vetoed = load(tmp_path, GOOD.replace('ru = "Киев"', 'ru = "Киев", vetoes = ["near"]'))
    assert "kiev" in vetoed.cues["place"]
    assert vetoed.forms["kiev"][0].guards == ("near",)
    assert vetoed.forms["kiev"][0].canonical == "Kyiv"
    guarded = load(tmp_path, GOOD.replace('ru = "Киев"', 'ru = "Киев", guards = ["near"]'))
    assert "kiev" not in guarded.cues["place"]


def test_vetoes_must_exist(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"guards\.toml has no guard 'nowhere'"):
        load(tmp_path, GOOD.replace('ru = "Киев"', 'ru = "Киев", vetoes = ["nowhere"]'))
