"""Whether a classifier reads sentences: expectations, exchanged actors, spellings, typography and human-labeled sets.

Everything here asks a :class:`~models.classifier.ParagraphClassifier` and so serves for every model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from models.calibration import MatrixScaling, softmax
from models.classifier import ParagraphClassifier
from models.heads import FloatArray
from models.labels import Stance, Target
from models.paragraph import Paragraph, prepare
from models.targets import Mention
from training.contrasts import contrast_rows
from training.corpus import corpus_path, read_labels
from training.encoder.actors import Actors
from training.encoder.data import (
    MISSING,
    Example,
    article_of,
    in_manner,
    news_example,
    news_rows,
    paragraphs,
    role_example,
    role_rows,
)
from training.expectations import EVALUATION, Patterns

FAVOR, NEUTRAL, AGAINST, ABSENT = range(4)
Labels = NDArray[np.int64]


def stance_labels(classifier: ParagraphClassifier, texts: Sequence[str]) -> Labels:
    """Return the stance labels of ``texts``, ndarray of shape (n, 3)."""
    labels: Labels = classifier.predict_proba([prepare(text) for text in texts]).stance.argmax(-1)
    return labels


def judged(found: Labels, expected: Labels) -> dict[str, float]:
    """Return how many asked stances are right, and how many take the opposite side."""
    asked = expected != MISSING
    found, expected = found[asked], expected[asked]
    sided = np.isin(expected, (FAVOR, AGAINST))
    opposite = sided & np.isin(found, (FAVOR, AGAINST)) & (found != expected)
    return {
        "asked": int(asked.sum()),
        "right": float((found == expected).mean()),
        "opposite": float(opposite.mean()),
        "opposite_of_sided": float(opposite.sum() / max(sided.sum(), 1)),
    }


def template_expectations(classifier: ParagraphClassifier, each: int = 30, seed: int = 5) -> dict[str, Any]:
    """Judge sentences of the evaluation patterns, ``each`` of every pattern; stances toward targets present."""
    rng = np.random.default_rng(seed)
    patterns = Patterns(EVALUATION, Actors())
    made = [patterns.fill(pattern, rng) for pattern in patterns.patterns for _ in range(each)]
    found = stance_labels(classifier, [one.text for one in made])
    expected = np.array([[_asked(one.stance.get(target)) for target in Target] for one in made])
    worst = {
        pattern["text"]: judged(found[rows], expected[rows])["right"]
        for pattern in patterns.patterns
        if (rows := np.array([one.pattern == pattern["text"] for one in made])).any()
    }
    return judged(found, expected) | {"by_pattern": worst}


def _asked(stance: Stance | None) -> int:
    return MISSING if stance in {None, Stance.ABSENT} else list(Stance).index(Stance(stance))


def contrast_sets(classifier: ParagraphClassifier) -> dict[str, float]:
    """Judge all stances, absent ones too, of the held-out contrast sets, and how many sets are wholly right."""
    rows = contrast_rows(held_out=True)
    found = stance_labels(classifier, [row["text"] for row in rows])
    expected = read_labels(rows).stance
    _, group = np.unique([row["doc"] for row in rows], return_inverse=True)
    wrong = np.bincount(group, (found != expected).sum(axis=1))
    macro = float(f1_score(expected.ravel(), found.ravel(), average="macro", labels=range(4), zero_division=0.0))
    return judged(found, expected) | {"macro_f1": macro, "sets": len(wrong), "sets_right": float((wrong == 0).mean())}


def exchanged_paragraphs(
    classifier: ParagraphClassifier, examples: Sequence[Example], one: Target, two: Target
) -> dict[str, float]:
    """Exchange two targets in labeled paragraphs and judge the labels, exchanged likewise."""
    actors, texts, originals, expected = Actors(), [], [], []
    partners = {one: two, two: one}
    i, j = tuple(Target).index(one), tuple(Target).index(two)
    for example in examples:
        text = actors.exchange(example.text, partners)
        if text is None or text == example.text:
            continue
        before = Counter(partners.get(mark.target, mark.target) for mark in example.marks)
        if Counter(mention.target for mention in prepare(text).mentions) != before:
            continue
        gold = [label if label != ABSENT else MISSING for label in example.stance]
        gold[i], gold[j] = gold[j], gold[i]
        texts.append(text)
        originals.append(example.text)
        expected.append(gold)
    if not texts:
        return {"asked": 0}
    asked = np.array(expected)
    found, before_labels = stance_labels(classifier, texts), stance_labels(classifier, originals)
    exchanged = before_labels.copy()
    exchanged[:, [i, j]] = before_labels[:, [j, i]]
    unexchanged = asked.copy()
    unexchanged[:, [i, j]] = asked[:, [j, i]]
    return judged(found, asked) | {
        "right_before": judged(before_labels, unexchanged)["right"],
        "same_as_before": float((found == exchanged)[asked != MISSING].mean()),
    }


def flips(classifier: ParagraphClassifier, texts: Sequence[str], change: Callable[[str], str]) -> dict[str, float]:
    """Return the share of stance labels, over changed texts, that ``change`` moves."""
    changed = [(text, new) for text in texts if (new := change(text)) != text]
    if not changed:
        return {"changed": 0, "flips": 0.0}
    before = stance_labels(classifier, [old for old, _ in changed])
    after = stance_labels(classifier, [new for _, new in changed])
    return {"changed": len(changed), "flips": float((before != after).mean())}


def respeller(spellings: Sequence[tuple[str, str]], seed: int = 3) -> Callable[[str], str]:
    """Return a change that gives names in a text other spellings: each pair is read in both directions."""
    others: dict[str, list[str]] = {}
    for one, two in spellings:
        others.setdefault(one.lower(), []).append(two)
        others.setdefault(two.lower(), []).append(one)
    longest = sorted(map(re.escape, others), key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)
    rng = np.random.default_rng(seed)

    def other(match: re.Match[str]) -> str:
        new = str(rng.choice(others[match[0].lower()]))
        return re.sub(r"\b\w", lambda first: first[0].upper(), new) if match[0][0].isupper() else new

    return lambda text: pattern.sub(other, text)


TYPOGRAPHY: Final[Mapping[str, Callable[[str], str]]] = {
    "straight": lambda text: text.translate(str.maketrans("“”‘’–—", "\"\"''--")),
    "curly": lambda text: re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’"),
    "dashes": lambda text: text.replace(" - ", " — ").replace(" – ", " — "),
    "spaces": lambda text: text.replace(" ", "\u00a0", 5),
    "trailing": lambda text: text + "  ",
    "doubled": lambda text: text.replace(". ", ".  "),
    "line_end": lambda text: text.replace(". ", ".\r\n", 1),
    "soft_hyphen": lambda text: text.replace("tion", "tion\u00ad"),
}


def news(classifier: ParagraphClassifier, path: Path, folds: int = 5, seed: int = 3) -> dict[str, float]:
    """Score the held-out fifth of NewsMTSC: the mention is marked as each target in turn, P(absent) left out.

    Its coders call a sentiment what the codebook calls neutral. So the same probabilities are also scored after matrix
    scaling to its labels (``calibrated_macro_f1``), learned for each of ``folds`` of its articles from the others; and
    the sentences again with what asks the encoder for NewsMTSC's labels before them (``asked_macro_f1``).
    """
    rows = news_rows(path, held_out=True)
    gold = np.array([{"favor": FAVOR, "neutral": NEUTRAL, "against": AGAINST}[row["label"]] for row in rows])
    scores = _sentiments(classifier, [[news_example(row, target) for row in rows] for target in Target])
    asked = _sentiments(classifier, [[in_manner(news_example(row, target)) for row in rows] for target in Target])
    found = scores.argmax(-1)
    _, article = np.unique([article_of(row["id"]) for row in rows], return_inverse=True)
    fold = np.random.default_rng(seed).permutation(article.max() + 1)[article] % folds
    calibrated = np.zeros_like(found)
    for part in np.unique(fold):
        scaling = MatrixScaling.fit(scores[fold != part], gold[fold != part], ABSENT)
        calibrated[fold == part] = scaling(scores[fold == part]).argmax(-1)
    return {
        "rows": len(rows),
        "macro_f1": float(f1_score(gold, found, average="macro")),
        "calibrated_macro_f1": float(f1_score(gold, calibrated, average="macro")),
        "asked_macro_f1": float(f1_score(gold, asked.argmax(-1), average="macro")),
        "accuracy": float((found == gold).mean()),
    }


def _sentiments(classifier: ParagraphClassifier, marked: Sequence[Sequence[Example]]) -> FloatArray:
    """Return mean log-probabilities, of shape (n, 3), over the targets that the same mentions are ``marked`` as."""
    total = np.zeros((len(marked[0]), 3))
    for number, examples in enumerate(marked):
        stance = classifier.predict_proba([_marked(example) for example in examples]).stance
        total += np.log(stance[:, number, :ABSENT])
    return np.log(softmax(total / len(marked)))


def roles(classifier: ParagraphClassifier, path: Path, held_out: bool = True) -> dict[str, float]:
    """Return how often the sign of P(favor) - P(against) agrees with SemEval's roles of the three targets."""
    rows = [row for row in role_rows(path, held_out) if row["target"] in set(Target)]
    made = [(row, role_example(row, Target(row["target"]))) for row in rows]
    named = [(row, example) for row, example in made if example is not None]
    stance = classifier.predict_proba([prepare(example.text) for _, example in named]).stance
    columns = [list(Target).index(row["target"]) for row, _ in named]
    toward = stance[np.arange(len(named)), columns]
    gold = [-1 if row["label"] == "Antagonist" else 1 for row, _ in named]
    return {"rows": len(named), "right": float((np.sign(toward[:, FAVOR] - toward[:, AGAINST]) == gold).mean())}


def _marked(example: Example) -> Paragraph:
    mentions = tuple(Mention(m.start, m.end, example.text[m.start : m.end], m.target) for m in example.marks)
    return Paragraph(example.text, (), mentions, ())


def validation_examples(data: Path) -> list[Example]:
    """Return the labeled validation paragraphs."""
    return paragraphs(corpus_path(data, "validation"))
