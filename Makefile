# Running and checking Standpoint; `make help` lists what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
export PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# A set of packages is installed when its stamp is there; the stamp's name holds the lock's digest, so that a changed
# lock is installed anew and an unchanged one costs nothing.
stamp = $(VENV)/.$(1)-$(shell sha256sum requirements/$(1).txt | cut -c1-16)
RUNTIME := $(call stamp,runtime)
DEV := $(call stamp,dev)
BENCH := $(call stamp,bench)
TRAINING := $(call stamp,training)

.PHONY: help
help: ## Show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: serve
serve: $(RUNTIME) ## Serve the shipped model on 0.0.0.0:$PORT (8000)
	@exec $(BIN)/python -m gunicorn -c service/gunicorn.py

.PHONY: test
test: lint types ## Run every check and test
	$(BIN)/python -m pytest

.PHONY: lint
lint: $(DEV) ## Check style and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

.PHONY: types
types: $(DEV) ## Check types
	$(BIN)/mypy

.PHONY: bench
bench: $(BENCH) ## Measure speed and write docs/speed.md
	$(BIN)/python -m benchmarks http
	$(BIN)/python -m benchmarks.terms

.PHONY: image
image: ## Build the container image (with docker, podman or buildah)
	deploy/build-image.sh

.PHONY: training
training: $(TRAINING) ## Install what training needs (PyPI's torch, some gigabytes on Linux)

.PHONY: lock
lock: $(DEV) ## Pin requirements anew, keeping versions that still fit (LOCK_ARGS=--upgrade: newest)
	for set in runtime dev bench training; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			$(LOCK_ARGS) $$([ $$set = bench ] || echo --only-binary :all:) \
			$$([ $$set = runtime ] || echo --constraints requirements/runtime.txt) \
			requirements/$$set.in --output-file requirements/$$set.txt; \
	done

.PHONY: clean
clean: ## Remove the virtual environment and all caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.%:
	@$(PYTHON) -c 'import sys; sys.exit("Standpoint needs Python 3.11 (PYTHON=...), not " + sys.version.split()[0] if sys.version_info[:2] != (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	# Python compiles what is imported when it first is; compiling all of it here would double the wait.
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes $(if $(findstring bench,$*),,--only-binary :all:) \
		--requirement requirements/$(firstword $(subst -, ,$*)).txt
	rm -f $(VENV)/.$(firstword $(subst -, ,$*))-*
	touch $@
