"""How gunicorn serves Standpoint: ``python -m gunicorn -c service/gunicorn.py``, which is what ``make serve`` does.

gunicorn reads this file by its path and takes its settings from the names defined here
(https://docs.gunicorn.org/en/stable/settings.html).
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from flask import Flask
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

_METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"


def _remove_metrics(owner: int) -> None:
    # Workers, too, come by here when they end.
    if os.getpid() == owner:
        shutil.rmtree(os.environ[_METRICS], ignore_errors=True)


def _prepare_environment() -> None:
    """Set what libraries look at when they are loaded, and so before anything of the project is."""
    # One thread each: the workers already fill the cores, and a pool of threads would not survive the fork.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if _METRICS not in os.environ:
        os.environ[_METRICS] = tempfile.mkdtemp(prefix="standpoint-metrics-")
        atexit.register(_remove_metrics, os.getpid())
    # A reload reads this file again, while the files there are in use.
    if "prometheus_client" not in sys.modules:
        for left_over in Path(os.environ[_METRICS]).glob("*.db"):
            left_over.unlink()


_prepare_environment()

from pydantic import ValidationError  # noqa: E402

from service import Settings, forget_worker, warm_up  # noqa: E402
from service.serving import ServerSettings  # noqa: E402
from service.serving.forks import let_newborns_be_stopped  # noqa: E402
from service.serving.memory import share_one_arena  # noqa: E402
from service.settings import wrong_settings  # noqa: E402

try:
    _server, _settings = ServerSettings(), Settings()
except ValidationError as _error:
    sys.exit(f"standpoint: {wrong_settings(_error)}")

share_one_arena()

wsgi_app = "service.serving.application:load()"
bind = f"{_server.host}:{_server.port}"

worker_class = "service.serving.worker.PatientWorker"
workers = _server.workers
threads = _server.threads
worker_connections = _server.connections
# The model is loaded once, before the workers are forked, and they share its memory.
preload_app = True
# Workers show that they live by touching a file; on a disk that could block them.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn makes an unnamed file
control_socket_disable = True

# A worker is killed when its main loop stands still this long, not when a request takes longer.
timeout = 60
graceful_timeout = _server.grace_seconds
keepalive = 15

limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
# Header fields that gunicorn would let a local proxy put into the environment; none is of use here.
forwarder_headers = ""

# The application logs each request itself, without its query; here gunicorn's own lines take the same form.
accesslog = None
logger_class = "service.serving.logger.EventLogger"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "service.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"gunicorn.error": {"level": _settings.log_level, "handlers": ["stderr"], "propagate": False}},
}


def on_starting(server: Arbiter) -> None:
    """See to it that a worker can be stopped from its first moment on."""
    let_newborns_be_stopped()


def when_ready(server: Arbiter) -> None:
    """Keep the collector off what the workers share: its marks would copy every page of it."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Worker) -> None:
    """Let the worker test itself before it takes requests."""
    warm_up(cast("Flask", worker.wsgi))


def child_exit(server: Arbiter, worker: Worker) -> None:
    """Take a dead worker's gauges out of the metrics."""
    forget_worker(int(worker.pid))
