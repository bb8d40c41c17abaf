"""Settings of the server around the application; like the application's own, read from the environment."""

from __future__ import annotations

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.serving.cores import usable_cores
from service.settings import PREFIX


class ServerSettings(BaseSettings):
    """Settings that only ``gunicorn`` reads; immutable once made."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field(default="0.0.0.0", description="address to listen on")  # noqa: S104 - a container's default
    port: int = Field(
        default=8000,
        ge=0,
        le=65535,
        validation_alias=AliasChoices(f"{PREFIX}PORT", "PORT"),
        description="port to listen on; plain `PORT` is read as well, 0 takes any free one",
    )
    workers: int = Field(
        default_factory=usable_cores, ge=1, description="worker processes; without it as many as cores in the CPU quota"
    )
    threads: int = Field(
        default=96,
        ge=2,
        description="requests a worker handles at a time, at most half of them streams and others whose clients are "
        "still sending: more of these get 429; keep the other half above `STANDPOINT_MAX_IN_FLIGHT`, so that overload "
        "is answered and health checks get through",
    )
    connections: int = Field(default=500, ge=10, description="connections a worker keeps open, waiting ones included")
    head_seconds: float = Field(default=15, gt=0, description="how long a client may take to send its request's head")
    patience_seconds: float = Field(
        default=30,
        gt=0,
        description="how long a client may neither send its body nor read its answer, until it is let go; the slowest "
        "are let go sooner where what they have not read holds more than 128 MiB of a worker's memory",
    )
    drain_seconds: float = Field(
        default=2,
        ge=0,
        description="how long after SIGTERM requests are still taken, while `/readyz` sends new clients elsewhere",
    )
    grace_seconds: int = Field(
        default=30, ge=1, description="how long after SIGTERM, draining included, requests may take to finish"
    )
