"""Asks the service in this container whether it is ready; exits 0 if so. Needs nothing but Python itself."""

from __future__ import annotations

import http.client
import os
import sys
import urllib.request

_ANY = "0.0.0.0"  # noqa: S104 - compared, not listened on
_LOCAL = "127.0.0.1"


def main() -> int:
    """Return the exit status."""
    port = os.environ.get("STANDPOINT_PORT") or os.environ.get("PORT") or "8000"
    host = os.environ.get("STANDPOINT_HOST") or _ANY
    # The service is our own and local: a proxy meant for other traffic must not come between.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{_LOCAL if host == _ANY else host}:{port}/readyz", timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except (OSError, http.client.HTTPException) as error:  # also what urllib raises for a status like 503
        print(f"not ready: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
