"""One spelling for all variants: nothing is left by which an outlet could be told."""

from __future__ import annotations

import pytest

from models.terminology import Canonicalizer, Kind, Terminology, canonical_spelling, variants_map
from models.terminology.fold import fold

PAIRS = [
    ("Kiev", "Kyiv"),
    ("Kharkov", "Kharkiv"),
    ("Lvov", "Lviv"),
    ("Odessa", "Odesa"),
    ("Donbass", "Donbas"),
    ("Lugansk", "Luhansk"),
    ("Zaporozhye", "Zaporizhzhia"),
    ("Zaporizhzhya", "Zaporizhzhia"),
    ("Nikolaev", "Mykolaiv"),
    ("Chernobyl", "Chornobyl"),
    ("Dnieper", "Dnipro"),
    ("Dnepropetrovsk", "Dnipro"),
    ("Zelensky", "Zelenskyy"),
    ("Zelenskiy", "Zelenskyi"),
    ("Vladimir Zelensky", "Volodymyr Zelenskyy"),
    ("Artyomovsk", "Bakhmut"),
    ("Rovno", "Rivne"),
    ("Chernigov", "Chernihiv"),
    ("Slavyansk", "Sloviansk"),
    ("Severodonetsk", "Sievierodonetsk"),
    ("Izyum", "Izium"),
    ("Kievan", "Kyivan"),
    ("Krivoy Rog", "Kryvyi Rih"),
    ("Avdeevka", "Avdiivka"),
    ("Gostomel", "Hostomel"),
]
TEMPLATES = [
    "{}",
    "In {}, officials said.",
    "{}’s mayor",
    "pro-{} forces; “{}”",
    "chicken {} and {} 88",
    "The {} regime",
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_variants_give_the_same_text(one: str, other: str, template: str) -> None:
    for recase in (str, str.upper, str.lower):
        left, right = (recase(template.replace("{}", name)) for name in (one, other))
        assert canonical_spelling(left) == canonical_spelling(right)


def test_case_is_kept() -> None:
    assert canonical_spelling("KIEV, Kiev, kiev") == "KYIV, Kyiv, kyiv"


def test_all_forms_of_a_name_become_one() -> None:
    for entry in Terminology.load().entries.values():
        forms = {*entry.ukrainian, *entry.russian, *entry.neutral}
        if entry.canonical and entry.kind in {Kind.SPELLING, Kind.RENAMING}:
            assert len({canonical_spelling(form) for form in forms}) == 1, entry.name


def test_twice_changes_nothing_more() -> None:
    for canonical in set(variants_map().values()):
        assert canonical_spelling(canonical) == canonical


def test_what_has_no_variant_is_left_alone() -> None:
    text = "İstanbul, Kherson — Vladimir Putin\r\n\u00a0 Igor 😀 special military operation"
    assert canonical_spelling(text) == text


def test_offsets_survive_squeezed_spaces_and_lengthening_letters() -> None:
    assert canonical_spelling("İİ  Krivoy\u00a0 Rog\u200b, Kiev") == "İİ  Kryvyi Rih\u200b, Kyiv"


def test_variants_map_is_folded() -> None:
    assert all(variant == fold(variant) for variant in variants_map())
    assert variants_map() == Canonicalizer(Terminology.load()).variants
