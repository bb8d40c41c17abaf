from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from models.labels import Side, Stance, Target, Voice
from models.store import LoadedModel
from service.requests import Part
from service.responses import ClassifyResponse
from tests.service.conftest import MakeApp
from tests.service.texts import AGAINST, ARTICLE, FAVOR, FRENCH, PLAIN

Json = dict[str, Any]
HEADS = ("stance", "voice", "framing")


def classify(client: FlaskClient, **body: object) -> Json:
    response = client.post("/v1/classify", json=body)
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json"
    answer: Json = response.get_json()
    # The definitions in the OpenAPI document describe the whole answer, and nothing is in it that they do not name.
    assert ClassifyResponse.model_validate(answer).model_dump(mode="json", exclude_unset=True) == answer
    return answer


def spans_in(paragraph: Json) -> Iterator[Json]:
    for stance in paragraph["stance"].values():
        yield from stance["mentions"]
        yield from stance.get("explanation", [])
    yield from paragraph["framing"]["terms"]


def utf16(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_text_gives_one_document_result(client: FlaskClient, model: LoadedModel) -> None:
    answer = classify(client, text=ARTICLE)
    assert list(answer) == ["model", "paragraphs", "summary"]
    assert answer["model"] == {"name": "words", "version": "0.0.1", "sha256": model.sha256}
    assert [p["index"] for p in answer["paragraphs"]] == [0, 1, 2]
    assert [ARTICLE[p["start"] : p["end"]] for p in answer["paragraphs"]] == [AGAINST, "🙂 " + FAVOR, PLAIN]


def test_every_field_of_a_scored_paragraph(client: FlaskClient) -> None:
    paragraph = classify(client, paragraphs=[AGAINST])["paragraphs"][0]
    assert set(paragraph) == {"index", "start", "end", "status", *HEADS}
    assert (paragraph["start"], paragraph["end"], paragraph["status"]) == (0, len(AGAINST), "scored")
    assert paragraph["stance"]["russia"] == {
        "label": "against",
        "confidence": 0.7,
        "abstain": False,
        "probabilities": {"favor": 0.1, "neutral": 0.1, "against": 0.7, "absent": 0.1},
        "mentions": [{"start": 17, "end": 23, "text": "Moscow"}],
    }
    assert set(paragraph["voice"]) == {"label", "confidence", "probabilities", "quotes"}
    assert set(paragraph["framing"]) == {"side", "terms", "frames", "narratives"}
    assert set(paragraph["framing"]["side"]) == {"label", "confidence", "probabilities"}
    kiev = AGAINST.index("Kiev")
    assert paragraph["framing"]["terms"] == [
        {
            "start": kiev,
            "end": kiev + 4,
            "text": "Kiev",
            "entry": "Kyiv",
            "kind": "spelling",
            "side": "russian",
            "counterpart": "Kyiv",
            "distanced": False,
        }
    ]


def test_label_is_the_likeliest_and_probabilities_sum_to_one(client: FlaskClient) -> None:
    for paragraph in classify(client, text=ARTICLE)["paragraphs"]:
        heads = [*paragraph["stance"].values(), paragraph["voice"], paragraph["framing"]["side"]]
        for head, labels in zip(heads, [Stance, Stance, Stance, Voice, Side], strict=True):
            assert list(head["probabilities"]) == [label.value for label in labels]
            assert sum(head["probabilities"].values()) == pytest.approx(1, abs=1e-6)
            assert head["confidence"] == head["probabilities"][head["label"]] == max(head["probabilities"].values())


def test_frames_and_narratives_over_their_thresholds(client: FlaskClient) -> None:
    text = f"{PLAIN} This is about security_and_defense and praise_of_russia."
    framing = classify(client, paragraphs=[text])["paragraphs"][0]["framing"]
    assert framing["frames"] == [{"label": "security_and_defense", "score": 0.9}]
    assert framing["narratives"] == [{"label": "praise_of_russia", "score": 0.8}]


@pytest.mark.parametrize("unit", ["codepoint", "utf16"])
def test_every_offset_is_exact(client: FlaskClient, unit: str) -> None:
    def cut(text: str, start: int, end: int) -> str:
        return utf16(text, start, end) if unit == "utf16" else text[start:end]

    found = []
    options = {"offsets": unit, "explain": True}
    for paragraph in classify(client, text=ARTICLE, options=options)["paragraphs"]:
        text = cut(ARTICLE, paragraph["start"], paragraph["end"])
        for span in spans_in(paragraph):
            assert cut(text, span["start"], span["end"]) == span["text"]
            found.append(span["text"])
        found += [cut(text, quote["start"], quote["end"]) for quote in paragraph["voice"]["quotes"]]
    # Those after the emoji included, which is two units of UTF-16.
    assert {"Kiev", "bad", "Zelenskyy", "White House", FAVOR[: FAVOR.index(" Zelenskyy")]} <= set(found)


def test_utf16_offsets_of_paragraphs(client: FlaskClient) -> None:
    answer = classify(client, paragraphs=["🙂🙂 " + PLAIN], options={"offsets": "utf16"})
    assert answer["paragraphs"][0]["end"] == len(PLAIN) + 5


def test_explanations_only_when_asked_for(client: FlaskClient) -> None:
    plain, explained = (
        classify(client, text=AGAINST, options={"explain": explain})["paragraphs"][0]["stance"]
        for explain in (False, True)
    )
    assert all("explanation" not in stance for stance in plain.values())
    at = AGAINST.index("bad")
    assert explained["russia"]["explanation"] == [{"start": at, "end": at + 3, "text": "bad", "weight": 1.5}]
    assert explained["us"]["explanation"] == []


@pytest.mark.parametrize("include", [[], ["stance"], ["voice"], ["framing"], ["voice", "stance"], list(HEADS)])
def test_what_is_not_included_is_left_out(client: FlaskClient, include: list[str]) -> None:
    answer = classify(client, paragraphs=[AGAINST, ""], options={"include": include, "explain": True})
    for paragraph in answer["paragraphs"]:
        assert {name for name in HEADS if name in paragraph} == set(include)
    parts = {"stance": {"stance"}, "framing": {"terms", "distanced_terms", "side"}, "voice": set[str]()}
    counted = set().union(*(parts[part] for part in include)) if include else set()
    assert set(answer["summary"]) == {"paragraphs", "scored", "skipped"} | counted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "too_short"),
        (" \n ", "too_short"),
        (" \n" * 9000, "too_short"),
        ("Yes.", "too_short"),
        (FRENCH, "not_english"),
    ],
)
def test_what_cannot_be_scored_is_skipped_with_null_heads(client: FlaskClient, text: str, reason: str) -> None:
    answer = classify(client, paragraphs=[text, AGAINST])
    skipped = {"index": 0, "start": 0, "end": len(text), "status": "skipped", "reason": reason}
    assert answer["paragraphs"][0] == skipped | dict.fromkeys(HEADS)
    assert answer["paragraphs"][1]["status"] == "scored"
    assert [answer["summary"][name] for name in ("paragraphs", "scored", "skipped")] == [2, 1, 1]


