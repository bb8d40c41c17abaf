from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models import store
from models.analysis import Analyzer, ParagraphResult, StanceCounts, summarize
from models.labels import Frame, Narrative, Side, SkipReason, Stance, Target, Voice
from tests.core.classifiers import WordClassifier, draft

AGAINST = "Moscow is a bad neighbour to everyone around it, said “the governor” of the border region on Friday."
FAVOR = "Ukraine is a good neighbour, and its farmers sent grain and flour to the villages across the river."


@pytest.fixture
def analyzer(tmp_path: Path) -> Analyzer:
    store.save(tmp_path / "words", WordClassifier(), draft())
    return Analyzer(store.load(tmp_path / "words"))


def test_labels_are_the_likeliest_and_probabilities_sum_to_one(analyzer: Analyzer) -> None:
    scores = analyzer.analyze([AGAINST])[0].scores
    assert scores is not None
    russia = scores.stance[Target.RUSSIA]
    assert (russia.label, russia.confidence, russia.abstain) == (Stance.AGAINST, 0.7, False)
    assert scores.stance[Target.UKRAINE].label is Stance.ABSENT
    assert scores.voice.label is Voice.QUOTED
    for choice in (*scores.stance.values(), scores.voice, scores.side):
        assert sum(choice.probabilities.values()) == pytest.approx(1, abs=1e-6)
        assert choice.label == max(choice.probabilities, key=lambda label: choice.probabilities[label])


def test_mentions_go_to_their_target(analyzer: Analyzer) -> None:
    scores = analyzer.analyze([AGAINST])[0].scores
    assert scores is not None
    assert [mention.text for mention in scores.stance[Target.RUSSIA].mentions] == ["Moscow"]
    assert scores.stance[Target.US].mentions == ()


def test_low_confidence_abstains(tmp_path: Path) -> None:
    store.save(tmp_path / "words", WordClassifier(certainty=0.4), draft(abstain=0.41))
    scores = Analyzer(store.load(tmp_path / "words")).analyze([AGAINST])[0].scores
    assert scores is not None
    assert all(stance.abstain for stance in scores.stance.values())


@pytest.mark.parametrize(("threshold", "abstains"), [(0.4, False), (np.nextafter(0.4, 1), True)])
def test_a_confidence_that_reaches_its_threshold_is_enough(tmp_path: Path, threshold: float, abstains: bool) -> None:
    store.save(tmp_path / "words", WordClassifier(certainty=0.4), draft(abstain=threshold))
    scores = Analyzer(store.load(tmp_path / "words")).analyze([AGAINST])[0].scores
    assert scores is not None
    assert {stance.abstain for stance in scores.stance.values()} == {abstains}


def test_frames_over_their_threshold_highest_first(analyzer: Analyzer) -> None:
    text = f"{AGAINST} It was an economic and a political matter."
    scores = analyzer.analyze([text])[0].scores
    assert scores is not None
    assert scores.frames == ((Frame.ECONOMIC, 0.9), (Frame.POLITICAL, 0.9))
    assert scores.narratives == ()


@pytest.mark.parametrize(
    ("threshold", "frames", "narratives"),
    [(0.8, 1, 1), (np.nextafter(0.8, 1), 1, 0), (0.9, 1, 0), (np.nextafter(0.9, 1), 0, 0)],
)
def test_a_score_that_reaches_its_threshold_is_listed(
    tmp_path: Path, threshold: float, frames: int, narratives: int
) -> None:
    store.save(tmp_path / "words", WordClassifier(), draft(listed=threshold))
    text = f"{AGAINST} {Frame.ECONOMIC} {Narrative.HIDDEN_PLOTS}"
    scores = Analyzer(store.load(tmp_path / "words")).analyze([text])[0].scores
    assert scores is not None
    assert (len(scores.frames), len(scores.narratives)) == (frames, narratives)


