"""Training by the clock or by steps, resumable from its last checkpoint.

By the clock, the learning rate follows the share of the time that is spent, so that a run on a busy machine still ends
its decay. Examples and their order depend on the seed alone; how many are seen, by the clock, on the machine too.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from models.encoder.inputs import InputEncoder
from training.corpus import corpus_path
from training.encoder.augment import Corpora, Rates
from training.encoder.batches import Batch, batches, collate
from training.encoder.checkpoints import RunError, resumable, write_checkpoint
from training.encoder.data import paragraphs
from training.encoder.losses import total_loss
from training.encoder.network import FROZEN_LAYERS, StanceNetwork
from training.encoder.quick import quick_scores

log = logging.getLogger(__name__)

PARTS: Final = 8
"""An epoch over the paragraphs is cut into this many rounds, so that the mix can change as time passes."""

_FREE: Final = frozenset({"minutes", "steps", "checkpoint_minutes", "validations", "threads", "bfloat16"})
"""Settings that may well change from one call to the next."""


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes:
        minutes: Time for all of training, validation while training included.
        steps: Batches to learn from, however long they take; 0 leaves it to the clock.
        seed: Seed of examples, order and dropout.
        tokens: Tokens a batch, padding included.
        rate: Peak learning rate of the top layer.
        head_rate: Peak learning rate of what is not pretrained.
        layer_decay: Factor of the rate from each layer to the one below.
        warmup: Share of the time in which the rate rises.
        average: Decay of the moving average of weights, which is what is kept.
        weight_decay: Decoupled weight decay of matrices; biases and normalization have none.
        auxiliary_end: Share of the time after which auxiliary sets are down to half.
        checkpoint_minutes: Time between checkpoints.
        validations: How often to score the validation split.
        threads: Threads for torch.
        bfloat16: Whether to compute in bfloat16, weights and their updates left in float32: twice as fast on a CPU that
            has instructions for it (AVX-512 BF16, for one); without them it gains nothing.
        thaw: Whether the embeddings and the lowest layer learn too.
        hide: Share of tokens, mentions excepted, that every other paragraph loses.
        rates: Augmentation and mix.
    """

    minutes: float = 80.0
    steps: int = 0
    seed: int = 20
    tokens: int = 1536
    rate: float = 1.3e-4
    head_rate: float = 6e-4
    layer_decay: float = 0.85
    warmup: float = 0.05
    average: float = 0.998
    weight_decay: float = 0.01
    auxiliary_end: float = 0.6
    checkpoint_minutes: float = 4.0
    validations: int = 6
    threads: int = 2
    bfloat16: bool = False
    thaw: bool = False
    hide: float = 0.0
    rates: Rates = field(default_factory=Rates)


