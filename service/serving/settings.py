"""Settings of the server around the application; like the application's own, read from the environment."""

from __future__ import annotations

from typing import Final

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.serving.cores import usable_cores
from service.settings import PREFIX

MAX_UNSENT: Final = 128 * 2**20
"""Memory that answers may hold while clients are slow to read them, in bytes; past it the slowest are disconnected."""


class ServerSettings(BaseSettings):
    """Settings that only ``gunicorn`` reads; immutable once made."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field(default="0.0.0.0", description="address to listen on")  # noqa: S104 - a container's default
    port: int = Field(
        default=8000,
        ge=0,
        le=65535,
        validation_alias=AliasChoices(f"{PREFIX}PORT", "PORT"),
        description="port to listen on; plain `PORT` works as well, and 0 picks any free port",
    )
    workers: int = Field(
        default_factory=usable_cores, ge=1, description="worker processes; default: one per core of the CPU quota"
    )
    threads: int = Field(
        default=96,
        ge=2,
        description="requests that a worker handles at once. At most half of them may be streams or others whose "
        "clients are still sending; more of these get 429. Keep the other half above `STANDPOINT_MAX_IN_FLIGHT`, so "
        "that overload is answered and health checks get through",
    )
    connections: int = Field(default=500, ge=10, description="connections a worker keeps open, waiting ones included")
    head_seconds: float = Field(default=15, gt=0, description="how long a client may take to send its request's head")
    patience_seconds: float = Field(
        default=30,
        gt=0,
        description="how long a client may stall, neither sending nor reading, before it is disconnected; the slowest "
        f"readers are disconnected sooner where unread answers hold more than {MAX_UNSENT // 2**20} MiB of a worker's "
        "memory",
    )
    drain_seconds: float = Field(
        default=2,
        ge=0,
        description="how long requests are still accepted after SIGTERM, while `/readyz` sends new clients elsewhere",
    )
    grace_seconds: int = Field(
        default=30, ge=1, description="how long requests may take to finish after SIGTERM, draining included"
    )
