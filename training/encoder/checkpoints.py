"""Checkpoints of runs: written whole, and read or refused in one line."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, Final

import torch

from models.errors import StandpointError
from training.encoder.network import StanceNetwork, layer_count

CHECKPOINT: Final = "checkpoint.pt"

_PARTS: Final = frozenset({"network", "average", "settings"})


class RunError(StandpointError):
    """A directory holds no run, or not one that can be gone on with in this way."""


def read_checkpoint(run: Path) -> dict[str, Any]:
    """Return the checkpoint of a run.

    Raises:
        RunError: There is none, or it can't be read.
    """
    path = run / CHECKPOINT
    if not path.is_file():
        raise RunError(f"{run}: there is no {CHECKPOINT}; make the run with 'training encoder train --run {run}'")
    try:
        state = torch.load(path, weights_only=True)
    except (OSError, RuntimeError, ValueError, EOFError, KeyError, pickle.UnpicklingError) as error:
        raise RunError(f"{path}: can't be read as a checkpoint; name another run") from error
    if not isinstance(state, dict) or not state.keys() >= _PARTS:
        raise RunError(f"{path}: is no checkpoint of a run; name another run")
    return state


def write_checkpoint(state: dict[str, Any], run: Path) -> None:
    """Write ``state`` as the checkpoint of ``run``; interrupted, it leaves the last one as it was."""
    run.mkdir(parents=True, exist_ok=True)
    scratch = run / "checkpoint.new"
    torch.save(state, scratch)
    scratch.replace(run / CHECKPOINT)


def resumable(run: Path, network: StanceNetwork, part: str, command: str) -> dict[str, Any] | None:
    """Return the checkpoint that a run goes on from, or None where it is new.

    Args:
        run: Directory of the run.
        network: What is to be trained.
        part: A part of the checkpoints of this kind of run that no others have.
        command: What makes the other kind, to be told of it.

    Raises:
        RunError: The checkpoint is of another kind of run, or of another network.
    """
    if not (run / CHECKPOINT).exists():
        return None
    state = read_checkpoint(run)
    if part not in state:
        raise RunError(f"{run}: is a run of '{command}', which this command can't go on with; name another --run")
    mine, its = network.state_dict(), state["network"]
    if {name: value.shape for name, value in mine.items()} != {name: value.shape for name, value in its.items()}:
        raise RunError(
            f"{run}: its network has {layer_count(its)} layers, not {layer_count(mine)}, or is another altogether; "
            "give the --layers or --start that it began with, or name another --run"
        )
    return state
