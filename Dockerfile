# Standpoint: gunicorn, the application and its shipped models. See compose.yaml and deploy/kubernetes.yaml.

ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
COPY requirements/runtime.txt /tmp/runtime.txt
# Wheels only, so no compiler; the libraries' own tests and the installer are of no use later.
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r /tmp/runtime.txt \
    && /opt/venv/bin/pip uninstall --yes --quiet pip setuptools \
    && find /opt/venv/lib -type d -name tests -prune -exec rm -r {} +

FROM ${BASE}
ARG VERSION=development
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Standpoint" \
      org.opencontainers.image.description="Stance, voice and framing of news paragraphs, as JSON" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORT=8000
RUN groupadd --gid 10001 standpoint \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin standpoint
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY LICENSE NOTICE ./
COPY deploy/healthcheck.py ./
COPY models models
COPY service service
RUN python -m compileall -q models service
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-I", "/app/healthcheck.py"]
CMD ["python", "-m", "gunicorn", "-c", "service/gunicorn.py"]
