from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from models.labels import Side, Target
from models.targets import Mention
from models.terminology import Term
from service.highlight import highlight
from tests.service.texts import AGAINST, ARTICLE, FRENCH, PLAIN

VOID = frozenset({"meta", "link", "input", "br"})


class Outline(HTMLParser):
    """Checks that tags nest, and gathers what tests ask about."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.marks: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self.open:
            self.marks[-1] += data


def test_the_empty_page_has_a_form(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.content_type == "text/html; charset=utf-8"
    page = Outline(response.text)
    form = next(attrs for tag, attrs in page.tags if tag == "form")
    assert (form["method"], form["action"]) == ("post", "/")
    assert any(tag == "textarea" and attrs["name"] == "text" for tag, attrs in page.tags)
    assert any(tag == "button" and attrs["type"] == "submit" for tag, attrs in page.tags)
    assert "article" not in [tag for tag, _ in page.tags]


def test_an_article_is_shown_with_its_labels(client: FlaskClient) -> None:
    response = client.post("/", data={"text": f"{ARTICLE}\n\n{FRENCH}"})
    assert response.status_code == 200
    page = Outline(response.text)
    assert [tag for tag, _ in page.tags].count("article") == 4
    assert page.marks[2:] == ["Kiev", "Zelenskyy"]
    text = re.sub(r"\s+", " ", page.text)
    assert "Russia: against 70 %" in text
    assert "Voice: quoted 70 %" in text
    assert "Not scored: not english." in text
    assert "3 of 4 paragraphs scored." in text
    assert AGAINST in text


def test_the_text_stays_in_the_form(client: FlaskClient) -> None:
    text = "\n  First line.\n</textarea><b>not bold</b>"
    page = client.post("/", data={"text": text}).text
    shown = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert shown is not None
    assert unescape(shown[1]) == text


@pytest.mark.parametrize("text", ["", "  \r\n ", "\x00"])
def test_no_paragraph_is_said(client: FlaskClient, text: str) -> None:
    response = client.post("/", data={"text": text})
    assert response.status_code == 200
    Outline(response.text)


@pytest.mark.parametrize("data", [b"", b"other=1", b"text=%ff%ed%a0%80", b"text=a&text=b", b"&&==", b"text"])
def test_odd_forms_are_borne(client: FlaskClient, data: bytes) -> None:
    response = client.post("/", data=data, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    Outline(response.text)


def test_what_is_not_a_form_is_a_problem(client: FlaskClient) -> None:
    assert client.post("/", json={"text": ""}).content_type == "application/problem+json"
    many = "&".join(f"f{i}=1" for i in range(30))
    response = client.post("/", data=many, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.content_type) == (422, "application/problem+json")


HOSTILE = "Moscow's <script>alert('Kiev')</script> & \"Ukraine\" <img src=x onerror='bad()'> {{ 7 * 7 }} went on."


def test_hostile_text_stays_text(client: FlaskClient) -> None:
    page = client.post("/", data={"text": HOSTILE, "explain": "on"}).text
    outline = Outline(page)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in outline.tags)
    assert HOSTILE in outline.text
    assert "<script" not in page
    assert not any(name.startswith("on") for _, attrs in outline.tags for name in attrs)


def test_deciding_words_are_shown_when_asked_for(client: FlaskClient) -> None:
    assert "bad +1.50" in client.post("/", data={"text": AGAINST, "explain": "on"}).text
    assert "+1.50" not in client.post("/", data={"text": AGAINST}).text


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_nothing_is_inline_or_from_elsewhere(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, attrs in Outline(response.text).tags:
        assert tag not in {"script", "style", "iframe"}
        assert "style" not in attrs
        for name in ("src", "href", "action"):
            assert (attrs.get(name) or "/").startswith(("/", "#"))
        if tag == "link":
            with client.get(attrs["href"] or "") as linked:
                assert linked.status_code == 200


def test_terms_are_told_in_words_too(client: FlaskClient) -> None:
    text = re.sub(r"\s+", " ", Outline(client.post("/", data={"text": AGAINST}).text).text)
    assert "Kiev: spelling, Russian usage; the other side writes Kyiv" in text


@pytest.mark.parametrize("path", ["/", "/livez", "/nothing", "/metrics", "/v1/model"])
def test_answers_are_not_kept_on_the_way(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/docs", "/livez", "/nothing", "/metrics", "/static/style.css"])
def test_security_headers_everywhere(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"


def term(text: str, words: str) -> Term:
    start = text.index(words)
    return Term(start, start + len(words), words, words, "actor", Side.RUSSIAN, None, False)


def mention(text: str, words: str, target: Target = Target.UKRAINE) -> Mention:
    start = text.index(words)
    return Mention(start, start + len(words), words, target)


def tags(html: str) -> str:
    return re.sub(r"<(/?\w+)[^>]*>", r"<\1>", str(html))


@pytest.mark.parametrize(
    ("terms", "mentions", "html"),
    [
        ([], [], "the Kiev regime’s &lt;men&gt;"),
        (["Kiev"], [], "the <mark>Kiev</mark> regime’s &lt;men&gt;"),
        ([], ["Kiev"], "the <span>Kiev</span> regime’s &lt;men&gt;"),
        (["Kiev"], ["Kiev"], "the <span><mark>Kiev</mark></span> regime’s &lt;men&gt;"),
        (["Kiev"], ["Kiev regime"], "the <span><mark>Kiev</mark> regime</span>’s &lt;men&gt;"),
        (["Kiev regime"], ["Kiev"], "the <mark>Kiev regime</mark>’s &lt;men&gt;"),
        (["Kiev regime"], ["regime’s"], "the <mark>Kiev regime</mark>’s &lt;men&gt;"),
        (["the Kiev"], ["Kiev regime"], "<mark>the Kiev</mark> regime’s &lt;men&gt;"),
        (["Kiev", "<men>"], ["the "], "<span>the </span><mark>Kiev</mark> regime’s <mark>&lt;men&gt;</mark>"),
    ],
)
def test_marks_keep_their_words_together(terms: list[str], mentions: list[str], html: str) -> None:
    text = "the Kiev regime’s <men>"
    assert tags(highlight(text, [term(text, t) for t in terms], [mention(text, m) for m in mentions])) == html


def test_plain_text_is_left_alone() -> None:
    assert highlight(PLAIN, (), ()) == PLAIN
