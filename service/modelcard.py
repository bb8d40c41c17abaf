"""The card of the model served: everything its manifest says, and this service's limits."""

from __future__ import annotations

from models.store import LoadedModel
from service.responses import Limits, ModelCard
from service.settings import Settings


def model_card(model: LoadedModel, settings: Settings) -> ModelCard:
    """Return the body of ``GET /v1/model``."""
    told = {name: getattr(model.manifest, name) for name in ModelCard.model_fields if name not in {"sha256", "limits"}}
    limits = Limits(**{name: getattr(settings, f"max_{name}") for name in Limits.model_fields})
    return ModelCard(sha256=model.sha256, limits=limits, **told)