def test_too_long_by_the_setting(make_app: MakeApp) -> None:
    client = make_app(max_paragraph_length=len(PLAIN)).test_client()
    answer = classify(client, paragraphs=[PLAIN, PLAIN + "."])
    assert [p.get("reason") for p in answer["paragraphs"]] == [None, "too_long"]


def test_summary_counts_paragraphs(client: FlaskClient) -> None:
    summary = classify(client, paragraphs=[AGAINST, AGAINST, "Russia has good roads, a driver said last week.", "No."])[
        "summary"
    ]
    assert summary["stance"]["russia"] == {
        "favor": 1,
        "neutral": 0,
        "against": 2,
        "absent": 0,
        "net": pytest.approx(-1 / 3),
    }
    assert summary["stance"]["us"] == {"favor": 0, "neutral": 0, "against": 0, "absent": 3, "net": None}
    assert summary["terms"] == {"russian": 2, "ukrainian": 0}
    assert summary["side"] == {"russian": 2, "ukrainian": 0, "contested": 0, "none": 1}


@pytest.mark.parametrize("body", [{"text": ""}, {"text": " \r\n\n "}, {"paragraphs": []}])
def test_nothing_in_nothing_out(client: FlaskClient, body: Json) -> None:
    answer = classify(client, **body)
    assert answer["paragraphs"] == []
    assert answer["summary"]["paragraphs"] == 0
    assert answer["summary"]["stance"]["russia"]["net"] is None


