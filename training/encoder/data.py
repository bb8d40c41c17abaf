"""Reading the corpora into one kind of example, with every label that a row lacks marked as missing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.encoder.inputs import Marked
from models.labels import Frame, Narrative, Side, Stance, Target, Voice
from models.targets import find_mentions
from training.corpus import read_labelled, read_rows

MISSING: Final = -100
"""Label of a head that a row says nothing about; torch's cross-entropy leaves it out."""

NEWS: Final = "newsmtsc.train.jsonl.gz"
ROLES: Final = "semeval25.roles.train.jsonl.gz"

MANNER: Final = "Sentiment: "
"""Before a sentence, it asks for the sentiment that NewsMTSC's coders would see rather than for the codebook's stance.

The two differ most in what they call neutral. A network that is told which is meant can learn both.
"""

_STANCES: Final = {"favor": 0, "neutral": 1, "against": 2}
_ROLES: Final = {"Protagonist": 0, "Innocent": 0, "Antagonist": 2}
_ATTITUDES: Final = {"sentiment-pos": 0, "sentiment-neg": 2}
_BRACKETS: Final = re.compile(r"\[([^\[\]]*)\]")
_LONGEST_TARGET: Final = 5
"""Words of an attitude's target; longer ones are clauses, which no mention of a state looks like."""

_TOKENIZED: Final = (
    (re.compile(r" ('s|n't|'re|'ve|'ll|'d)\b"), r"\1"),
    (re.compile(r"`` ?"), '"'),
    (re.compile(r" ?''"), '"'),
    (re.compile(r"-L[RSC]B- ?"), "("),
    (re.compile(r" ?-R[RSC]B-"), ")"),
    (re.compile(r" ([,.;:!?%])"), r"\1"),
)
"""What tokenization in the manner of the Penn Treebank did to a text, undone."""


@dataclass(frozen=True)
class Example:
    """One text with the labels that are known of it.

    Attributes:
        text: The text.
        marks: Mentions of targets, in order.
        stance: Three of 0–3 or MISSING, in the order of Target.
        voice: 0–3 or MISSING.
        side: 0–3 or MISSING.
        frames: 14 of 0 or 1, or None.
        narratives: 11 of 0 or 1, or None.
        directed: Class of DSE (0–4) or MISSING, between the targets in ``pair``.
        pair: Target numbers (0–2) of DSE's p and q.
        news: Whether ``stance`` follows NewsMTSC's definitions, which get a bias of their own.
        weight: Weight of the row in the loss.
        teacher: A teacher's 45 probabilities (see :mod:`training.teacher`), NaN where they say nothing; or None.
    """

    text: str
    marks: tuple[Marked, ...]
    stance: tuple[int, int, int] = (MISSING, MISSING, MISSING)
    voice: int = MISSING
    side: int = MISSING
    frames: tuple[int, ...] | None = None
    narratives: tuple[int, ...] | None = None
    directed: int = MISSING
    pair: tuple[int, int] = (0, 1)
    news: bool = False
    weight: float = 1.0
    teacher: tuple[float, ...] | None = None


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a gzipped file of JSON lines.

    Raises:
        CorpusError: The file can't be read, or a line is wrong.
    """
    yield from read_rows(path)


def fold_of(key: str, folds: int = 5) -> int:
    """Return which of ``folds`` parts a document belongs to: stable, and the same on every machine."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % folds


def marks(text: str) -> tuple[Marked, ...]:
    """Return the mentions of ``text`` as serving will find them."""
    return tuple(Marked(mention.start, mention.end, mention.target) for mention in find_mentions(text))


def paragraphs(path: Path) -> list[Example]:
    """Read labeled paragraphs.

    Raises:
        CorpusError: The file can't be read, or a line is wrong.
    """
    return [labelled(row) for row in read_labelled(path)]


def taught(texts: Sequence[str], probabilities: NDArray[np.float32]) -> list[Example]:
    """Return unlabeled paragraphs with a teacher's probabilities, of shape (n, 45)."""
    pairs = zip(texts, probabilities, strict=True)
    return [Example(text, marks(text), weight=0.6, teacher=tuple(row.tolist())) for text, row in pairs]


def labelled(row: dict[str, Any]) -> Example:
    """Return a row of a corpus, whose labels have been checked, as an example."""
    stance = [tuple(Stance).index(Stance(row["stance"][target])) for target in Target]
    return Example(
        row["text"],
        marks(row["text"]),
        (stance[0], stance[1], stance[2]),
        tuple(Voice).index(Voice(row["voice"])),
        tuple(Side).index(Side(row["side"])),
        tuple(int(frame in row["frames"]) for frame in Frame),
        tuple(int(narrative in row["narratives"]) for narrative in Narrative),
    )


def news_rows(path: Path, held_out: bool) -> list[dict[str, Any]]:
    """Return the rows of NewsMTSC's train file that are held out (a fifth, by article), or the others."""
    return [row for row in read_jsonl(path) if (fold_of(article_of(row["id"])) == 0) == held_out]


def article_of(sentence: str) -> str:
    """Return which article a sentence of NewsMTSC is from, by the sentence's id."""
    # "allsides_1018_408_8_WikiLeaks_43_52": source, two numbers of the article, sentence, mention.
    return "_".join(sentence.split("_")[:3])


