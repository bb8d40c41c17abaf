"""One run from several: the mean of their weights.

Runs that went on from the same weights can be averaged: the mean is often better than each (model soups, Wortsman et
al. 2022, https://arxiv.org/abs/2203.05482). Runs that began apart cannot; nothing here can tell.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import torch

from models.encoder import SPELLINGS
from models.errors import StandpointError
from training.encoder.checkpoints import CHECKPOINT, read_checkpoint, write_checkpoint


class AveragingError(StandpointError):
    """Runs that have no mean."""


def average(runs: Sequence[Path], out: Path) -> None:
    """Write a run to ``out`` whose weights are the mean of those of ``runs``; all else is the last one's.

    Raises:
        AveragingError: The runs are of different shapes, or read different spellings, or there is a run in ``out``.
        RunError: One of them is no run.
    """
    if (out / CHECKPOINT).exists():
        raise AveragingError(f"{out}: there is a run already; name another directory")
    states = [read_checkpoint(run) for run in runs]
    weights = [state["network"] | state["average"] for state in states]
    shapes = [{name: value.shape for name, value in named.items()} for named in weights]
    if any(shape != shapes[0] for shape in shapes):
        raise AveragingError("the runs are of networks of different shapes: they have no mean")
    if lacking := [run for run in runs if not (run / SPELLINGS).is_file()]:
        raise AveragingError(f"{lacking[0]}: there is no {SPELLINGS}; a run has the spellings that it froze")
    spellings = {(run / SPELLINGS).read_bytes() for run in runs}
    if len(spellings) > 1:
        raise AveragingError(f"the runs read different spellings: {SPELLINGS} differs")
    mean = {name: torch.stack([named[name] for named in weights]).mean(dim=0) for name in weights[0]}
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(runs[-1] / SPELLINGS, out / SPELLINGS)
    write_checkpoint(states[-1] | {"average": mean}, out)
