from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo
from flask.testing import FlaskClient

from models.errors import ModelNotFoundError
from service import Settings, create_app
from service.commands import start_told
from service.responses import StreamLine
from tests.service.texts import AGAINST, ARTICLE, PLAIN

FULL = Path("/dev/full")
UNREADABLE = Path("/proc/self/mem")

needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no full device")
needs_unreadable = pytest.mark.skipif(not UNREADABLE.exists(), reason="this system has no file that can't be read")


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


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """Let no file grow past ``size`` bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def told_in_a_line(result: Result, *words: str) -> bool:
    return result.exit_code == 1 and result.stderr.count("\n") == 1 and all(word in result.stderr for word in words)


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
    assert told[1].endswith("The body has the wrong shape: /text: Input should be a valid string")
    assert "The text is not UTF-8: byte 1" in told[2]


def test_what_is_wrong_with_a_line_is_said_once(run: Run) -> None:
    assert run("-", "--format", "jsonl", stdin=b"5").stderr.count("Input should be an object") == 1
    several = run("-", "--format", "jsonl", stdin=b'{"text": 5, "id": 5}').stderr
    assert "2 things are wrong; /text: Input" in several
    assert "; /id: Input" in several


def test_a_file_name_that_is_not_utf8(run: Run, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text(PLAIN)
    after = jsonl(tmp_path / "after.jsonl", {"id": "after", "text": PLAIN})
    result = run(path, after)
    assert result.exit_code == 0, result.stderr
    assert [answer["id"] for answer in answers(result.stdout)] == [f"{tmp_path}/caf\ufffd.txt", "after"]
    path.write_bytes(b"\xff")
    assert told_in_a_line(run(path), "caf\ufffd.txt:1: The text is not UTF-8")


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


def test_no_results_are_overwritten_unasked(run: Run, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"id": "a", "text": ""})
    output = tmp_path / "out.jsonl"
    output.touch()
    assert run(source, "-o", output).exit_code == 0
    whole = output.read_bytes()
    refused = run(source, "-o", output)
    assert (refused.exit_code, output.read_bytes()) == (2, whole)
    assert "--resume goes on with it, --overwrite replaces it" in refused.stderr
    jsonl(source, {"id": "b", "text": ""})
    assert run(source, "-o", output, "--overwrite").exit_code == 0
    assert [answer["id"] for answer in answers(output.read_text())] == ["b"]


@pytest.mark.parametrize("flag", ["--resume", "--overwrite", "--explain"])
@pytest.mark.parametrize("link", [None, os.link, os.symlink])
def test_no_input_is_an_output(run: Run, tmp_path: Path, link: Callable[[Path, Path], None] | None, flag: str) -> None:
    first = jsonl(tmp_path / "first.jsonl", {"text": PLAIN})
    source = jsonl(tmp_path / "in.jsonl", {"text": PLAIN})
    whole = source.read_bytes()
    output = source
    if link:
        output = tmp_path / "linked.jsonl"
        link(source, output)
    result = run(first, source, "-o", output, flag)
    assert (result.exit_code, source.read_bytes()) == (2, whole)
    assert f"{output} is one of the inputs" in result.stderr


def test_standard_streams_are_files_too(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"text": PLAIN})
    whole = source.read_bytes()
    with source.open("rb") as stdin:
        # The runner's own stream has no file beneath it.
        monkeypatch.setattr("click.testing._NamedTextIOWrapper.fileno", lambda _: stdin.fileno(), raising=False)
        assert run("-", "-o", source, "--overwrite").exit_code == 2
        assert run(source).exit_code == 2
    assert source.read_bytes() == whole


@pytest.mark.parametrize(
    "documents",
    [
        [{"id": "same", "text": f"{PLAIN} {i}"} for i in range(20)],
        [{"text": f"{PLAIN} {i}"} for i in range(20)],
        [{"paragraphs": ["😀"] * i, "options": {"offsets": "utf16", "explain": True}} for i in range(20)],
    ],
    ids=["repeated ids", "no ids", "their own options"],
)
def test_resume_goes_by_position(run: Run, tmp_path: Path, documents: list[object]) -> None:
    sources = [jsonl(tmp_path / name, *documents) for name in ("a.jsonl", "b.jsonl")]
    output = tmp_path / "out.jsonl"
    assert run(*sources, "-o", output).exit_code == 0
    whole = output.read_bytes()
    third = sum(map(len, whole.splitlines(keepends=True)[:3]))
    for size in (0, 1, third, third + 1, third + 10, third + 150, len(whole) // 2, len(whole) - 1, len(whole)):
        output.write_bytes(whole[:size])
        result = run(*sources, "-o", output, "--resume")
        assert (result.exit_code, result.stderr) == (0, "")
        assert output.read_bytes() == whole


def test_resume_passes_over_bad_lines(run: Run, client: FlaskClient, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    good = b'{"text": "One."}\n{"text": "Two is here."}\n'
    source.write_bytes(b"{nonsense\n" + good + b'{"id": "bad", "text": 5}\n' + good)
    output = tmp_path / "out.jsonl"
    assert run(source, "-o", output).exit_code == 1
    whole = output.read_bytes()
    for kept in range(5):
        output.write_bytes(b"".join(whole.splitlines(keepends=True)[:kept]))
        result = run(source, "-o", output, "--resume")
        assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [f"{source}:1", f"{source}:4"]
        assert (result.exit_code, output.read_bytes()) == (1, whole)
    # A stream's answer has a line for each of them.
    streamed = client.post("/v1/classify", data=source.read_bytes(), content_type="application/x-ndjson").data
    output.write_bytes(b"".join(streamed.splitlines(keepends=True)[:5]))
    assert run(source, "-o", output, "--resume").exit_code == 1
    assert output.read_bytes() == streamed


TEXT = "😀 " + AGAINST


@pytest.mark.parametrize(
    ("documents", "options", "told"),
    [
        ([{"id": "b", "text": TEXT}], [], "its id is 'a', not 'b'"),
        ([{"text": TEXT}], [], "its id is 'a', not None"),
        ([{"id": "a", "text": TEXT + " More."}], [], "its paragraphs are others"),
        ([{"id": "a", "text": TEXT}], ["--offsets", "utf16"], "its paragraphs are others"),
        ([{"id": "a", "text": TEXT}], ["--explain"], "its options were others"),
        ([{"id": "a", "text": TEXT}], ["--include", "stance"], "its options were others"),
        ([{"id": "a", "text": TEXT}] * 2, [], "more results than documents"),
        ([], [], "more results than documents"),
    ],
)
@pytest.mark.parametrize("end", [None, -20])
def test_resume_refuses_results_of_others(  # noqa: PLR0917 - pytest passes them by name
    run: Run, tmp_path: Path, documents: list[object], options: list[str], told: str, end: int | None
) -> None:
    source = jsonl(tmp_path / "in.jsonl", *[{"id": "a", "text": TEXT}] * 4)
    output = tmp_path / "out.jsonl"
    assert run(source, "-o", output).exit_code == 0
    whole = output.read_bytes()[:end]
    output.write_bytes(whole)
    result = run(jsonl(source, *documents), "-o", output, "--resume", *options)
    assert told_in_a_line(result, f"{output}:", told, "start anew with --overwrite")
    assert output.read_bytes() == whole


@pytest.mark.parametrize("key", ["name", "version", "sha256"])
@pytest.mark.parametrize("end", ["\n", ""])
def test_resume_refuses_results_of_another_model(run: Run, tmp_path: Path, key: str, end: str) -> None:
    output = tmp_path / "out.jsonl"
    result = answers(run("-", stdin=PLAIN.encode()).stdout)[0]
    result["model"][key] = "other"
    content = json.dumps(result, separators=(",", ":")) + end
    output.write_text(content)
    refused = run("-", "-o", output, "--resume", stdin=PLAIN.encode())
    assert told_in_a_line(refused, f"{output}:1", "another model" if end else "this is no result")
    assert output.read_text() == content


def test_resume_refuses_an_error_for_what_can_be_read(run: Run, client: FlaskClient, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_bytes(client.post("/v1/classify", data=b"{", content_type="application/x-ndjson").data)
    assert told_in_a_line(run("-", "-o", output, "--resume", stdin=PLAIN.encode()), f"{output}:1", "it is an error")


def test_resume_into_a_new_file(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "new.jsonl"
    assert run("-", "--output", output, "--resume", stdin=PLAIN.encode()).exit_code == 0
    assert len(answers(output.read_text())) == 1


@pytest.mark.parametrize(
    "content",
    [
        "One line of an article",
        "An article.\n",
        "[1]\n",
        "\n",
        '{"id": "a"}\n',
        '{"title": "a"',
        '{"id": "-", "text": "the only copy"}',
        '{"id":"-","text":"the only copy"}',
        '{"id":"-","model":{"name":"other"}}',
        '{"id":"another","model":',
    ],
)
def test_no_other_file_is_taken_for_results(run: Run, tmp_path: Path, content: str) -> None:
    output = tmp_path / "article.txt"
    output.write_text(content)
    result = run("-", "--output", output, "--resume", stdin=PLAIN.encode())
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{output}:1: this is no result" in result.stderr
    assert output.read_text() == content


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["missing.txt"],
        ["-", "--resume"],
        ["-", "--overwrite"],
        ["-", "-o", "new.jsonl", "--resume", "--overwrite"],
        ["-", "--include", "side"],
        ["--nonsense"],
    ],
)
def test_wrong_use(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_a_full_disk_keeps_what_was_written(run: Run, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", *({"text": f"{PLAIN} {i}"} for i in range(80)))
    output = tmp_path / "out.jsonl"
    assert run(source, "-o", output).exit_code == 0
    whole = output.read_bytes()
    output.unlink()
    with disk_of(len(whole) // 2):
        result = run(source, "-o", output)
    assert told_in_a_line(result, f"{output}: can't be written", "--resume")
    assert output.read_bytes() == whole[: len(whole) // 2]
    assert run(source, "-o", output, "--resume").exit_code == 0
    assert output.read_bytes() == whole


@needs_full
def test_a_full_device(run: Run) -> None:
    assert told_in_a_line(run("-", "-o", FULL, stdin=PLAIN.encode()), f"{FULL}: can't be written (No space left")
    assert told_in_a_line(run("-", "-o", FULL, "--resume", stdin=PLAIN.encode()), f"{FULL}:1: this is no result")


def on_stdout(app: Flask, stdout: object, monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int | str | None:
    """Run with a standard output that the runner does not stand in for, and return the exit code."""
    monkeypatch.setattr(sys, "stdout", stdout)
    with pytest.raises(SystemExit) as end:
        app.cli.main([*map(str, arguments)], prog_name="flask", obj=ScriptInfo(create_app=lambda: app))
    return end.value.code


@needs_full
@pytest.mark.parametrize("command", ["classify", "terms"])
def test_a_full_standard_output(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"text": PLAIN})
    with FULL.open("w") as stdout:
        assert on_stdout(app, stdout, monkeypatch, command, source) == 1
        # What is done when Python ends.
        stdout.flush()
    told = capsys.readouterr().err
    assert told.startswith("Error: standard output: can't be written (No space left")
    assert told.count("\n") == 1


@pytest.mark.parametrize("command", ["classify", "terms"])
def test_no_standard_output(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    source = jsonl(tmp_path / "in.jsonl", {"text": PLAIN})
    assert on_stdout(app, None, monkeypatch, command, source) == 1
    assert "standard output is closed" in capsys.readouterr().err


def test_a_directory_that_does_not_exist(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "missing" / "out.jsonl"
    assert told_in_a_line(run("-", "-o", output), f"{output}: there is no such directory")


@needs_unreadable
def test_a_file_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", *({"text": PLAIN} for _ in range(3)))
    output = tmp_path / "out.jsonl"
    assert told_in_a_line(run(source, UNREADABLE, source, "-o", output), f"{UNREADABLE}: can't be read")
    assert len(answers(output.read_text())) == 3
    # As if it could be read now.
    assert run(source, source, source, "-o", output, "--resume").exit_code == 0
    assert len(answers(output.read_text())) == 9


@pytest.mark.parametrize("arguments", [["classify", "-"], ["terms", "-"], ["--help"]])
@pytest.mark.parametrize(
    ("setting", "told"), [({"model": "nope"}, "nope"), ({"max_documents": 0}, "STANDPOINT_MAX_DOCUMENTS")]
)
def test_what_keeps_it_from_starting(arguments: list[str], setting: dict[str, object], told: str) -> None:
    @start_told()
    def start() -> Flask:
        return create_app(Settings.model_validate(setting))

    result = CliRunner().invoke(FlaskGroup(create_app=start), arguments)
    assert told_in_a_line(result, "Error: ", told)


def test_only_the_command_line_ends_where_it_cannot_start() -> None:
    with pytest.raises(ModelNotFoundError), start_told():
        create_app(Settings(model="nope"))
