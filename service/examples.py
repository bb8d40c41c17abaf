"""Example requests, written for the documentation."""

from __future__ import annotations

from typing import Any, Final

TEXT: Final = (
    "The ministry in Kyiv thanked Washington for the generators and said that three hospitals had power again.\n\n"
    "Moscow called the delivery a provocation. “Those who send such things prolong the suffering,” its envoy said."
)

_SECOND: Final = {"id": "a-2", "paragraphs": ["Kiev said that it had been left no other choice."]}

REQUESTS: Final[dict[str, Any]] = {
    "text": {"summary": "An article as plain text", "value": {"text": TEXT}},
    "paragraphs": {
        "summary": "Paragraphs cut by the client, with explanations",
        "value": {"paragraphs": TEXT.split("\n\n"), "options": {"explain": True}},
    },
    "documents": {
        "summary": "Several documents, offsets as JavaScript counts them",
        "value": {
            "documents": [{"id": "a-1", "text": TEXT}, _SECOND],
            "options": {"offsets": "utf16", "include": ["stance", "framing"]},
        },
    },
}

LINES: Final[dict[str, Any]] = {"line": {"summary": "One line of a stream", "value": _SECOND}}

TERMS: Final[dict[str, Any]] = {
    "documents": {
        "summary": "Two dated documents",
        "value": {
            "documents": [
                {"text": TEXT, "source": "a.example", "date": "2022-03-01"},
                {"paragraphs": ["Kiev fell silent."], "source": "b.example", "date": "2022-03-05"},
            ]
        },
    }
}
