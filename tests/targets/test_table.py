"""The shipped tables are whole, and a wrong one is refused with an error that names file, entry and field."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

import models.targets
from models.errors import TableError
from models.labels import Target
from models.targets import Gazetteer, find_mentions
from models.targets.table import load_table

SHIPPED = Path(models.targets.__file__).parent


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    for path in SHIPPED.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_each_target_has_more_than_a_hundred_people_and_all_kinds() -> None:
    table = load_table(SHIPPED)
    people = Counter(person.target for person in table.people)
    assert all(people[target] > 100 for target in Target)
    kinds = {(names.target, names.kind) for names in table.names}
    common = ("state", "people", "capital", "parliament", "government", "services", "forces", "media")
    assert {(target, kind) for target in Target for kind in common} <= kinds


def found(text: str) -> set[tuple[str, Target]]:
    return {(mention.text, mention.target) for mention in find_mentions(text)}


def test_every_fixed_name_is_found() -> None:
    forms = [(form, names.target) for names in load_table(SHIPPED).names for form in names.forms]
    mentions = [(form, (form.rstrip("-"), target)) for form, target in forms]
    assert [form for form, mention in mentions if mention not in found(f"Thus {form} X")] == []


def test_every_person_is_found_by_the_full_name() -> None:
    people = [
        (f"{first} {last}", person.target)
        for person in load_table(SHIPPED).people
        for first in person.first
        for last in person.last
    ]
    assert [(name, target) for name, target in people if (name, target) not in found(f"Today {name} left.")] == []


def test_what_a_table_says_stands_against_the_rules() -> None:
    table = load_table(SHIPPED)
    lasts: dict[str, set[Target]] = {}
    for person in table.people:
        for last in person.last if person.alone else ():
            lasts.setdefault(last, set()).add(person.target)
        assert set(person.first).isdisjoint(person.namesakes)
    assert [last for last, targets in lasts.items() if len(targets) > 1] == []


def test_a_linguist_can_add_a_name(tables: Path) -> None:
    with (tables / "ukraine.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[names]]\nkind = "company"\nforms = ["Zirka Works"]\n')
    text = "The Zirka Works reopened."
    assert find_mentions(text) == ()
    assert [mention.text for mention in Gazetteer.load(tables).find(text)] == ["Zirka Works"]


NAMES = '[[names]]\nkind = "media"\n'
RULE = '[[rules]]\nreason = "x"\ntargets = ["russia"]\n'
PEOPLE = '[[people]]\noffice = "x"\npeople = [{person}]\n'


@pytest.mark.parametrize(
    ("file", "addition", "message"),
    [
        ("us.toml", "colour = 1\n", "us.toml: the file: field 'colour' is unknown"),
        ("us.toml", NAMES + 'forms = ["A"]\ncolor = 1', r"us.toml: names entry \d+: field 'color' is unknown"),
        ("us.toml", '[[names]]\nforms = ["A"]', r"us.toml: names entry \d+: field 'kind' must be a text"),
        ("us.toml", NAMES, r"us.toml: names entry \d+ \(media\): field 'forms' must be a list"),
        ("us.toml", NAMES + "forms = []", r"us.toml: names entry \d+ \(media\): field 'forms' must be a list"),
        ("us.toml", NAMES + 'forms = "A"', "field 'forms' must be a list of texts"),
        ("us.toml", NAMES + 'forms = [" A"]', "field 'forms' has ' A'"),
        ("us.toml", NAMES + 'forms = ["A"]\nplace = "yes"', "field 'place' must be true or false"),
        ("us.toml", NAMES + 'forms = ["A"]\nnot_before = "of"', "field 'not_before' must be a list of texts"),
        ("us.toml", NAMES + 'forms = ["Gazprom"]', "has 'Gazprom', which russia.toml, kind company has too"),
        ("us.toml", NAMES + 'forms = ["Washington Post"]', "which context.toml has too"),
        ("us.toml", PEOPLE.format(person='{last = ["B"], alone = true}'), r"person 1 \(B\): field 'first'"),
        ("us.toml", PEOPLE.format(person='{first = ["A"], alone = true}'), "person 1: field 'last'"),
        ("us.toml", PEOPLE.format(person='{first = ["A"], last = ["B"]}'), r"person 1 \(B\): field 'alone'"),
        ("us.toml", PEOPLE.format(person='{first = ["A"], last = ["B"], alone = 1}'), "must be true or false"),
        ("us.toml", PEOPLE.format(person='{first = ["A"], last = ["Putin"], alone = true}'), "'Putin' stands alone"),
        ("us.toml", PEOPLE.format(person='{first = ["A"], last = ["Gazprom"], alone = true}'), "is also a form of"),
        (
            "us.toml",
            PEOPLE.format(person='{first = ["A"], last = ["B"], alone = true, namesakes = ["A"]}'),
            "field 'namesakes' has 'A', which is also a first name",
        ),
        ("us.toml", PEOPLE.format(person='{first = ["A"], last = ["B"], alone = true, age = 5}'), "'age' is unknown"),
        ("us.toml", '[[people]]\noffice = "x"\ntitles = "y"', "field 'titles' must be a list"),
        ("us.toml", "people = 3", "us.toml: not valid TOML"),
        ("us.toml", '[[people]]\npeople = []', r"us.toml: people entry \d+: field 'office'"),
        ("us.toml", '[[people]]\noffice = "x"\npeople = [1]', "field 'people' must be a list of tables"),
        ("context.toml", '[[blockers]]\nforms = ["A"]', r"context.toml: blockers entry \d+: field 'reason'"),
        ("context.toml", '[[blockers]]\nreason = "x"', r"context.toml: blockers entry \d+ \(x\): field 'forms'"),
        ("context.toml", '[[blockers]]\nreason = "x"\nforms = ["A"]\nkind = "y"', "field 'kind' is unknown"),
        ("context.toml", "[[[", "context.toml: not valid TOML"),
        ("spellings.toml", '[[first_names]]\nrussian = ["A"]', r"first_names entry \d+: field 'ukrainian' must be"),
        ("spellings.toml", '[[other_names]]\nnames = ["A"]', r"other_names entry \d+: field 'reason' must be"),
        ("spellings.toml", RULE + 'pattern = "a"', r"rules entry \d+ \(x\): field 'spellings' must be a list"),
        ("spellings.toml", RULE + 'pattern = "["\nspellings = ["a"]', r"field 'pattern' is not a regular expression"),
        ("spellings.toml", RULE.replace("russia", "mars"), r"rules entry \d+ \(x\): field 'targets' has no target"),
    ],
)  # fmt: skip
def test_errors_name_file_entry_and_field(tables: Path, file: str, addition: str, message: str) -> None:
    path = tables / file
    text = path.read_text("utf-8")
    at_top = addition.startswith("colour")
    path.write_text(addition + text if at_top else f"{text}\n{addition}\n", "utf-8")
    with pytest.raises(TableError, match=message if "\\" in message else re.escape(message)):
        Gazetteer.load(tables)


def test_a_missing_file_is_named(tables: Path) -> None:
    (tables / "ukraine.toml").unlink()
    with pytest.raises(TableError, match=r"ukraine\.toml: no such file"):
        Gazetteer.load(tables)


def test_a_file_under_the_wrong_name_is_refused(tables: Path) -> None:
    shutil.copy(tables / "us.toml", tables / "ukraine.toml")
    with pytest.raises(TableError, match=r"ukraine\.toml: the file: field 'target' must be 'ukraine'"):
        Gazetteer.load(tables)


def test_a_file_in_another_encoding_is_refused(tables: Path) -> None:
    (tables / "us.toml").write_bytes(b'target = "us"\n# caf\xe9\n')
    with pytest.raises(TableError, match=r"us\.toml: not valid TOML"):
        Gazetteer.load(tables)
