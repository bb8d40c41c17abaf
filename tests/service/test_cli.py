from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from service.responses import StreamLine
from tests.service.texts import AGAINST, ARTICLE, PLAIN


class Run(Protocol):
    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Result: ...


@pytest.fixture
def run(app: Flask) -> Run:
    def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
        return app.test_cli_runner().invoke(args=["classify", *map(str, arguments)], input=stdin)

    return run


def answers(text: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in text.splitlines()]
    for answer in found:
        StreamLine.model_validate(answer)
    return found


def jsonl(path: Path, *documents: object) -> Path:
    path.write_text("".join(json.dumps(document) + "\n" for document in documents))
    return path


def test_a_text_file_is_one_document(run: Run, client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(b"\xef\xbb\xbf" + ARTICLE.encode())
    result = run(path)
    assert result.exit_code == 0, result.stderr
    (answer,) = answers(result.stdout)
    assert answer.pop("id") == str(path)
    assert answer == client.post("/v1/classify", json={"text": ARTICLE}).get_json()
    assert result.stderr == ""


def test_lines_and_texts_in_order(run: Run, tmp_path: Path) -> None:
    first = jsonl(tmp_path / "a.jsonl", *({"id": str(i), "text": PLAIN, "title": "any"} for i in range(40)))
    second = tmp_path / "b.txt"
    second.write_text(PLAIN)
    result = run(first, second, first)
    ids = [str(i) for i in range(40)]
    assert [answer["id"] for answer in answers(result.stdout)] == [*ids, str(second), *ids]


@pytest.mark.parametrize(
    ("stdin", "ids"),
    [(PLAIN.encode(), ["-"]), (b'\n {"id": "x", "text": ""}\n{"id": "y", "text": ""}', ["x", "y"]), (b"", ["-"])],
)
def test_standard_input(run: Run, stdin: bytes, ids: list[str]) -> None:
    assert [answer["id"] for answer in answers(run("-", stdin=stdin).stdout)] == ids


def test_the_format_may_be_said(run: Run, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "lines.txt", {"id": "x", "text": PLAIN})
    assert [answer["id"] for answer in answers(run(path, "--format", "jsonl").stdout)] == ["x"]
    assert [answer["id"] for answer in answers(run(path).stdout)] == [str(path)]


def test_options(run: Run) -> None:
    result = run("-", "--explain", "--offsets", "utf16", "--include", "stance", stdin=AGAINST.encode())
    (paragraph,) = answers(result.stdout)[0]["paragraphs"]
    assert set(paragraph) == {"index", "start", "end", "status", "stance"}
    assert paragraph["end"] == len(AGAINST) + 1
    assert paragraph["stance"]["russia"]["explanation"]


def test_errors_are_told_by_line_and_the_rest_is_done(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_bytes(b'{"id": "a", "text": ""}\n\n{nonsense\n{"id": "b", "text": 5}\n{"id": "c", "text": ""}\n')
    latin = tmp_path / "latin.txt"
    latin.write_bytes("déjà vu".encode("latin-1"))
    result = run(path, latin)
    assert result.exit_code == 1
    assert [answer["id"] for answer in answers(result.stdout)] == ["a", "c"]
    told = result.stderr.splitlines()
    assert [line.split(": ")[0] for line in told] == [f"{path}:3", f"{path}:4", f"{latin}:1"]
    assert "/text: Input should be a valid string" in told[1]
    assert "byte 1" in told[2]


def test_output_and_resume(run: Run, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", *({"id": i, "text": ""} for i in "abc"))
    output = tmp_path / "out.jsonl"
    assert run(source, "--output", output).stdout == ""
    whole = output.read_bytes()
    # As if it had been interrupted while the third line was written.
    output.write_bytes(whole[:-30])
    jsonl(source, *({"id": i, "text": ""} for i in "abcd"))
    assert run(source, "--output", output, "--resume").exit_code == 0
    assert [answer["id"] for answer in answers(output.read_text())] == ["a", "b", "c", "d"]
    assert output.read_bytes().startswith(whole)
    assert run(source, "--output", output).exit_code == 0
    assert len(answers(output.read_text())) == 4


def test_resume_into_a_new_file(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "new.jsonl"
    assert run("-", "--output", output, "--resume", stdin=PLAIN.encode()).exit_code == 0
    assert len(answers(output.read_text())) == 1


@pytest.mark.parametrize(
    "content", ["One line of an article", "An article.\n", "[1]\n", '{"id": "a"}\n', '{"title": "a"', "\n"]
)
def test_no_other_file_is_taken_for_results(run: Run, tmp_path: Path, content: str) -> None:
    output = tmp_path / "article.txt"
    output.write_text(content)
    result = run("-", "--output", output, "--resume", stdin=PLAIN.encode())
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{output}:1: this is no result" in result.stderr
    assert output.read_text() == content


@pytest.mark.parametrize(
    "arguments", [[], ["missing.txt"], ["-", "--resume"], ["-", "--include", "side"], ["--nonsense"]]
)
def test_wrong_use(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
