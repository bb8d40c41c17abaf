from __future__ import annotations

from flask.testing import FlaskClient

from models.labels import HEADS
from models.store import LoadedModel
from service import Settings
from service.responses import ModelCard
from tests.service.conftest import MakeApp


def test_the_card_says_what_the_manifest_says(client: FlaskClient, model: LoadedModel) -> None:
    card = client.get("/v1/model").get_json()
    manifest = model.manifest.model_dump(mode="json")
    assert {name: value for name, value in card.items() if name not in {"sha256", "limits"}} == {
        name: manifest[name] for name in ModelCard.model_fields if name not in {"sha256", "limits"}
    }
    assert card["sha256"] == model.sha256
    assert card["labels"] == {head: list(labels) for head, labels in HEADS.items()}
    assert card["data"]["sha256"] == model.manifest.data.sha256
    assert card["files"]["classifier.joblib"]["sha256"]


def test_the_card_tells_the_limits_in_force(make_app: MakeApp) -> None:
    limits = make_app(max_documents=5).test_client().get("/v1/model").get_json()["limits"]
    settings = Settings(max_documents=5)
    assert limits == {
        name.removeprefix("max_"): getattr(settings, name) for name in Settings.model_fields if name.startswith("max_")
    }
