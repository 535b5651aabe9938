# The two commands are `make app` and `make test`; `make` alone lists the rest.
# Written for GNU make 3.81 and newer (macOS ships 3.81) and a plain POSIX shell.

SHELL := /bin/sh
VENV := .venv
VENV_JAX := .venv-jax
RUN := $(VENV)/bin/python
UV ?= uv

# Only what the lock names by hash is installed. Mirrors and proxies of your own pip settings stay in force; a
# "user = true" there would stop pip inside a virtual environment, so that one setting is switched off.
PIP_INSTALL := PIP_USER=0 $(RUN) -m pip install --disable-pip-version-check --require-hashes

# Tried by running it, because a shim can be on the path and fail, and some systems part venv from Python.
# Plain `python3` first: it is the one its owner chose. Name another with `make app PYTHON=/path/to/python3.12`.
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11)
FITS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.DEFAULT_GOAL := help
.PHONY: help app test test-all test-jax lint fix bench quality translations lock clean

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

app: $(VENV)/.app-installed  ## install what is needed, serve the app on the next free port, open the browser
	@$(RUN) app.py --open

# A worker a core, and a file's tests all in one, because its fixtures (a browser, a trained poet) are made once a file.
# Files in their own order: files of few tests are the longest here, and xdist would keep those for the end.
SIDE_BY_SIDE := --numprocesses logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder

test: lint  ## lint, types, direction of imports, every test but the slow ones
	$(RUN) -m pytest -m "not slow" $(SIDE_BY_SIDE)

test-all: lint  ## the same with the slow proofs (many minutes)
	$(RUN) -m pytest -m "not slow" $(SIDE_BY_SIDE)
	$(RUN) -m pytest -m slow

test-jax: $(VENV_JAX)/.installed  ## train on JAX instead of TensorFlow, in an environment of its own
	KERAS_BACKEND=jax $(VENV_JAX)/bin/python -m pytest -m jax tests/training

lint: $(VENV)/.test-installed  ## lint, format check, types, direction of imports, scripts
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(VENV)/bin/oxlint --quiet --deny-warnings --config poetbot/web/oxlint.json poetbot/web

fix: $(VENV)/.test-installed  ## mend what lint can mend by itself
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

# Not benchmarks: held_out and pytorch serve the others, quality_per_minute wants a text, blind_reading and kept want a reader, article,
# baselines and quality make a page, layers makes what the Study tab opens with (benchmarks/README.md).
BENCHES := $(filter-out article baselines blind_reading held_out kept layers pytorch quality quality_per_minute,$(patsubst benchmarks/%.py,%,$(wildcard benchmarks/[a-z]*.py)))

bench: $(VENV)/.bench-installed  ## run every benchmark (some hours); see benchmarks/README.md
	@missed=; for bench in $(BENCHES); do \
	  echo "== $$bench"; $(RUN) -m "benchmarks.$$bench" || missed="$$missed $$bench"; \
	done; [ -z "$$missed" ] || { echo "missed a bar:$$missed" >&2; exit 1; }

quality: $(VENV)/.test-installed  ## write docs/quality.md: how good the bundled poets are, beside other models
	$(RUN) -m benchmarks.quality --out docs/quality.md

translations: $(VENV)/.app-installed  ## bring the translations up to date with the code; LANGUAGE=fr begins a new one
	$(RUN) -m poetbot.locale.update $(LANGUAGE)

# The lock has every version and hash for every platform. requirements.txt is the same list without hashes, for
# Hugging Face Spaces, which adds packages of its own to it: see CONTRIBUTING.md. `make lock UPGRADE=--upgrade` renews.
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate $(UPGRADE)

lock:  ## lock the versions of what pyproject.toml and every requirements-*.in ask for (needs uv)
	@$(UV) --version >/dev/null 2>&1 || { echo "make lock needs uv: install it (for example with 'pipx install uv') and try again." >&2; exit 1; }
	$(COMPILE) pyproject.toml --extra teach --output-file requirements.lock
	@{ echo "# Made from requirements.lock by 'make lock'; without hashes, because Spaces adds to it (CONTRIBUTING.md)."; \
	  sed -e '/^ *--hash=/d' -e 's/ *\\$$//' requirements.lock; } > requirements.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) requirements-jax.in --output-file requirements-jax.txt
	$(COMPILE) requirements-bench.in --output-file requirements-bench.txt

clean:  ## remove caches (.venv, your poets and your runs stay)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find app.py poetbot tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps lie inside the environment and are made last: an install that was cut off is simply done again, and an
# environment that was thrown away takes them with it.
$(VENV)/.app-installed: requirements.lock $(VENV)/.made
	@echo "Installing PoetBot's libraries into $(VENV) (once, and again when requirements.lock changes) ..."
	$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.test-installed: requirements-dev.txt $(VENV)/.app-installed
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# On Linux the registry's PyTorch brings its GPU libraries along. The same version without them, if you have put it
# there, is kept.
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

# An environment that works is kept, whoever made it. One whose Python is gone (an upgrade of the system) is made anew.
$(VENV)/.made: $(if $(wildcard $(RUN)),,anew)
	@if ! $(RUN) -c 'import pip; $(FITS)' >/dev/null 2>&1; then \
	  for python in $(PYTHONS) none; do \
	    if "$$python" -c '$(FITS)' >/dev/null 2>&1; then break; fi; \
	  done; \
	  if [ "$$python" = none ]; then \
	    echo "PoetBot needs Python 3.11, 3.12 or 3.13 with its venv module: install one, or name yours with PYTHON=/path/to/python3." >&2; \
	    exit 1; \
	  fi; \
	  echo "Making $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv --clear $(VENV) || exit 1; \
	fi
	@touch $@

.PHONY: anew
anew:
