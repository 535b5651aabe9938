# The two commands are `make app` and `make test`; `make` alone lists the rest.
# Written for GNU make 3.81 and newer (macOS ships 3.81) and a plain POSIX shell.

SHELL := /bin/sh
VENV := .venv
VENV_JAX := .venv-jax
VENV_CLUSTER := .venv-cluster
RUN := $(VENV)/bin/python
UV ?= uv

# Installs only what the lock names by hash. Mirrors and proxies in your own pip settings still apply; only "user = true" is
# overridden, because pip refuses it inside a virtual environment.
PIP_INSTALL := PIP_USER=0 $(RUN) -m pip install --disable-pip-version-check --require-hashes

# Each is tried by running it, because a shim on the path may fail, and some systems package venv separately.
# Plain `python3` comes first: it is the one that the user chose. Name another with `make app PYTHON=/path/to/python3.12`.
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11)
FITS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.DEFAULT_GOAL := help
.PHONY: help app test test-all test-jax test-cluster demo-cluster test-pythons lint fix bench quality translations lock release-check clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

app: $(VENV)/.app-installed  ## install what is needed, start the app on a free port, and open the browser
	@$(RUN) app.py --open

# One worker per core. All tests of a file run in one worker, because they share fixtures (a browser, a trained poet).
# xdist would run files with few tests last, and those take longest here.
SIDE_BY_SIDE := --numprocesses logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder

test: lint  ## lint, and run all tests except the slow ones
	$(RUN) -m pytest -m "not slow" $(SIDE_BY_SIDE)

test-all: lint  ## run the slow tests as well (many minutes), with more random examples, and those of a small cluster
	$(RUN) -m pytest -m "not slow" --hypothesis-profile=more $(SIDE_BY_SIDE)
	$(RUN) -m pytest -m slow --hypothesis-profile=more
	$(MAKE) test-cluster

test-jax: $(VENV_JAX)/.installed  ## test training on JAX, in .venv-jax without TensorFlow
	KERAS_BACKEND=jax $(VENV_JAX)/bin/python -m pytest -m jax tests/training

test-cluster: $(VENV_CLUSTER)/.installed  ## test a small Ray cluster on this machine, in .venv-cluster
	$(VENV_CLUSTER)/bin/python -m pytest -m cluster

GIGABYTES := 3
demo-cluster: $(VENV_CLUSTER)/.installed  ## show a Ray cluster on this machine with 3 GB of text; GIGABYTES=0.1 takes less
	$(VENV_CLUSTER)/bin/python -m benchmarks.cluster --gigabytes $(GIGABYTES)

lint: $(VENV)/.test-installed  ## check style, formatting, types, import directions and scripts
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(VENV)/bin/oxlint --quiet --deny-warnings --config poetbot/web/oxlint.json poetbot/web

fix: $(VENV)/.test-installed  ## fix what can be fixed automatically
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

# Left out: cluster is `make demo-cluster`; figures, held_out and pytorch are parts of others, all runs others, quality_per_minute needs a text, blind_reading, blind_themes and kept need a reader; article,
# baselines and quality write a page, average a poet, layers what the Study tab shows first, and rhyme_book a table (benchmarks/README.md).
BENCHES := $(filter-out all article average baselines blind_reading blind_themes cluster figures held_out kept layers pytorch quality quality_per_minute rhyme_book,$(patsubst benchmarks/%.py,%,$(wildcard benchmarks/[a-z]*.py)))

bench: $(VENV)/.bench-installed  ## run all benchmarks (takes hours; see benchmarks/README.md)
	@missed=; for bench in $(BENCHES); do \
	  echo "== $$bench"; $(RUN) -m "benchmarks.$$bench" || missed="$$missed $$bench"; \
	done; [ -z "$$missed" ] || { echo "missed a bar:$$missed" >&2; exit 1; }

quality: $(VENV)/.test-installed  ## write docs/quality.md, which compares the bundled poets with other models
	$(RUN) -m benchmarks.quality --out docs/quality.md

translations: $(VENV)/.test-installed  ## update the translations from the code; LANGUAGE=fr adds French
	$(RUN) -m poetbot.locale.update $(LANGUAGE)

# The lock has the versions and hashes for all platforms. requirements.txt is the same list without hashes, for
# Hugging Face Spaces, which adds packages of its own (see CONTRIBUTING.md). `make lock UPGRADE=--upgrade` upgrades them.
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate $(UPGRADE)

# A Space adds gradio[mcp], which takes no newer one.
FOR_SPACES := pydantic<=2.12.5

