"""The network: MiniLM with three target tokens in front, mention embeddings, and all heads in one pass.

The input is ``[CLS] russia ukraine america [SEP] text [SEP]``. The three target tokens read the text through every
layer; a learned embedding ties each to the mentions of its target, so that the network follows who is meant rather
than which name stands there. One stance head, with one set of weights, serves the three of them: what it learns of
one target holds for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from models.labels import Frame, Narrative, Side, Stance, Target, Voice
from training.encoder.dropout import Dropout

WIDTH: Final = 384
LAYERS: Final = 6
"""Layers of the pretrained encoder; a network may keep the lowest of them alone."""

ATTENTION_HEADS: Final = 12
FROZEN_LAYERS: Final = 1
"""Layers that stay as they were pretrained unless a run thaws them, which saves a ninth of the cost; mentions are
marked above."""

POOL_HEADS: Final = 4
POOL_WIDTH: Final = 48


@dataclass(frozen=True)
class Outputs:
    """Logits of a batch of ``n`` paragraphs; ``hidden`` is (n, 3, 384), what the stance head saw of each target."""

    stance: Tensor
    voice: Tensor
    side: Tensor
    frames: Tensor
    narratives: Tensor
    hidden: Tensor

    def float(self) -> Outputs:
        """Return the same in float32."""
        return Outputs(**{name: value.float() for name, value in vars(self).items()})


class Layer(nn.Module):
    """One post-norm transformer layer, as in BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.attended_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.widened = nn.Linear(WIDTH, 4 * WIDTH)
        self.narrowed = nn.Linear(4 * WIDTH, WIDTH)
        self.narrowed_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the next states, (n, length, 384); ``mask`` is added to attention scores."""
        n, length, _ = states.shape
        shape = (n, length, ATTENTION_HEADS, WIDTH // ATTENTION_HEADS)
        query, key, value = (part.view(shape).transpose(1, 2) for part in self.qkv(states).chunk(3, dim=-1))
        mixed = _attended(query, key, value, mask) if self.training else _fused(query, key, value, mask)
        mixed = mixed.transpose(1, 2).reshape(n, length, WIDTH)
        states = self.attended_norm(states + self.dropout(self.attended(mixed)))
        wide = functional.gelu(self.widened(states))
        result: Tensor = self.narrowed_norm(states + self.dropout(self.narrowed(wide)))
        return result


def _fused(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)


def _attended(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Attend step by step: in bfloat16 on CPUs its gradient costs much less than the fused function's."""
    scores = (query / query.shape[-1] ** 0.5) @ key.transpose(-1, -2) + mask
    return scores.softmax(-1).to(value.dtype) @ value