def test_documents_in_order_each_with_its_id(client: FlaskClient) -> None:
    documents: list[Json] = [
        {"id": "b", "text": ARTICLE},
        {"id": "a", "paragraphs": [PLAIN]},
        {"id": "b", "text": "", "title": "its own field"},
        {"paragraphs": [AGAINST]},
    ]
    answer = classify(client, documents=documents)
    assert list(answer) == ["model", "documents"]
    assert [result["id"] for result in answer["documents"]] == ["b", "a", "b", None]
    assert [len(result["paragraphs"]) for result in answer["documents"]] == [3, 1, 0, 1]
    for document, result in zip(documents, answer["documents"], strict=True):
        alone = {name: value for name, value in document.items() if name in {"text", "paragraphs"}}
        assert {name: value for name, value in result.items() if name != "id"} == classify(client, **alone)


def test_no_documents(client: FlaskClient) -> None:
    assert classify(client, documents=[])["documents"] == []


def test_a_bad_document_leaves_its_neighbours_alone(make_app: MakeApp) -> None:
    client = make_app(max_document_paragraphs=2).test_client()
    documents = [
        {"id": "good", "text": PLAIN},
        {"id": "empty"},
        {"id": "both", "text": PLAIN, "paragraphs": [PLAIN]},
        {"id": "wrong", "paragraphs": [PLAIN, 7, None]},
        {"id": 5, "text": PLAIN},
        "a string",
        None,
        {"id": "long", "paragraphs": [PLAIN] * 3},
        {"id": "options", "text": PLAIN, "options": {"explian": True}},
        {"id": "last", "paragraphs": [PLAIN]},
    ]
    results = classify(client, documents=documents)["documents"]
    assert [result["id"] for result in results] == [
        *("good", "empty", "both", "wrong", None, None, None, "long", "options", "last")
    ]
    assert [result.get("error", {}).get("status") for result in results] == [
        *(None, 422, 422, 422, 422, 422, 422, 413, 422, None)
    ]
    assert all(("error" in result) != ("paragraphs" in result) for result in results)
    pointers = [[error["pointer"] for error in result.get("error", {}).get("errors", [])] for result in results]
    assert pointers[1:7] == [
        ["/documents/1"],
        ["/documents/2"],
        ["/documents/3/paragraphs/1", "/documents/3/paragraphs/2"],
        ["/documents/4/id"],
        ["/documents/5"],
        ["/documents/6"],
    ]
    assert pointers[8] == ["/documents/8/options/explian"]


def test_options_of_a_document_stand_in_for_those_of_the_request(client: FlaskClient) -> None:
    answer = classify(
        client,
        documents=[{"text": AGAINST}, {"text": AGAINST, "options": {"explain": True, "include": ["stance"]}}],
        options={"include": ["voice"]},
    )
    first, second = (result["paragraphs"][0] for result in answer["documents"])
    assert "voice" in first
    assert "stance" not in first
    assert "voice" not in second
    assert second["stance"]["russia"]["explanation"]


def test_a_paragraph_gets_the_same_result_in_any_company(client: FlaskClient) -> None:
    alone = classify(client, paragraphs=[AGAINST])["paragraphs"][0]
    crowd = classify(client, paragraphs=[FAVOR, "", AGAINST, PLAIN])["paragraphs"][2]
    assert crowd == alone | {"index": 2}


@pytest.mark.parametrize(
    "text", ["\x00" + PLAIN, PLAIN + "\ufeff", "e\u0301" * 40 + PLAIN, "\u202e" + PLAIN, "\uffff" * 9]
)
def test_odd_characters_come_through(client: FlaskClient, text: str) -> None:
    paragraph = classify(client, paragraphs=[text])["paragraphs"][0]
    assert paragraph["end"] == len(text)


def test_parts_of_the_contract_are_the_parts_of_an_answer() -> None:
    assert tuple(Part) == HEADS
    assert tuple(Target) == ("russia", "ukraine", "us")