def auxiliary_texts(human: Path) -> Iterator[dict[str, Any]]:
    """Yield the texts of the auxiliary sets that may be learned from, as rows with ``text``, ``source`` and ``doc``.

    What is held out of NewsMTSC is not among them, nor are the roles, whose articles the splits share. DSE is given
    without its brackets and MPQA as one would write it; a set that is not in ``human`` is left out.
    """
    readers: dict[str, Callable[[Path], Iterable[dict[str, Any]]]] = {
        "newsmtsc.train": lambda path: news_rows(path, held_out=False),
        "dse.train": lambda path: (row | {"text": _BRACKETS.sub(r"\1", row["text"])} for row in read_jsonl(path)),
        "mpqa2": lambda path: (row | {"text": plain(row["text"])} for row in read_jsonl(path)),
        "ruw.train": read_jsonl,
    }
    for name, read in readers.items():
        path = human / f"{name}.jsonl.gz"
        for row in read(path) if path.exists() else ():
            yield {"text": row["text"], "source": name, "doc": f"{name}-{_document(row)}"}


def _document(row: dict[str, Any]) -> str:
    # MPQA names a sentence after its document; NewsMTSC likewise, in a manner of its own.
    return article_of(row["id"]) if row["source"] == "NewsMTSC" else str(row["id"]).split("#")[0]


def attitude_rows(path: Path) -> list[dict[str, Any]]:
    """Return the sentiments of MPQA 2.0 toward what the sentence gives a name, of a few words."""
    rows = []
    for row in read_jsonl(path):
        text = plain(row["text"])
        for target in map(plain, row["target"] if row["label"] in _ATTITUDES else ()):
            found = re.search(rf"(?<!\w){re.escape(target)}(?!\w)", text)
            if found and len(target.split()) <= _LONGEST_TARGET and not target.islower():
                rows.append({"text": text, "span": found.span(), "label": row["label"], "id": row["id"]})
    return rows


def plain(tokenized: str) -> str:
    """Return a tokenized text as one would write it."""
    for pattern, written in _TOKENIZED:
        tokenized = pattern.sub(written, tokenized)
    return tokenized


def attitude_example(row: dict[str, Any], target: Target) -> Example:
    """Return an attitude with what it is about marked as ``target``."""
    return _single(row["text"], [row["span"]], target, _ATTITUDES[row["label"]], news=True)


def role_rows(path: Path, held_out: bool) -> list[dict[str, Any]]:
    """Return the rows of SemEval's roles that are held out (half, by article), or the others."""
    return [row for row in read_jsonl(path) if (fold_of(row["doc"], 2) == 0) == held_out]


def news_example(row: dict[str, Any], target: Target, name: str | None = None) -> Example:
    """Return a NewsMTSC row with its mention marked as ``target``, whoever it is, and called ``name`` if given."""
    span = (row["start"], row["end"])
    if row["text"][slice(*span)] != row["target"]:
        at = max(row["text"].find(row["target"]), 0)
        span = (at, at + len(row["target"]))
    text = row["text"]
    if name is not None and row["target"][:1].isupper():  # some mentions are pronouns
        text = text[: span[0]] + name + text[span[1] :]
        span = (span[0], span[0] + len(name))
    return _single(text, [span], target, _STANCES[row["label"]], news=True)


def in_manner(example: Example) -> Example:
    """Return a NewsMTSC example that asks for its labels by :data:`MANNER`, and so needs no bias."""
    moved = tuple(Marked(mark.start + len(MANNER), mark.end + len(MANNER), mark.target) for mark in example.marks)
    return replace(example, text=MANNER + example.text, marks=moved, news=False)


def role_example(row: dict[str, Any], target: Target) -> Example | None:
    """Return a row of roles with its entity marked as ``target``; None where the paragraph does not name it."""
    spans = [match.span() for match in re.finditer(re.escape(row["entity"]), row["text"])]
    if not spans:
        return None
    return _single(row["text"], spans, target, _ROLES[row["label"]])


def _single(text: str, spans: list[tuple[int, int]], target: Target, label: int, *, news: bool = False) -> Example:
    own = [Marked(start, end, target) for start, end in spans]
    stance = [MISSING] * 3
    stance[tuple(Target).index(target)] = label
    return Example(text, merged(own, marks(text)), (stance[0], stance[1], stance[2]), news=news, weight=0.7)


def merged(own: list[Marked], others: tuple[Marked, ...]) -> tuple[Marked, ...]:
    """Return ``own`` marks and those of ``others`` that neither overlap them nor are of their targets."""
    taken = {mark.target for mark in own}
    free = [
        other
        for other in others
        if other.target not in taken and all(other.end <= mark.start or mark.end <= other.start for mark in own)
    ]
    return tuple(sorted([*own, *free]))


def directed_example(row: dict[str, Any], pair: tuple[int, int]) -> Example | None:
    """Return a DSE row with p and q marked as the targets numbered in ``pair``."""
    found: list[tuple[str, int, int]] = []
    pieces, done, length = [], 0, 0
    for match in _BRACKETS.finditer(row["text"]):
        before = row["text"][done : match.start()]
        start = length + len(before)
        found.append((match[1], start, start + len(match[1])))
        pieces += [before, match[1]]
        length, done = start + len(match[1]), match.end()
    text = "".join([*pieces, row["text"][done:]])
    targets = {row["p"]: tuple(Target)[pair[0]], row["q"]: tuple(Target)[pair[1]]}
    own = [Marked(start, end, targets[name]) for name, start, end in found if name in targets]
    if len({mark.target for mark in own}) != 2:
        return None
    marked = merged(own, marks(text))
    return Example(text, marked, directed=int(row["label"]), pair=pair, weight=0.5)


def without_some(example: Example, rng: np.random.Generator, probability: float) -> Example:
    """Return ``example`` with some marks forgotten, so that the network bears a gazetteer's gaps."""
    kept: NDArray[np.bool_] = rng.random(len(example.marks)) >= probability
    return replace(example, marks=tuple(mark for mark, keep in zip(example.marks, kept, strict=True) if keep))
