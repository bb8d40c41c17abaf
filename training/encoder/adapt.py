"""Masked-language training on unlabeled paragraphs, before the labels: the pretrained encoder gets used to the news.

A share of the tokens is hidden and guessed from the others (BERT, Devlin et al. 2019, https://arxiv.org/abs/1810.04805),
on texts of the kind to be read later (Gururangan et al. 2020, https://arxiv.org/abs/2004.10964). The head that guesses
shares its weights with the word embeddings and is thrown away; what remains is a run that ``train --start`` takes.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.encoder.inputs import InputEncoder
from training.corpus import corpus_path, pool_path, read_corpus, read_texts
from training.encoder.checkpoints import resumable, write_checkpoint
from training.encoder.data import marks
from training.encoder.network import WIDTH, StanceNetwork
from training.encoder.train import schedule

log = logging.getLogger(__name__)

LONGEST: Final = 192
"""Tokens of a text; the rest of longer ones is left out."""

_MULTIPLE: Final = 8
_KEPT: Final = 0.1
"""Share of the hidden tokens that stay as they are; as many become another token of the batch."""

_UNKNOWN: Final = -100

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Adaptation:
    """How to adapt.

    Attributes:
        minutes: Time for all of it.
        seed: Seed of order, hiding and dropout.
        tokens: Tokens a batch, padding included.
        rate: Peak learning rate of the encoder; that of the head is four times as high.
        hidden: Share of the tokens that are to be guessed.
        warmup: Share of the time in which the rate rises.
        checkpoint_minutes: Time between checkpoints.
        threads: Threads for torch.
        bfloat16: Whether to compute in bfloat16.
    """

    minutes: float = 25.0
    seed: int = 20
    tokens: int = 3072
    rate: float = 2.5e-4
    hidden: float = 0.2
    warmup: float = 0.05
    checkpoint_minutes: float = 4.0
    threads: int = 2
    bfloat16: bool = False


class Guess(nn.Module):
    """From states to logits over the vocabulary, with the weights of the word embeddings."""

    def __init__(self, words: nn.Embedding) -> None:
        super().__init__()
        self.transform = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(words.num_embeddings))
        self._words = [words]  # in a list: its weights belong to the network

    def forward(self, states: Tensor) -> Tensor:
        """Return logits, (n, vocabulary), of states, (n, 384)."""
        return functional.linear(self.norm(functional.gelu(self.transform(states))), self._words[0].weight, self.bias)


class Adapter:
    """One run of masked-language training, resumable from its last checkpoint."""

    def __init__(
        self, network: StanceNetwork, encoder: InputEncoder, data: Path, run: Path, settings: Adaptation
    ) -> None:
        torch.manual_seed(settings.seed)
        torch.set_num_threads(settings.threads)
        self.settings, self.run_directory, self.encoder = settings, run, encoder
        self._resumed = resumable(run, network, "guess", "encoder train")
        self.network = network.train()
        for value in network.parameters():
            value.requires_grad_(True)
        self.guess = Guess(network.words)
        read = [encoder(text, marks(text)) for text in _texts(data)]
        self.rows = [encoder.framed(one.ids[:LONGEST], one.targets[:LONGEST]) for one in read]
        groups = [
            {"params": list(network.parameters()), "lr": settings.rate},
            {"params": list(self.guess.parameters()), "lr": 4 * settings.rate},
        ]
        self.optimizer = torch.optim.AdamW(groups, fused=True, weight_decay=0.01, betas=(0.9, 0.98))
        self.elapsed, self.steps, self.round, self.position = 0.0, 0, 0, 0

    def run(self) -> None:
        """Train until the time is up, from the last checkpoint if there is one."""
        self._resume()
        if self.progress >= 1:
            log.info("this run has ended already")
            return
        saved, clock, recent = self.elapsed, time.monotonic(), []
        for group in self._stream():
            recent.append(self._step(group))
            now = time.monotonic()
            self.elapsed, clock = self.elapsed + now - clock, now
            if self.steps % 20 == 0:
                log.info(
                    "step %d, %.1f min, round %d: loss %.3f",
                    self.steps, self.elapsed / 60, self.round, float(np.mean(recent)),
                )  # fmt: skip
                recent = []
            if self.elapsed - saved > 60 * self.settings.checkpoint_minutes:
                saved = self.elapsed
                self._save()
            if self.progress >= 1:
                break
        self._save()

    @property
    def progress(self) -> float:
        """Share of the time that is spent, 0-1."""
        return min(1.0, self.elapsed / (60 * self.settings.minutes))

    def _stream(self) -> Iterator[tuple[Sequence[int], np.random.Generator]]:
        lengths = np.array([len(ids) for ids, _ in self.rows])
        while True:
            rng = np.random.default_rng([self.settings.seed, 9, self.round])
            order = np.argsort(lengths + rng.normal(0, 3, len(lengths)), kind="stable")
            groups = _groups(order, lengths, self.settings.tokens)
            shuffled = [groups[i] for i in rng.permutation(len(groups))]
            for group in shuffled[self.position :]:
                self.position += 1
                yield group, np.random.default_rng([self.settings.seed, 10, self.round, self.position])
            self.round, self.position = self.round + 1, 0

    def _step(self, drawn: tuple[Sequence[int], np.random.Generator]) -> float:
        factor = schedule(self.progress, self.settings.warmup)
        self.optimizer.param_groups[0]["lr"] = self.settings.rate * factor
        self.optimizer.param_groups[1]["lr"] = 4 * self.settings.rate * factor
        loss = self.loss(*drawn)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([*self.network.parameters(), *self.guess.parameters()], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        return float(loss.detach())

    def loss(self, group: Sequence[int], rng: np.random.Generator) -> Tensor:
        """Return the mean cross-entropy of what is hidden in the rows of ``group``."""
        ids, targets, mask, wanted = self.hidden(group, rng)
        chosen = wanted != _UNKNOWN
        with torch.autocast("cpu", torch.bfloat16, enabled=self.settings.bfloat16):
            states = self.network.states(ids, targets, (1.0 - mask.float())[:, None, None, :] * -1e4)
            logits = self.guess(states[chosen])
        return functional.cross_entropy(logits.float(), wanted[chosen])

    def hidden(self, group: Sequence[int], rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return token ids with some hidden, mention ids, mask, and what to guess, each (n, length)."""
        rows = [self.rows[i] for i in group]
        longest = -(-max(len(ids) for ids, _ in rows) // _MULTIPLE) * _MULTIPLE
        ids, targets, mask = (np.zeros((len(rows), longest), kind) for kind in (np.int64, np.int64, np.bool_))
        for row, (tokens, marked) in enumerate(rows):
            ids[row, : len(tokens)], targets[row, : len(tokens)], mask[row, : len(tokens)] = tokens, marked, True
        prefix = len(self.encoder.prefix)
        free = mask & (ids != self.encoder.end)
        free[:, :prefix] = False
        chosen = free & (rng.random(ids.shape) < self.settings.hidden)
        chosen[0, prefix] = True  # never none
        wanted = np.where(chosen, ids, _UNKNOWN)
        fate = rng.random(ids.shape)
        others = rng.choice(ids[free], ids.shape)
        seen = np.where(fate < 1 - 2 * _KEPT, self.encoder.mask, np.where(fate < 1 - _KEPT, others, ids))
        tensors = (np.where(chosen, seen, ids), targets, mask, wanted)
        first, second, third, fourth = map(torch.from_numpy, tensors)
        return first, second, third, fourth

    def _save(self) -> None:
        state: dict[str, Any] = {
            "network": self.network.state_dict(),
            "average": {},
            "guess": self.guess.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "counters": (self.elapsed, self.steps, self.round, self.position),
            "settings": asdict(self.settings),
            "generator": torch.get_rng_state(),
        }
        write_checkpoint(state, self.run_directory)

    def _resume(self) -> None:
        state, self._resumed = self._resumed, None
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.guess.load_state_dict(state["guess"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.elapsed, self.steps, self.round, self.position = state["counters"]
        torch.set_rng_state(state["generator"])
        log.info("resumed at step %d, %.1f min", self.steps, self.elapsed / 60)


def _texts(data: Path) -> list[str]:
    """Return the texts of the training split and of the pool, if there is one."""
    pool = pool_path(data)
    return read_corpus(corpus_path(data, "train")).texts + ([] if pool is None else read_texts(pool))


def _groups(order: Ints, lengths: Ints, tokens: int) -> list[list[int]]:
    groups: list[list[int]] = [[]]
    longest = 0
    for i in order.tolist():
        longest = max(longest, int(lengths[i]))
        if groups[-1] and longest * (len(groups[-1]) + 1) > tokens:
            groups.append([])
            longest = int(lengths[i])
        groups[-1].append(i)
    return groups
