"""Annotations: read or refused, joined to the pool's texts, compared with the labels that are there."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from models.labels import Stance
from training.__main__ import main
from training.agreement import agreement, mention_agreement
from training.annotations import (
    AUXILIARY_ANNOTATIONS,
    MENTION_ANNOTATIONS,
    POOL_ANNOTATIONS,
    REPEATED_ANNOTATIONS,
    REPEATED_MENTIONS,
    AnnotationError,
    Mention,
    read_annotations,
    read_mentions,
    text_id,
)
from training.contrasts import contrast_rows
from training.corpus import corpus_path, read_corpus, read_rows, read_texts
from training.encoder.data import NEWS, auxiliary_texts, news_rows
from training.extending import MENTIONS, WRITTEN, extend

BAKERS = "Bakers in Odesa gave Ukrainian soldiers bread, and the whole street applauded them."
ENVOY = "“Moscow keeps its word,” the envoy said in Geneva."
UNREAD = "Nobody has labelled what was said in Vienna."
LABELS = "absent", "favor", "absent"


def line(text: str, *fields: str) -> str:
    return "\t".join([text_id(text), *fields])


def row(text: str, **more: object) -> dict[str, Any]:
    stance = dict(zip(("russia", "ukraine", "us"), LABELS, strict=True))
    return {"text": text, "stance": stance, "voice": "own", "side": "none", "frames": [], "narratives": []} | more


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    directory = tmp_path / "data"
    directory.mkdir()
    write(directory / "paragraphs.train.jsonl", [row("Kyiv thanked the crews.", doc="a")])
    write(directory / "paragraphs.validation.jsonl", [row("Kyiv thanked the nurses.", doc="b")])
    write(directory / "pool.jsonl", [{"text": BAKERS, "doc": "c"}, {"text": UNREAD}, {"text": ENVOY, "doc": "d"}])
    return directory


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    path = tmp_path / "pool.tsv"
    lines = [
        line(BAKERS, "-", "f", "-", "o", "u", "M,S", "-"),
        "",
        line(ENVOY, "f", "-", "-", "q", "-", "R", "pr,sw"),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_codes_become_labels(annotations: Path) -> None:
    found = read_annotations(annotations)
    assert found[text_id(BAKERS)] == {
        "stance": {"russia": "absent", "ukraine": "favor", "us": "absent"},
        "voice": "own",
        "side": "ukrainian",
        "frames": ["morality", "security_and_defense"],
        "narratives": [],
    }
    assert found[text_id(ENVOY)]["narratives"] == ["praise_of_russia", "speculating_war_outcomes"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ab\tf", "line 1: 8 fields with tabs between were expected, there are 2"),
        ("ab\tx\t-\t-\to\tu\t-\t-", "line 1: russia: 'x' is none of f n a -"),
        ("ab\tf\t-\t-\to\tu\tS,Z\t-", "line 1: frames: 'Z' is none of"),
        ("ab\tf\t-\t-\to\tu\tS\t\n", "line 1: narratives: '' is none of"),
        ("ab\tf\t-\t-\to\tu\tS\t-\nab\tf\t-\t-\to\tu\tS\t-", "line 2: ab has labels already"),
    ],
)
def test_a_wrong_line_is_named(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnnotationError, match=told):
        read_annotations(path)


def test_annotated_paragraphs_join_the_training_split(data: Path, annotations: Path, tmp_path: Path) -> None:
    out = tmp_path / "more"
    assert extend(data, read_annotations(annotations) | {"0" * 16: {}}, out) == (2, 1)
    train = read_corpus(corpus_path(out, "train"))
    assert train.texts == ["Kyiv thanked the crews.", BAKERS, ENVOY]
    assert train.natural.tolist() == [True, False, False]
    assert len(set(train.groups)) == 3
    assert read_corpus(corpus_path(out, "validation")).texts == ["Kyiv thanked the nurses."]
    assert read_texts(out / "pool.jsonl") == [BAKERS, UNREAD, ENVOY]


def test_what_was_written_here_is_replaced_whole(data: Path, annotations: Path, tmp_path: Path) -> None:
    found, out = read_annotations(annotations), tmp_path / "more"
    (data / "human").mkdir()
    (data / "human" / "old.jsonl.gz").write_bytes(b"old")
    extend(data, found, out)
    (data / "human" / "old.jsonl.gz").unlink()
    (data / "human").rmdir()
    extend(data, found, out)
    files = [path.name for path in sorted(out.rglob("*"))]
    assert files == [WRITTEN, "paragraphs.train.jsonl.gz", "paragraphs.validation.jsonl", "pool.jsonl"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "more", "pool.tsv"]


@pytest.mark.parametrize("name", ["notes.txt", "human/mine.jsonl.gz", "pool.jsonl", WRITTEN])
def test_what_others_wrote_is_replaced_only_if_asked(data: Path, annotations: Path, tmp_path: Path, name: str) -> None:
    found, out = read_annotations(annotations), tmp_path / "more"
    (out / name).parent.mkdir(parents=True)
    (out / name).write_text("mine")
    with pytest.raises(AnnotationError, match=rf"holds {name}, which this command did not write.*--overwrite"):
        extend(data, found, out)
    assert [path.read_text() for path in out.rglob("*") if path.is_file()] == ["mine"]
    extend(data, found, out, overwrite=True)
    assert ((out / name).read_text() == "mine") == (name in {"notes.txt", "human/mine.jsonl.gz"})
    assert len(read_corpus(corpus_path(out, "train"))) == 3


def test_what_was_changed_since_is_not_replaced(data: Path, annotations: Path, tmp_path: Path) -> None:
    out = tmp_path / "more"
    extend(data, read_annotations(annotations), out)
    write(out / "pool.jsonl", [{"text": "Added by hand."}])
    with pytest.raises(AnnotationError, match=r"holds pool\.jsonl, .* changed since"):
        extend(data, read_annotations(annotations), out)
    assert read_texts(out / "pool.jsonl") == ["Added by hand."]


def test_an_extension_that_is_interrupted_leaves_nothing(
    data: Path, annotations: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("training.extending.shutil.copyfile", interrupted)
    with pytest.raises(KeyboardInterrupt):
        extend(data, read_annotations(annotations), tmp_path / "more")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "pool.tsv"]


def test_the_same_input_gives_the_same_file(data: Path, annotations: Path, tmp_path: Path) -> None:
    found = read_annotations(annotations)
    for name in ("one", "two"):
        extend(data, found, tmp_path / name)
    one, two = (corpus_path(tmp_path / name, "train").read_bytes() for name in ("one", "two"))
    assert one == two


def test_a_paragraph_that_is_labelled_already_keeps_its_labels(data: Path, annotations: Path, tmp_path: Path) -> None:
    write(data / "paragraphs.train.jsonl", [row(BAKERS, voice="quoted")])
    assert extend(data, read_annotations(annotations), tmp_path / "more") == (1, 0)
    assert read_corpus(corpus_path(tmp_path / "more", "train")).texts == [BAKERS, ENVOY]


def test_annotated_sentences_of_the_auxiliary_sets_join_too(data: Path, tmp_path: Path) -> None:
    human = data / "human"
    human.mkdir()
    fined = {"source": "DSE", "id": "train-1", "text": "[Washington] fined [the bank]."}
    spoken = {"source": "MPQA2", "id": "20020101/1#sentence3", "text": "Moscow 's friends , he said ."}
    for name, one in (("dse.train", fined), ("mpqa2", spoken)):
        (human / f"{name}.jsonl.gz").write_bytes(gzip.compress(json.dumps(one).encode()))
    texts = ["Washington fined the bank.", "Moscow's friends, he said."]
    path = tmp_path / "auxiliary.tsv"
    path.write_text("\n".join(line(text, "-", "-", "n", "-", "-", "E", "-") for text in texts), encoding="utf-8")
    assert extend(data, read_annotations(path), tmp_path / "more") == (2, 0)
    assert read_corpus(corpus_path(tmp_path / "more", "train")).texts[1:] == texts


def test_written_rows_join_as_they_are(data: Path, annotations: Path, tmp_path: Path) -> None:
    written = [row("Moscow and Kyiv counted crates.", doc="contrasts-3", sample="targeted")]
    assert extend(data, read_annotations(annotations), tmp_path / "more", written=written) == (2, 0)
    assert read_corpus(corpus_path(tmp_path / "more", "train")).texts[-1] == "Moscow and Kyiv counted crates."


def test_contrast_sets_are_learned_from_or_held_out_whole() -> None:
    learned, held_out = contrast_rows(held_out=False), contrast_rows(held_out=True)
    assert len(learned) > 3 * len(held_out) > 300
    assert not {one["doc"] for one in learned} & {one["doc"] for one in held_out}
    texts = [one["text"] for one in [*learned, *held_out]]
    assert len(set(texts)) == len(texts)
    for one in [*learned, *held_out]:
        evaluated = {"favor", "against"} & set(one["stance"].values())
        assert (one["voice"] == "none") == (not evaluated), one["text"]


def test_a_wrong_contrast_is_named(tmp_path: Path) -> None:
    path = tmp_path / "contrasts.tsv"
    path.write_text("1\t-\tf\t-\to\tu\tS\t-\tKyiv sings.\n1\t-\tf\t-\to\tu\tS\tKyiv sings.\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match="line 2: 8 fields"):
        contrast_rows(held_out=False, path=path)


def test_what_is_held_out_is_no_text_to_learn_from(tmp_path: Path) -> None:
    rows = [{"source": "NewsMTSC", "id": f"a_{k}_1_1_X_0_1", "text": f"Sentence {k}."} for k in range(60)]
    lines = "".join(json.dumps(one) + "\n" for one in rows)
    (tmp_path / NEWS).write_bytes(gzip.compress(lines.encode()))
    found = [one["text"] for one in auxiliary_texts(tmp_path)]
    held_out = [one["text"] for one in news_rows(tmp_path / NEWS, held_out=True)]
    assert len(found) + len(held_out) == 60
    assert held_out
    assert not set(found) & set(held_out)


def test_annotations_of_other_texts_are_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="none of the 1 annotations is about"):
        extend(data, {text_id("Elsewhere."): {}}, tmp_path / "more")
    with pytest.raises(AnnotationError, match="name another directory"):
        extend(data, {text_id(BAKERS): {}}, data)
    (data / "pool.jsonl").unlink()
    with pytest.raises(AnnotationError, match=r"there is no pool\.jsonl\.gz"):
        extend(data, {text_id(BAKERS): {}}, tmp_path / "more")


def test_agreement_is_perfect_with_oneself_and_falls_with_every_difference(data: Path) -> None:
    path = data / "paragraphs.train.jsonl"
    rows = [row(BAKERS, doc="c", frames=["morality"]), row(ENVOY, doc="d", voice="quoted"), row(UNREAD, doc="e")]
    write(path, rows)
    same = {text_id(one["text"]): {name: one[name] for name in one if name not in {"text", "doc"}} for one in rows}
    found = agreement(read_corpus(path), same, draws=50, seed=0)
    assert found.texts == 3
    assert found.figures["stance, Cohen's kappa"].value == found.figures["frames, micro-F1"].value == 1
    same[text_id(ENVOY)] |= {"stance": row(ENVOY)["stance"] | {"ukraine": "neutral"}}
    found = agreement(read_corpus(path), same, draws=50, seed=0)
    # Eight of nine agree; by chance 6·6 + 3·2 of 81 would.
    assert found.figures["stance, Cohen's kappa"].value == pytest.approx((8 / 9 - 42 / 81) / (1 - 42 / 81))
    assert found.f1["stance favor"].value == pytest.approx(0.8)
    with pytest.raises(AnnotationError, match="none of the 0 annotations"):
        agreement(read_corpus(path), {}, draws=50, seed=0)


def test_agreement_on_mentions_counts_those_that_are_in_a_row() -> None:
    sentences = {"a": "Ann praised Bob.", "b": "Ann was fined.", "c": "Ann sued Bob."}
    rows = [
        {"text": sentences["a"], "start": 0, "label": "neutral", "article": "1"},
        {"text": sentences["a"], "start": 12, "label": "favor", "article": "1"},
        {"text": sentences["b"], "start": 0, "label": "against", "article": "2"},
        {"text": sentences["c"], "start": 9, "label": "against", "article": "3"},
    ]
    said = {
        text_id(sentences["a"]): [Mention(0, 16, 0, 3, Stance.NEUTRAL), Mention(0, 16, 12, 15, Stance.FAVOR)],
        text_id(sentences["b"]): [Mention(0, 14, 0, 3, Stance.NEUTRAL)],
        text_id(sentences["c"]): [Mention(0, 13, 0, 3, Stance.AGAINST)],
    }
    found = mention_agreement(rows, said, draws=50, seed=0)
    assert found.texts == 3
    assert {name: one.value for name, one in found.f1.items()} == {
        "favor": 1.0,
        "neutral": pytest.approx(2 / 3),
        "against": 0.0,
    }
    assert found.figures["macro-F1"].value == pytest.approx(5 / 9)
    with pytest.raises(AnnotationError, match="none of the 0 mentions"):
        mention_agreement(rows, {}, draws=50, seed=0)


def test_the_shipped_annotations_are_well_formed() -> None:
    pool, auxiliary = read_annotations(POOL_ANNOTATIONS), read_annotations(AUXILIARY_ANNOTATIONS)
    repeated = read_annotations(REPEATED_ANNOTATIONS)
    assert len(pool) > 10 * len(repeated) > 1000 < len(auxiliary)
    assert not set(pool) & set(repeated)
    assert not set(auxiliary) & (set(pool) | set(repeated))
    for name, labels in [*pool.items(), *auxiliary.items()]:
        evaluated = {"favor", "against"} & set(labels["stance"].values())
        assert (labels["voice"] == "none") == (not evaluated), name


def test_a_mention_is_cut_out_with_its_sentence(data: Path, annotations: Path, tmp_path: Path) -> None:
    path = tmp_path / "mentions.tsv"
    first, start = ENVOY.index("M"), ENVOY.index("envoy")
    path.write_text(f"{text_id(ENVOY)}\t{first}\t{len(ENVOY)}\t{start}\t{start + 5}\tf\n", encoding="utf-8")
    extend(data, read_annotations(annotations), tmp_path / "more", read_mentions(path))
    (found,) = read_rows(tmp_path / "more" / MENTIONS)
    assert (found["text"], found["target"], found["label"]) == (ENVOY[first:], "envoy", "favor")
    assert found["text"][found["start"] : found["end"]] == "envoy"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ab\t0\t9\t2\t4", "line 1: an id, four offsets and a label"),
        ("ab\t0\t9\t-2\t4\tf", "line 1: an id, four offsets and a label"),
        ("ab\t3\t9\t2\t4\tf", "line 1: the mention 2-4 is not inside the sentence 3-9"),
        ("ab\t0\t9\t4\t4\tf", "line 1: the mention 4-4 is not inside the sentence 0-9"),
        ("ab\t0\t9\t2\t4\t-", "line 1: label: '-' is none of f n a"),
    ],
)
def test_a_wrong_mention_is_named(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "mentions.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnnotationError, match=told):
        read_mentions(path)


def test_the_shipped_mentions_are_well_formed() -> None:
    assert len(read_mentions(REPEATED_MENTIONS)) > 500
    assert sum(map(len, read_mentions(MENTION_ANNOTATIONS).values())) > 1000


def test_the_command_says_what_it_added(data: Path, annotations: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["extend", "--data", str(data), "--annotations", str(annotations), "--out", str(tmp_path / "more")]
    )
    assert result.exit_code == 0, result.output
    assert "2 annotated texts and" in result.output
