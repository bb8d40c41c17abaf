"""What each member of the ensemble is worth, and what the encoders read: left out, calibrated again, compared.

Nothing is trained anew: members leave the pool and the others share its weight, or the encoders read texts without what
is asked about. All figures are of validation paragraphs, by calibrations that had not seen their documents; intervals
of differences come from the same draws of documents for both sides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import click

from models import store
from models.classifier import ParagraphClassifier
from models.encoder import SPELLINGS, EncoderClassifier
from models.ensemble import EnsembleClassifier
from models.errors import StandpointError
from models.heads import HeadProbabilities
from models.paragraph import Paragraph, prepare
from training.ablation import Measures, intervals_of, measures_of
from training.corpus import Corpus, check_folds, corpus_path, read_corpus
from training.ensemble import Said, held_out, said_by
from training.finishing import FOLDS, classifier_of, thresholds_of
from training.machine import describe_machine
from training.metrics import Interval, Resampling
from training.options import DRAWS, PAGE, SEED, VALIDATION
from training.outputs import Command, write_text
from training.report import labelling, members_page

WHOLE: Final = "nothing (the whole ensemble)"


class MemberRow(NamedTuple):
    """The whole ensemble's figures, or how far another variant's lie over them, a head each."""

    name: str
    figures: dict[str, Interval]


class Study:
    """Variants of one ensemble on one corpus.

    Args:
        ensemble: The pool as it is served, its members joined.
        members: Its members, by name.
        corpus: Labeled paragraphs that no member was trained on.
        resampling: Draws of its documents.
    """

    def __init__(
        self,
        ensemble: EnsembleClassifier,
        members: Mapping[str, ParagraphClassifier],
        corpus: Corpus,
        resampling: Resampling,
    ) -> None:
        self.ensemble, self.corpus, self.resampling = ensemble, corpus, resampling
        self.members = members
        self.paragraphs = [prepare(text) for text in corpus.texts]
        self.said = {name: said_by(member, corpus, self.paragraphs) for name, member in members.items()}

    def rows(self) -> Iterator[MemberRow]:
        """Yield the figures of the whole, then the differences of all variants."""
        shares = dict(self.ensemble.weights or {})
        whole = self._measures(self.said, shares)
        yield MemberRow(WHOLE, intervals_of(whole))
        for name in shares:
            rest = {other: share for other, share in shares.items() if other != name}
            yield MemberRow(f"`{name}`", intervals_of(self._measures(self.said, rest), whole))
        for name in shares if len(shares) > 2 else ():  # of two, leaving one out says both
            yield MemberRow(f"all but `{name}`", intervals_of(self._measures(self.said, {name: 1.0}), whole))
        for title, change in _READINGS.items():
            yield MemberRow(title, intervals_of(self._measures(self.said | self._reread(change), shares), whole))

    def _reread(self, change: Reading) -> dict[str, Said]:
        """Return what the encoders say when they read otherwise."""
        found = {}
        for name, member in self.members.items():
            if isinstance(member, EncoderClassifier):
                other, paragraphs = change(member, self.paragraphs)
                found[name] = said_by(other, self.corpus, paragraphs)
        return found

    def _measures(self, said: Mapping[str, Said], shares: Mapping[str, float]) -> Measures:
        total = sum(shares.values())
        weights = {name: share / total for name, share in shares.items()}
        classifier = EnsembleClassifier(weights, self.ensemble.strength, self.ensemble.emphasis)
        found: HeadProbabilities = held_out({name: said[name] for name in weights}, self.corpus, classifier)
        thresholds = thresholds_of(found, self.corpus)
        limits = {
            "frames": next(iter(thresholds.frames.values())),
            "narratives": next(iter(thresholds.narratives.values())),
        }
        return measures_of(found, self.corpus.labels, limits, self.resampling)


Reading = Callable[[EncoderClassifier, Sequence[Paragraph]], tuple[EncoderClassifier, Sequence[Paragraph]]]


def _as_spelled(
    member: EncoderClassifier, paragraphs: Sequence[Paragraph]
) -> tuple[EncoderClassifier, Sequence[Paragraph]]:
    return classifier_of({**member.assets(), SPELLINGS: json.dumps({}).encode()}, member.strength), paragraphs


def _unmarked(
    member: EncoderClassifier, paragraphs: Sequence[Paragraph]
) -> tuple[EncoderClassifier, Sequence[Paragraph]]:
    return member, [unmarked(one) for one in paragraphs]


def unmarked(paragraph: Paragraph) -> Paragraph:
    """Return the paragraph as if the gazetteer had found nothing in it."""
    return Paragraph(paragraph.text, paragraph.quotes, (), paragraph.terms)


_READINGS: Final[Mapping[str, Reading]] = {
    "one spelling of each name (encoders read it as written)": _as_spelled,
    "marks of mentions (encoders are not told who is meant)": _unmarked,
}


@click.command(cls=Command)
@VALIDATION
@click.option("--model", default="ensemble", show_default=True, help="Name of a shipped ensemble, or its directory.")
@PAGE
@SEED
@DRAWS
def members(*, data: Path, model: str, markdown: Path, seed: int, draws: int) -> None:
    """Measure what each member of an ensemble and what its encoders read is worth; takes some minutes."""
    loaded = store.load(model)
    if not isinstance(loaded.classifier, EnsembleClassifier):
        raise StandpointError(f"{model}: not an ensemble; make one with 'training ensemble'")
    directory = store.model_directory(model)
    joined = {name: store.load(directory.parent / name).classifier for name in loaded.classifier.member_names}
    corpus = read_corpus(corpus_path(data, "validation"))
    check_folds("the validation split", corpus.documents, FOLDS)
    study = Study(loaded.classifier, joined, corpus, Resampling(corpus.groups, draws, seed))
    count = 1 + 2 * len(joined) + len(_READINGS)
    with click.progressbar(study.rows(), length=count, label="measuring") as shown:
        rows = list(shown)
    facts = {
        "measured": f"{datetime.now(UTC).date().isoformat()} on {describe_machine()}",
        "model": f"`{loaded.manifest.name}` {loaded.manifest.version}",
        "validation data": f"`{corpus.sha256}`",
        "draws": draws,
    }
    write_text(markdown, members_page(rows, facts, labelling(corpus)))