def test_explanations_only_when_asked_for(analyzer: Analyzer) -> None:
    plain, explained = (analyzer.analyze([AGAINST], explain=explain)[0].scores for explain in (False, True))
    assert plain is not None
    assert explained is not None
    assert plain.stance[Target.RUSSIA].explanation is None
    words = explained.stance[Target.RUSSIA].explanation
    assert words is not None
    assert [(word.text, AGAINST[word.start : word.end]) for word in words] == [("bad", "bad")]
    assert explained.stance[Target.UKRAINE].explanation == ()


@pytest.mark.parametrize(("explain", "pauses"), [(False, 1), (True, 19)])
def test_others_may_compute_after_each_batch_and_after_each_explained_paragraph(
    analyzer: Analyzer, explain: bool, pauses: int
) -> None:
    found: list[None] = []
    analyzer.analyze([AGAINST] * 20, explain=explain, between=lambda: found.append(None))
    assert len(found) == pauses


def test_unscorable_paragraphs_keep_their_place(analyzer: Analyzer) -> None:
    results = analyzer.analyze(["", FAVOR, "   ", AGAINST])
    assert [result.reason for result in results] == [SkipReason.TOO_SHORT, None, SkipReason.TOO_SHORT, None]
    assert [result.scores is None for result in results] == [True, False, True, False]


def test_others_may_compute_between_paragraphs_that_are_skipped_too(analyzer: Analyzer) -> None:
    pauses: list[None] = []
    analyzer.analyze(["", "No."] * 4 * analyzer.batch, between=lambda: pauses.append(None))
    assert len(pauses) == 7


def test_a_length_limit_of_the_callers_own(analyzer: Analyzer) -> None:
    assert analyzer.analyze([FAVOR], max_length=len(FAVOR))[0].reason is None
    assert analyzer.analyze([FAVOR], max_length=len(FAVOR) - 1)[0].reason is SkipReason.TOO_LONG


def test_results_do_not_depend_on_the_neighbours(analyzer: Analyzer) -> None:
    texts = [AGAINST, FAVOR, "", f"{AGAINST} {FAVOR}"] * 100
    assert analyzer.analyze(texts) == [analyzer.analyze([text])[0] for text in texts[:4]] * 100


def test_nothing_in_nothing_out(analyzer: Analyzer) -> None:
    assert analyzer.analyze([]) == []
    summary = summarize([])
    assert (summary.paragraphs, summary.scored) == (0, 0)
    assert summary.stance[Target.US].net is None


def test_summary_counts_what_was_scored(analyzer: Analyzer) -> None:
    summary = summarize(analyzer.analyze([AGAINST, FAVOR, ""]))
    assert (summary.paragraphs, summary.scored) == (3, 2)
    assert summary.stance[Target.RUSSIA] == StanceCounts(favor=0, neutral=0, against=1, absent=1)
    assert summary.stance[Target.RUSSIA].net == -1
    assert summary.stance[Target.UKRAINE].net == 1
    assert sum(summary.side.values()) == 2


def test_distanced_terms_are_counted_apart(analyzer: Analyzer) -> None:
    text = "Residents of Kiev heard what Moscow calls a “special military operation” from their windows that night."
    summary = summarize(analyzer.analyze([text]))
    assert summary.terms[Side.RUSSIAN] == 1
    assert summary.distanced_terms[Side.RUSSIAN] == 1


def test_the_golden_paragraph_is_remembered(tmp_path: Path) -> None:
    store.save(tmp_path / "words", WordClassifier(), draft())
    model = store.load(tmp_path / "words")
    assert Analyzer(model).self_test()
    other = store.LoadedModel(model.manifest, model.sha256, WordClassifier(certainty=0.01))
    assert not Analyzer(other).self_test()


def test_a_result_is_either_scores_or_a_reason(analyzer: Analyzer) -> None:
    for result in analyzer.analyze([AGAINST, ""]):
        assert isinstance(result, ParagraphResult)
        assert (result.scores is None) != (result.reason is None)