lock:  ## lock the versions of pyproject.toml and requirements-*.in (needs uv)
	@$(UV) --version >/dev/null 2>&1 || { echo "make lock needs uv: install it (for example with 'pipx install uv') and try again." >&2; exit 1; }
	echo '$(FOR_SPACES)' | $(COMPILE) pyproject.toml - --extra teach --output-file requirements.lock
	@{ echo "# Made from requirements.lock by 'make lock'; without hashes, because Spaces adds to it (CONTRIBUTING.md)."; \
	  sed -e '/^ *--hash=/d' -e 's/ *\\$$//' requirements.lock; } > requirements.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) requirements-jax.in --output-file requirements-jax.txt
	$(COMPILE) requirements-cluster.in --output-file requirements-cluster.txt
	$(COMPILE) requirements-bench.in --output-file requirements-bench.txt

release-check:  ## build and inspect a release, then install and use it in an empty environment (needs uv)
	@$(UV) --version >/dev/null 2>&1 || { echo "make release-check needs uv: install it (for example with 'pipx install uv') and try again." >&2; exit 1; }
	UV=$(UV) $(if $(wildcard $(RUN)),$(RUN),python3) .ci/release_check.py

# Each Python has an environment of its own, .venv-3.12 for example. Those that uv doesn't find are left out.
TESTS := tests
VERSIONS := 3.11 3.12 3.13
test-pythons:  ## run the tests on Python 3.11, 3.12 and 3.13, as far as they are installed (needs uv)
	@$(UV) --version >/dev/null 2>&1 || { echo "make test-pythons needs uv: install it (for example with 'pipx install uv') and try again." >&2; exit 1; }
	@failed=; for version in $(VERSIONS); do \
	  python=$$($(UV) python find --no-project --no-python-downloads $$version 2>/dev/null) || { echo "Python $$version isn't installed."; continue; }; \
	  echo "== Python $$version"; \
	  $(UV) venv --quiet --allow-existing --python "$$python" .venv-$$version && \
	  $(UV) pip install --quiet --python .venv-$$version --require-hashes -r requirements.lock -r requirements-dev.txt && \
	  .venv-$$version/bin/python -m pytest -m "not slow" $(SIDE_BY_SIDE) $(TESTS) || failed="$$failed $$version"; \
	done; [ -z "$$failed" ] || { echo "Failed on Python:$$failed" >&2; exit 1; }

clean:  ## delete caches (.venv and your poets stay)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find app.py poetbot tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are files in the environment, created last: an interrupted install is repeated, and deleting the environment
# deletes its stamps.
$(VENV)/.app-installed: requirements.lock $(VENV)/.made
	@echo "Installing PoetBot's libraries into $(VENV) (once, and again when requirements.lock changes) ..."
	$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.test-installed: requirements-dev.txt $(VENV)/.app-installed
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# On Linux the registry's PyTorch comes with GPU libraries. If the same version without them is installed already, it stays.
$(VENV)/.bench-installed: requirements-bench.txt $(VENV)/.test-installed
	@torch=$$($(RUN) -c 'import torch; print(torch.__version__.split("+")[0])' 2>/dev/null); \
	if ! grep -q "^torch==$$torch " requirements-bench.txt; then \
	  echo "Installing PyTorch, which the benchmarks compare with (some GB on Linux) ..."; \
	  $(PIP_INSTALL) -r requirements-bench.txt || exit 1; \
	fi
	@touch $@

$(VENV_JAX)/.installed: requirements-jax.txt $(VENV)/.made
	@echo "Installing JAX and what it needs into $(VENV_JAX) ..."
	$(RUN) -m venv $(VENV_JAX)
	PIP_USER=0 $(VENV_JAX)/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements-jax.txt
	@touch $@

# Ray is laid over the libraries of .venv, which aren't installed twice.
$(VENV_CLUSTER)/.installed: requirements-cluster.txt $(VENV)/.test-installed
	@echo "Installing Ray into $(VENV_CLUSTER) ..."
	$(RUN) -m venv $(VENV_CLUSTER)
	@$(RUN) -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
	  > "$$($(VENV_CLUSTER)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/below.pth"
	PIP_USER=0 $(VENV_CLUSTER)/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements-cluster.txt
	@touch $@

# An environment that works is kept, whoever created it. If its Python is gone (after a system upgrade), it is created again.
$(VENV)/.made: $(if $(wildcard $(RUN)),,anew)
	@if ! $(RUN) -c 'import pip; $(FITS)' >/dev/null 2>&1; then \
	  for python in $(PYTHONS) none; do \
	    if "$$python" -c '$(FITS)' >/dev/null 2>&1; then break; fi; \
	  done; \
	  if [ "$$python" = none ]; then \
	    echo "PoetBot needs Python 3.11, 3.12 or 3.13 with its venv module: install one, or name yours with PYTHON=/path/to/python3." >&2; \
	    exit 1; \
	  fi; \
	  echo "Creating $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv --clear $(VENV) || exit 1; \
	fi
	@touch $@

.PHONY: anew
anew:
