"""Counts, CSV and adoption over time."""

from __future__ import annotations

import csv
import io
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from models.terminology import Adoption, Count, TermReport, adoption_svg, find_terms


@pytest.fixture
def report() -> TermReport:
    gathered = TermReport()
    gathered.add(find_terms("Kiev and Kiev and Kharkiv"), "a.example", "2022-01-05")
    gathered.add(find_terms("Kyiv and “Kiev”"), "b.example", date(2022, 3, 1))
    gathered.add(find_terms("Kyiv"), "b.example")
    gathered.add(find_terms("The special military operation in Ukraine"), "a.example", "2022-03")
    return gathered


def test_counts(report: TermReport) -> None:
    assert report.counts() == [
        Count("Kharkiv", "spelling", "ukrainian", "a.example", "2022-01", 1, 0),
        Count("Kyiv", "spelling", "russian", "a.example", "2022-01", 2, 0),
        Count("Kyiv", "spelling", "russian", "b.example", "2022-03", 0, 1),
        Count("Kyiv", "spelling", "ukrainian", "b.example", "", 1, 0),
        Count("Kyiv", "spelling", "ukrainian", "b.example", "2022-03", 1, 0),
        Count("special military operation", "event", "russian", "a.example", "2022-03", 1, 0),
    ]


def test_csv_reads_back(report: TermReport) -> None:
    file = io.StringIO(newline="")
    report.write_csv(file)
    header, *rows = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert tuple(header) == Count._fields
    assert [tuple(row) for row in rows] == [tuple(map(str, count)) for count in report.counts()]


def test_adoption_counts_names_written_both_ways_in_the_own_voice(report: TermReport) -> None:
    assert [(row.month, row.share) for row in report.adoption()] == [("2022-01", 0.0), ("2022-03", 1.0)]
    assert {row.entry for row in report.adoption(by_entry=True)} == {"Kyiv"}


@pytest.mark.parametrize("day", ["yesterday", "2022-13-01", "22-01-01"])
def test_a_bad_date_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        TermReport().add((), day=day)


def test_the_chart_is_wellformed_and_has_a_point_a_month(report: TermReport) -> None:
    svg = ET.fromstring(adoption_svg(report.adoption(by_entry=True), "Kyiv & Kiev <share>"))
    assert len(svg.findall(".//{*}circle")) == 2
    assert next(text.text for text in svg.findall("{*}text")) == "Kyiv & Kiev <share>"
    assert "2022-02" in [text.text for text in svg.findall("{*}text")]


def test_a_chart_of_many_entries_holds_all_their_names() -> None:
    rows = [Adoption(f"Entry {number}", "2022-03", number, 1) for number in range(40)]
    chart = ET.fromstring(adoption_svg(rows))
    height = float(chart.attrib["viewBox"].split()[3])
    names = [element for element in chart.findall(".//{*}text") if (element.text or "").startswith("Entry")]
    assert len(names) == 40
    assert all(float(element.attrib["y"]) < height for element in names)
    drawn = chart.findall(".//{*}polyline")
    lines = [(element.attrib["stroke"], element.attrib["stroke-dasharray"]) for element in drawn]
    assert len(set(lines[:28])) == 28


def test_an_empty_chart_is_wellformed() -> None:
    assert ET.fromstring(adoption_svg([])) is not None
