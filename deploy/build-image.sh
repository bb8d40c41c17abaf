#!/usr/bin/env bash
# Builds the image standpoint:VERSION, also called standpoint:latest, with docker, podman or buildah, whichever is there.
# Usage: deploy/build-image.sh [further arguments of "build"]
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -nE 's/^version = "(.+)"/\1/p' pyproject.toml)
revision=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)

for tool in docker podman buildah; do
    # docker may be a client without an engine, which "info" tells.
    if command -v "$tool" >/dev/null && "$tool" info >/dev/null 2>&1; then
        # The docker format keeps the HEALTHCHECK, which OCI's has no place for.
        format=()
        [ "$tool" = docker ] || format=(--format docker)
        exec "$tool" build "${format[@]}" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
            --tag "standpoint:$version" --tag standpoint:latest "$@" .
    fi
done
echo "deploy/build-image.sh: needs docker, podman or buildah" >&2
exit 1
