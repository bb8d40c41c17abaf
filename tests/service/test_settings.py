from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from service import Settings
from service.serving.settings import ServerSettings
from service.settings import settings_table, unknown_settings

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.mark.parametrize("kind", [Settings, ServerSettings])
def test_the_documentation_lists_every_setting(kind: type[Settings | ServerSettings]) -> None:
    table = settings_table(kind)
    assert table in DOCS.read_text(), f"docs/settings.md is behind the code; put this in:\n\n{table}"
    assert table.count("\n") == len(kind.model_fields) + 2


@pytest.mark.parametrize("kind", [Settings, ServerSettings])
def test_every_setting_is_described(kind: type[Settings | ServerSettings]) -> None:
    assert all(field.description for field in kind.model_fields.values())


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANDPOINT_MAX_DOCUMENTS", "7")
    monkeypatch.setenv("STANDPOINT_MODEL", "/somewhere")
    assert (Settings().max_documents, Settings().model) == (7, "/somewhere")


@pytest.mark.parametrize(
    ("name", "value"),
    [("MAX_DOCUMENTS", "0"), ("MAX_DOCUMENTS", "many"), ("MAX_PARAGRAPH_LENGTH", "10000000"), ("LOG_LEVEL", "loud")],
)
def test_wrong_values_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"STANDPOINT_{name}", value)
    with pytest.raises(ValidationError) as raised:
        Settings()
    assert [error["loc"] for error in raised.value.errors()] == [(name.lower(),)]


def test_settings_do_not_change() -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.max_documents = 3


def test_unknown_variables_that_look_like_settings_are_reported() -> None:
    names = ["STANDPOINT_MODLE", "STANDPOINT_COLOUR_OF_THE_SKY", "STANDPOINT_MODEL", "standpoint_port", "PORT", "HOME"]
    assert list(unknown_settings(names, Settings, ServerSettings)) == [
        "there is no setting STANDPOINT_MODLE; did you mean STANDPOINT_MODEL?",
        "there is no setting STANDPOINT_COLOUR_OF_THE_SKY",
    ]