class Trainer:
    """One training run in a directory, which holds its checkpoint and its curve."""

    def __init__(
        self,
        network: StanceNetwork,
        encoder: InputEncoder,
        data: Path,
        run: Path,
        settings: Settings,
        *,
        teacher: Path | None = None,
    ) -> None:
        torch.manual_seed(settings.seed)
        torch.set_num_threads(settings.threads)
        self.settings, self.encoder, self.run_directory = settings, encoder, run
        self._resumed = _checked(resumable(run, network, "curve", "encoder adapt"), run, settings)
        self.corpora = Corpora(data, settings.rates, teacher)
        self.network = network.train()
        network.thaw(settings.thaw)
        self.optimizer = torch.optim.AdamW(_groups(network, settings), fused=True)
        self.peaks = [group["lr"] for group in self.optimizer.param_groups]
        self.average = {
            name: value.detach().clone() for name, value in network.named_parameters() if value.requires_grad
        }
        self.validation = paragraphs(corpus_path(data, "validation"))
        self.curve: list[dict[str, Any]] = []
        self.elapsed, self.steps, self.seen, self.round, self.position = 0.0, 0, 0, 0, 0
        self._recent: defaultdict[str, list[float]] = defaultdict(list)

    @property
    def progress(self) -> float:
        """Share of the time, or of the steps, that is spent, 0–1."""
        if self.settings.steps:
            return min(1.0, self.steps / self.settings.steps)
        return min(1.0, self.elapsed / (60 * self.settings.minutes))

    def run(self) -> None:
        """Train until the time or the steps are up, from the last checkpoint if there is one."""
        self._resume()
        if self.progress >= 1:
            log.info("this run has ended already")
            return
        saved, validated = self.elapsed, int(self.progress * self.settings.validations)
        clock = time.monotonic()
        for batch in self._stream():
            self._step(batch)
            now = time.monotonic()
            self.elapsed, clock = self.elapsed + now - clock, now
            if self.steps % 20 == 0:
                self._log()
            if self.progress < 1 and int(self.progress * self.settings.validations) > validated:
                validated += 1
                self._validate()
            if self.elapsed - saved > 60 * self.settings.checkpoint_minutes:
                saved = self.elapsed
                self._save()
            if self.progress >= 1:
                break
        self._validate()
        self._save()

    def _stream(self) -> Iterator[Batch]:
        while True:
            auxiliary = max(0.5, 1 - 0.5 * self.progress / self.settings.auxiliary_end)
            rng = np.random.default_rng([self.settings.seed, 7, self.round])
            examples = self.corpora.round(self.settings.seed, self.round, PARTS, auxiliary)
            groups = batches(examples, self.encoder, self.settings.tokens, rng, self.settings.hide)
            for group in groups[self.position :]:
                self.position += 1
                yield collate(group)
            self.round, self.position = self.round + 1, 0

    def _step(self, batch: Batch) -> None:
        factor = schedule(self.progress, self.settings.warmup)
        for group, peak in zip(self.optimizer.param_groups, self.peaks, strict=True):
            group["lr"] = peak * factor
        with torch.autocast("cpu", torch.bfloat16, enabled=self.settings.bfloat16):
            outputs = self.network(batch.ids, batch.targets, batch.mask)
        loss, parts = total_loss(self.network, outputs.float(), batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([p for p in self.network.parameters() if p.requires_grad], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        self.seen += int(batch.mask.sum())
        decay = min(self.settings.average, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            for name, value in self.network.named_parameters():
                if value.requires_grad:
                    self.average[name].lerp_(value, 1 - decay)
        for head, part in parts.items():
            self._recent[head].append(part)

    def _log(self) -> None:
        means = {name: round(float(np.mean(values)), 4) for name, values in self._recent.items()}
        self._recent.clear()
        row = {"step": self.steps, "minutes": round(self.elapsed / 60, 2), "round": self.round, "tokens": self.seen}
        self.curve.append(row | means)
        speed = self.seen / max(self.elapsed, 1e-9)
        log.info(
            "step %d, %.1f min, round %d, %.0f tokens/s: %s", self.steps, self.elapsed / 60, self.round, speed, means
        )

    def _validate(self) -> None:
        started = time.monotonic()
        scores = quick_scores(self.averaged(), self.validation, self.encoder)
        self.curve.append({"step": self.steps, "minutes": round(self.elapsed / 60, 2), "validation": scores})
        log.info("validation after %d steps (%.0f s): %s", self.steps, time.monotonic() - started, scores)
        (self.run_directory / "curve.json").write_text(json.dumps(self.curve, indent=1), encoding="utf-8")

    def averaged(self) -> StanceNetwork:
        """Return a copy of the network with the moving average of its weights, ready to score."""
        copy = StanceNetwork(self.network.words.weight.shape[0], layers=len(self.network.layers))
        copy.load_state_dict(self.network.state_dict() | self.average)
        return copy.eval()

    def _save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "counters": (self.elapsed, self.steps, self.seen, self.round, self.position),
            "curve": self.curve,
            "settings": asdict(self.settings),
            "generator": torch.get_rng_state(),
        }
        write_checkpoint(state, self.run_directory)
        (self.run_directory / "curve.json").write_text(json.dumps(self.curve, indent=1), encoding="utf-8")
        log.info("checkpoint at step %d", self.steps)

    def _resume(self) -> None:
        self.run_directory.mkdir(parents=True, exist_ok=True)
        state, self._resumed = self._resumed, None
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.elapsed, self.steps, self.seen, self.round, self.position = state["counters"]
        self.curve = state["curve"]
        torch.set_rng_state(state["generator"])
        log.info("resumed at step %d, %.1f min", self.steps, self.elapsed / 60)


def _checked(state: dict[str, Any] | None, run: Path, settings: Settings) -> dict[str, Any] | None:
    """Return a checkpoint to go on from, if these settings can, and tell of those that are others now."""
    before = {} if state is None else state["settings"]
    chosen = asdict(settings)
    if before.get("thaw", settings.thaw) != settings.thaw:
        began, now = ("--thaw", "without it") if before["thaw"] else ("no --thaw", "with it")
        raise RunError(f"{run}: began with {began} and can't go on {now}; name another --run")
    for name in sorted(before.keys() & chosen.keys() - _FREE):
        if before[name] != chosen[name]:
            log.warning("%s goes on with %s=%s, and was trained with %s", run, name, chosen[name], before[name])
    return state


def schedule(progress: float, warmup: float) -> float:
    """Return the factor of the learning rate: a linear warm-up, then half a cosine down to a fiftieth.

    Cosine annealing (Loshchilov & Hutter 2017, https://arxiv.org/abs/1608.03983), without their restarts.
    """
    if progress < warmup:
        return max(progress / warmup, 0.02)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup)))


def _groups(network: StanceNetwork, settings: Settings) -> list[dict[str, Any]]:
    layers = len(network.layers)
    named: dict[tuple[float, float], list[Tensor]] = defaultdict(list)
    for name, value in network.named_parameters():
        if not value.requires_grad:
            continue
        rate = settings.head_rate
        if name.startswith("layers."):
            rate = settings.rate * settings.layer_decay ** (layers - 1 - int(name.split(".")[1]))
        elif name.startswith(("words.", "positions.", "embedded_norm.")):
            rate = settings.rate * settings.layer_decay**layers
        elif name.startswith("mentions."):
            rate = settings.rate * settings.layer_decay ** (layers - FROZEN_LAYERS - 1) * 4
        named[rate, settings.weight_decay if value.ndim > 1 else 0.0].append(value)
    return [{"params": values, "lr": rate, "weight_decay": decay} for (rate, decay), values in named.items()]
