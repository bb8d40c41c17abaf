"""Dockerfile, compose file and Kubernetes manifest agree with each other and with the application."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from benchmarks.server import ROOT, Server
from service.serving import ServerSettings
from service.settings import PREFIX, Settings

DOCKERFILE = (ROOT / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def kubernetes() -> dict[str, Any]:
    documents = yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text())
    return {document["kind"]: document for document in documents}


@pytest.fixture(scope="module")
def pod(kubernetes: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = kubernetes["Deployment"]["spec"]["template"]["spec"]
    return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["standpoint"]
    return found


def environment(container: dict[str, Any]) -> dict[str, str]:
    return {variable["name"]: variable["value"] for variable in container["env"]}


def instruction(name: str) -> str:
    """Return the last of the Dockerfile's instructions of this name."""
    return re.findall(rf"^{name}\s+(.+)$", DOCKERFILE, re.MULTILINE)[-1]


def test_the_user_is_the_images(pod: dict[str, Any]) -> None:
    user, group = map(int, instruction("USER").split(":"))
    assert user >= 10000
    assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsGroup"]) == (user, group)
    assert pod["securityContext"]["runAsNonRoot"] is True


def test_the_port_is_the_same_everywhere(
    kubernetes: dict[str, Any], pod: dict[str, Any], compose: dict[str, Any]
) -> None:
    [container] = pod["containers"]
    port = int(instruction("EXPOSE"))
    assert f"PORT={port}" in DOCKERFILE
    assert ServerSettings.model_fields["port"].default == port
    assert [entry["containerPort"] for entry in container["ports"]] == [port]
    assert environment(container)["PORT"] == str(port)
    assert kubernetes["Service"]["spec"]["ports"][0]["targetPort"] == container["ports"][0]["name"]
    assert compose["ports"] == [f"${{PORT:-{port}}}:{port}"]


def test_probes_ask_for_paths_that_answer(pod: dict[str, Any]) -> None:
    [container] = pod["containers"]
    paths = {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert paths == {"startupProbe": "/readyz", "readinessProbe": "/readyz", "livenessProbe": "/livez"}
    assert "/readyz" in (ROOT / "deploy/healthcheck.py").read_text()
    with Server({f"{PREFIX}WORKERS": "1"}) as server:
        assert {server.get(path)[0] for path in paths.values()} == {200}


def test_selectors_select(kubernetes: dict[str, Any]) -> None:
    labels = kubernetes["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert kubernetes["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert kubernetes["Service"]["spec"]["selector"] == labels
    assert kubernetes["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels


def test_nothing_can_be_written_but_temporary_files(pod: dict[str, Any], compose: dict[str, Any]) -> None:
    [container] = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]
    assert compose["read_only"] is True
    assert compose["tmpfs"] == ["/tmp"]


def test_requests_may_finish_before_the_end(pod: dict[str, Any], compose: dict[str, Any]) -> None:
    [container] = pod["containers"]
    grace = int(environment(container)["STANDPOINT_GRACE_SECONDS"])
    assert pod["terminationGracePeriodSeconds"] > grace > float(environment(container)["STANDPOINT_DRAIN_SECONDS"])
    default = ServerSettings.model_fields["grace_seconds"].default
    assert int(compose["stop_grace_period"].removesuffix("s")) > default


def test_no_service_of_the_cluster_speaks_into_the_settings(kubernetes: dict[str, Any], pod: dict[str, Any]) -> None:
    assert kubernetes["Service"]["metadata"]["name"] == "standpoint"  # whose port would be STANDPOINT_PORT
    assert pod["enableServiceLinks"] is False


def test_files_of_streams_fit_into_the_pods_room(pod: dict[str, Any]) -> None:
    [container] = pod["containers"]
    [volume] = pod["volumes"]
    assert volume["emptyDir"]["sizeLimit"] == "1Gi"
    workers = int(container["resources"]["limits"]["cpu"])
    assert workers * Settings.model_fields["streams_ahead_bytes"].default < 2**30


def test_every_variable_is_a_setting(pod: dict[str, Any], compose: dict[str, Any]) -> None:
    known = {f"{PREFIX}{name.upper()}" for model in (Settings, ServerSettings) for name in model.model_fields}
    [container] = pod["containers"]
    assert environment(container).keys() | compose["environment"].keys() <= known | {"PORT"}


def test_compose_serves_the_default_model(compose: dict[str, Any]) -> None:
    default = Settings.model_fields["model"].default
    assert compose["environment"]["STANDPOINT_MODEL"] == f"${{STANDPOINT_MODEL:-{default}}}"


def test_the_image_gets_what_the_dockerfile_copies() -> None:
    sources = " ".join(re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)).split()
    allowed = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert sorted(sources) == sorted(allowed)
    assert all((ROOT / source).exists() for source in sources)
