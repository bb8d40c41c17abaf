from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.responses import TermsResponse
from tests.service.conftest import MakeApp
from tests.service.test_cli import FULL, UNREADABLE, disk_of, needs_full, needs_unreadable

Json = dict[str, Any]

DOCUMENTS: list[Json] = [
    {
        "id": "1",
        "text": "Kiev was calm.\n\nMore trains left Kiev at night.",
        "source": "a.example",
        "date": "2022-03-01",
    },
    {"id": "2", "paragraphs": ["Kyiv was calm."], "source": "b.example", "date": "2022-03-31T10:00:00Z"},
    {"id": "3", "text": "Kyiv was calm.", "source": "b.example", "date": "2022-04"},
    {"id": "4", "text": "The so-called “Kiev regime” spoke.", "source": None, "date": None, "title": "its own field"},
]


def terms(client: FlaskClient, documents: object) -> Json:
    response = client.post("/v1/terms", json={"documents": documents})
    assert response.status_code == 200, response.text
    answer: Json = response.get_json()
    assert TermsResponse.model_validate(answer).model_dump(mode="json", exclude_unset=True) == answer
    return answer


def test_counts_by_entry_side_source_and_month(client: FlaskClient) -> None:
    answer = terms(client, DOCUMENTS)
    assert (answer["documents"], answer["paragraphs"]) == (4, 5)
    rows = [(c["entry"], c["side"], c["source"], c["month"], c["used"]) for c in answer["counts"] if c["used"]]
    assert rows == [
        ("Kyiv", "russian", "a.example", "2022-03", 2),
        ("Kyiv", "ukrainian", "b.example", "2022-03", 1),
        ("Kyiv", "ukrainian", "b.example", "2022-04", 1),
    ]
    (distanced,) = (c for c in answer["counts"] if c["distanced"])
    assert (distanced["kind"], distanced["source"], distanced["month"]) == ("actor", None, None)


def test_adoption_over_time(client: FlaskClient) -> None:
    assert terms(client, DOCUMENTS)["adoption"] == [
        {"month": "2022-03", "ukrainian": 1, "russian": 2, "share": pytest.approx(1 / 3)},
        {"month": "2022-04", "ukrainian": 1, "russian": 0, "share": 1},
    ]


def test_nothing(client: FlaskClient) -> None:
    assert terms(client, []) == {"documents": 0, "paragraphs": 0, "counts": [], "adoption": []}


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/documents"]),
        ({"documents": [], "options": {}}, ["/options"]),
        ({"text": "Kiev"}, ["/documents", "/text"]),
        ({"documents": [{"text": "a"}, {"source": "a"}, 5]}, ["/documents/1", "/documents/2"]),
        ({"documents": [{"text": "a", "date": "yesterday"}]}, ["/documents/0/date"]),
        ({"documents": [{"text": "a", "date": "0000-01-01"}]}, ["/documents/0/date"]),
        ({"documents": [{"text": "a", "date": 2022, "source": 1}]}, ["/documents/0/date", "/documents/0/source"]),
    ],
)
def test_wrong_shapes(client: FlaskClient, body: Json, pointers: list[str]) -> None:
    response = client.post("/v1/terms", json=body)
    assert (response.status_code, response.content_type) == (422, "application/problem+json")
    assert sorted(error["pointer"] for error in response.get_json()["errors"]) == pointers


def test_limits_and_media_types(make_app: MakeApp) -> None:
    client = make_app(max_documents=2, max_body_bytes=1024).test_client()
    assert client.post("/v1/terms", json={"documents": [{"text": ""}] * 3}).status_code == 413
    assert client.post("/v1/terms", json={"documents": [{"text": "a" * 2000}]}).status_code == 413
    assert client.post("/v1/terms", data=b"", content_type="application/x-ndjson").status_code == 415
    assert client.post("/v1/terms", data=b"{", content_type="application/json").status_code == 400


@pytest.mark.parametrize("document", [{"paragraphs": ["Kiev."] * 4}, {"text": "Kiev.\n" * 4}, {"text": "a\n" * 61}])
def test_a_document_of_too_many_paragraphs(make_app: MakeApp, document: Json) -> None:
    client = make_app(max_document_paragraphs=3, max_request_paragraphs=3).test_client()
    fine = {"paragraphs": ["Kiev."] * 3}
    assert client.post("/v1/terms", json={"documents": [fine, fine]}).get_json()["paragraphs"] == 6
    response = client.post("/v1/terms", json={"documents": [fine, document]})
    assert (response.status_code, response.content_type) == (413, "application/problem+json")
    assert response.get_json()["type"] == "/docs#problem-too-many-paragraphs"


def test_the_command_takes_a_document_of_any_length(app: Flask, tmp_path: Path) -> None:
    text = tmp_path / "long.txt"
    text.write_text("Kiev was calm.\n" * 2500)
    code, table, _ = run(app, text)
    assert (code, [row["used"] for row in rows(table)]) == (0, ["2500"])


def run(app: Flask, *arguments: str | Path) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["terms", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table)))


