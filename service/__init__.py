"""The service: classification over HTTP and on the command line.

``flask --app service run`` or any WSGI server with ``service.wsgi:app`` serves it; :func:`create_app` makes an
application of one's own. A server that stops its workers gently calls :func:`drain` first, and one that replaces them
calls :func:`forget_worker` for each that died; :func:`warm_up` spares the first clients of a worker their wait.
"""

from __future__ import annotations

from service.app import create_app, drain, warm_up
from service.metrics import forget_worker
from service.settings import Settings

__all__ = ["Settings", "create_app", "drain", "forget_worker", "warm_up"]