class TargetPool(nn.Module):
    """Attention pooling for each target over the text, leaning on its own mentions."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, POOL_HEADS * POOL_WIDTH)
        self.key = nn.Linear(WIDTH, POOL_HEADS * POOL_WIDTH)
        self.value = nn.Linear(WIDTH, POOL_HEADS * POOL_WIDTH)
        self.own = nn.Parameter(torch.tensor([1.0, 1.0, 0.0, 0.0]))
        self.other = nn.Parameter(torch.zeros(POOL_HEADS))

    def forward(self, states: Tensor, targets: Tensor, mask: Tensor) -> Tensor:
        """Return (n, 3, 192), one vector a target."""
        n, length, _ = states.shape
        query = self.query(states[:, 1:4]).view(n, 3, POOL_HEADS, POOL_WIDTH).transpose(1, 2)
        key = self.key(states).view(n, length, POOL_HEADS, POOL_WIDTH).permute(0, 2, 3, 1)
        value = self.value(states).view(n, length, POOL_HEADS, POOL_WIDTH).transpose(1, 2)
        own, other = mention_masks(targets)
        scores = query @ key / POOL_WIDTH**0.5 + mask
        scores = scores + own[:, None] * self.own.view(1, -1, 1, 1) + other[:, None] * self.other.view(1, -1, 1, 1)
        pooled: Tensor = scores.softmax(-1) @ value
        return pooled.transpose(1, 2).reshape(n, 3, POOL_HEADS * POOL_WIDTH)


def mention_masks(targets: Tensor) -> tuple[Tensor, Tensor]:
    """Return, as (n, 3, length) of 0 and 1, which tokens are mentions of each target, and of another one."""
    ids = torch.arange(1, 4, device=targets.device).view(1, 3, 1)
    marked = targets[:, None, :]
    own = (marked == ids).float()
    return own, (marked > 0).float() - own


class StanceNetwork(nn.Module):
    """All heads over one pass of the encoder."""

    def __init__(
        self, vocabulary: int = 30522, positions: int = 512, dropout: float = 0.1, layers: int = LAYERS
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(positions, WIDTH)
        self.embedded_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.mentions = nn.Embedding(4, WIDTH)
        self.pool = TargetPool()
        self.target_hidden = nn.Linear(3 * WIDTH + POOL_HEADS * POOL_WIDTH, WIDTH)
        self.stance = nn.Linear(WIDTH, len(Stance))
        self.document_hidden = nn.Linear(2 * WIDTH + len(Target) * WIDTH, WIDTH)
        self.voice = nn.Linear(WIDTH, len(Voice))
        self.side = nn.Linear(WIDTH, len(Side))
        self.frames = nn.Linear(WIDTH, len(Frame))
        self.narratives = nn.Linear(WIDTH, len(Narrative))
        self.news_bias = nn.Parameter(torch.zeros(len(Stance)))
        self.directed = nn.Linear(2 * WIDTH, 5)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.mentions.weight, std=0.02)
        self.thaw(False)

    def thaw(self, thawed: bool = True) -> None:
        """Let the embeddings and the lowest layer learn too, or keep them as they were pretrained."""
        for part in (self.words, self.positions, self.embedded_norm, *list(self.layers)[:FROZEN_LAYERS]):
            part.requires_grad_(thawed)

    def forward(self, ids: Tensor, targets: Tensor, mask: Tensor) -> Outputs:
        """Return logits for token ids, mention ids (0 none, 1–3 as in Target) and mask, each (n, length)."""
        present = mask.float()
        added = (1.0 - present)[:, None, None, :] * -1e4
        return self._heads(self.states(ids, targets, added), targets, present, added)

    def states(self, ids: Tensor, targets: Tensor, added: Tensor) -> Tensor:
        """Return the states of the top layer, (n, length, 384); ``added`` is added to attention scores."""
        states: Tensor = self.embedded_norm(self.words(ids) + self.positions.weight[: ids.shape[1]])
        for number, layer in enumerate(self.layers):
            if number == FROZEN_LAYERS:
                states = states + self.mentions(targets)
            states = layer(states, added)
        return states

    def _heads(self, states: Tensor, targets: Tensor, present: Tensor, added: Tensor) -> Outputs:
        n = states.shape[0]
        own, _ = mention_masks(targets)
        # The target token itself counts as a mention, so that an implied target still has a vector here.
        mentioned = own @ states / own.sum(-1, keepdim=True)
        mean = (present[:, None] @ states)[:, 0] / present.sum(1, keepdim=True)
        first = states[:, 0]
        parts = (states[:, 1:4], mentioned, first[:, None].expand(-1, 3, -1), self.pool(states, targets, added))
        hidden = functional.gelu(self.target_hidden(self.dropout(torch.cat(parts, dim=-1))))
        whole = torch.cat((first, mean, hidden.reshape(n, -1)), dim=-1)
        document = self.dropout(functional.gelu(self.document_hidden(self.dropout(whole))))
        hidden = self.dropout(hidden)
        return Outputs(
            self.stance(hidden),
            self.voice(document),
            self.side(document),
            self.frames(document),
            self.narratives(document),
            hidden,
        )


def layer_count(names: Iterable[str]) -> int:
    """Return how many layers a network has, by the names of its weights."""
    return len({name.split(".")[1] for name in names if name.startswith("layers.")})


def pretrained(weights: Path, dropout: float = 0.1, layers: int = LAYERS) -> StanceNetwork:
    """Return a network whose encoder holds the lowest ``layers`` layers of a BERT-like ``model.safetensors``."""
    network = StanceNetwork(dropout=dropout, layers=layers)
    source = {name.removeprefix("bert."): tensor for name, tensor in load_file(weights).items()}
    state = network.state_dict()
    state["words.weight"] = source["embeddings.word_embeddings.weight"]
    # All tokens are of type 0: its embedding is a constant, folded into the positions.
    token_type = source["embeddings.token_type_embeddings.weight"][0]
    state["positions.weight"] = source["embeddings.position_embeddings.weight"] + token_type
    for part in ("weight", "bias"):
        state[f"embedded_norm.{part}"] = source[f"embeddings.LayerNorm.{part}"]
        for number in range(layers):
            state |= _layer(source, number, part)
    network.load_state_dict(state)
    return network


def _layer(source: dict[str, Tensor], number: int, part: str) -> dict[str, Tensor]:
    old, new = f"encoder.layer.{number}", f"layers.{number}"
    names = {
        "attended": "attention.output.dense",
        "attended_norm": "attention.output.LayerNorm",
        "widened": "intermediate.dense",
        "narrowed": "output.dense",
        "narrowed_norm": "output.LayerNorm",
    }
    qkv = [source[f"{old}.attention.self.{name}.{part}"] for name in ("query", "key", "value")]
    return {f"{new}.qkv.{part}": torch.cat(qkv)} | {
        f"{new}.{ours}.{part}": source[f"{old}.{theirs}.{part}"] for ours, theirs in names.items()
    }
