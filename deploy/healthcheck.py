"""Asks the service in this container whether it is ready; exits 0 if so. Needs nothing but Python itself."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    """Return the exit status."""
    port = os.environ.get("STANDPOINT_PORT") or os.environ.get("PORT") or "8000"
    # The service is our own and local: a proxy meant for other traffic must not come between.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/readyz", timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except urllib.error.URLError as error:
        print(f"not ready: {error.reason}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