def test_the_command_writes_a_table_and_a_picture(app: Flask, tmp_path: Path) -> None:
    corpus, table, plot = (tmp_path / name for name in ("corpus.jsonl", "terms.csv", "adoption.svg"))
    corpus.write_text("".join(json.dumps(document) + "\n" for document in DOCUMENTS))
    assert run(app, corpus, "--csv", table, "--plot", plot) == (0, "", "")
    written = rows(table.read_text())
    assert [row["used"] for row in written if row["entry"] == "Kyiv"] == ["2", "1", "1"]
    assert {row["source"] for row in written} == {"a.example", "b.example", str(corpus)}
    picture = ElementTree.fromstring(plot.read_text())
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert "2022-03" in plot.read_text()
    assert run(app, corpus, "--plot", plot, "--by-entry", "--overwrite")[0] == 0
    assert "Kyiv" in plot.read_text()


def test_the_command_tells_what_it_cannot_read(app: Flask, tmp_path: Path) -> None:
    text = tmp_path / "article.txt"
    text.write_text("Kiev was calm.")
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"text": "Kyiv was calm."}\n{nonsense\n{"text": "a", "date": "soon"}\n')
    code, table, told = run(app, text, lines)
    assert code == 1
    assert [(row["source"], row["side"]) for row in rows(table)] == [(str(text), "russian"), (str(lines), "ukrainian")]
    assert [line.split(": ")[0] for line in told.splitlines()] == [f"{lines}:2", f"{lines}:3"]


def corpus_in(directory: Path) -> Path:
    corpus = directory / "corpus.jsonl"
    corpus.write_text(json.dumps({"text": "Kiev was calm.", "source": "Київ"}) + "\n")
    return corpus


@pytest.mark.parametrize("option", ["--csv", "--plot"])
def test_the_command_overwrites_nothing_unasked(app: Flask, tmp_path: Path, option: str) -> None:
    corpus, output, linked = corpus_in(tmp_path), tmp_path / "output", tmp_path / "linked"
    whole = corpus.read_bytes()
    linked.symlink_to(corpus)
    for path in (corpus, linked):
        code, _, told = run(app, corpus, option, path, "--overwrite")
        assert (code, corpus.read_bytes()) == (2, whole)
        assert f"{path} is one of the inputs" in told
    output.write_text("of old")
    code, _, told = run(app, corpus, option, output)
    assert (code, output.read_text()) == (2, "of old")
    assert "--overwrite replaces it, or write to another file" in told
    assert run(app, corpus, option, output, "--overwrite")[0] == 0
    assert output.read_text() != "of old"
    code, _, told = run(app, corpus, option, tmp_path / "missing" / "output")
    assert (code, told.count("\n")) == (1, 1)
    assert "there is no such directory" in told


def test_the_table_is_no_picture(app: Flask, tmp_path: Path) -> None:
    corpus, output = corpus_in(tmp_path), tmp_path / "output"
    assert run(app, corpus, "--csv", output, "--plot", output)[0] == 2
    assert not output.exists()


def test_the_table_is_in_utf8(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: "ascii")
    corpus, table = corpus_in(tmp_path), tmp_path / "terms.csv"
    assert run(app, corpus, "--csv", table) == (0, "", "")
    assert [row["source"] for row in rows(table.read_text(encoding="utf-8"))] == ["Київ"]
    code, on_stdout, _ = run(app, corpus, "--csv", "-")
    assert (code, rows(on_stdout)) == (0, rows(table.read_text(encoding="utf-8")))


def test_the_table_is_written_whole_or_not_at_all(app: Flask, tmp_path: Path) -> None:
    corpus, table, linked = corpus_in(tmp_path), tmp_path / "terms.csv", tmp_path / "linked.csv"
    table.write_text("of old")
    table.chmod(0o640)
    linked.symlink_to(table)
    with disk_of(20):
        code, _, told = run(app, corpus, "--csv", linked, "--overwrite")
    assert (code, table.read_text(), told.count("\n")) == (1, "of old", 1)
    assert "linked.csv: can't be written (File too large)" in told
    assert {path.name for path in tmp_path.iterdir()} == {"corpus.jsonl", "terms.csv", "linked.csv"}
    assert run(app, corpus, "--csv", linked, "--overwrite") == (0, "", "")
    assert linked.is_symlink()
    assert (len(rows(table.read_text())), table.stat().st_mode & 0o777) == (1, 0o640)


@needs_full
def test_the_table_on_a_full_device(app: Flask, tmp_path: Path) -> None:
    code, _, told = run(app, corpus_in(tmp_path), "--csv", FULL)
    assert (code, told.count("\n")) == (1, 1)
    assert f"{FULL}: can't be written (No space left" in told


@needs_unreadable
def test_the_table_stays_where_the_input_cannot_be_read(app: Flask, tmp_path: Path) -> None:
    table = tmp_path / "terms.csv"
    table.write_text("of old")
    code, _, told = run(app, corpus_in(tmp_path), UNREADABLE, "--csv", table, "--overwrite")
    assert (code, table.read_text(), told.count("\n")) == (1, "of old", 1)


def test_the_command_takes_a_file_name_that_is_not_utf8(app: Flask, tmp_path: Path) -> None:
    text = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    text.write_text("Kiev was calm.")
    code, table, _ = run(app, text)
    assert (code, [row["source"] for row in rows(table)]) == (0, [f"{tmp_path}/caf\ufffd.txt"])
