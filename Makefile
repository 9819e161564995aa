# Needs python3 (3.11 or newer), pip, git and make. Everything is installed into .venv.

PYTHON ?= python3
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml constraints.txt
PIP_INSTALL := -m pip install -qq --disable-pip-version-check --constraint constraints.txt

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SECONDARY:
.PHONY: help reproduce test test-slow lint format types docs bench wheel-test clean distclean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

reproduce: $(VENV)/.munu ## print Table II of arXiv:1905.03750, published and computed
	@$(BIN)/munu reproduce table2

test: $(VENV)/.munu-test ## run the tests (WORKERS=2 processes)
	@$(BIN)/python -m pytest --numprocesses $(WORKERS)

test-slow: $(VENV)/.munu-test ## run the slow tests: 2,000 damaged files, 400 experiments against brute force
	@MUNU_BRUTE_FORCE=400 $(BIN)/python -m pytest --numprocesses $(WORKERS) -m slow
	@MUNU_BRUTE_FORCE=400 $(BIN)/python -m pytest --numprocesses $(WORKERS) tests/statistics/test_brute_force.py

lint: $(VENV)/.munu-lint ## check style and formatting with ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(VENV)/.munu-lint ## repair style and formatting with ruff
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(VENV)/.munu-lint ## check types with mypy, strict
	@$(BIN)/mypy

docs: $(VENV)/.munu-docs ## build the documentation site in docs/_build/html
	@echo "munu: building the documentation; pages run what they show, which takes about ten minutes"
	@$(BIN)/sphinx-build --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "munu: open docs/_build/html/index.html"

bench: $(VENV)/.munu-test ## measure speed against the NumPy floors (benchmarks/README.md)
	@$(BIN)/python -m pytest benchmarks --benchmark-enable

wheel-test: $(VENV)/.munu ## install the built wheel in an empty environment, print Table II
	@echo "munu: testing the built wheel in an empty environment"
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	$(BIN)/python -m pip wheel -qq --disable-pip-version-check --no-deps --wheel-dir "$$scratch" .; \
	$(call make-environment,"$$scratch/env"); \
	"$$scratch/env/bin/python" $(PIP_INSTALL) "$$scratch"/munu-*.whl; \
	cd "$$scratch"; env/bin/munu reproduce table2

clean: ## remove what building and testing leave behind
	@rm -rf build dist docs/_build docs/_generated docs/api/modules docs/commands/pages docs/auto_examples .hypothesis .pytest_cache .mypy_cache .ruff_cache .benchmarks
	@find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## clean, and remove .venv
	@rm -rf $(VENV)

# Debian splits ensurepip from Python; the machine's own pip can then fill the environment.
define make-environment
	if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
		$(PYTHON) -m venv $(1); \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then \
		$(PYTHON) -m venv --without-pip $(1); \
		$(PYTHON) -m pip -qq --disable-pip-version-check --python $(1)/bin/python install pip; \
	elif $(PYTHON) -c 'import virtualenv' 2>/dev/null; then \
		$(PYTHON) -m virtualenv --quiet $(1); \
	else \
		echo "munu: $(PYTHON) has neither ensurepip, pip nor virtualenv: install python3-venv" >&2; \
		exit 1; \
	fi
endef

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "munu: no $(PYTHON) found: install Python 3.11 or newer, or name one: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "munu: $(PYTHON) is $$($(PYTHON) -V 2>&1), Python 3.11 or newer is needed: make PYTHON=..." >&2; exit 1; }
	@echo "munu: making $(VENV) with $$($(PYTHON) -V)"
	@$(call make-environment,$(VENV))

$(VENV)/.munu: $(SOURCES) | $(BIN)/python
	@echo "munu: installing the package and what it needs into $(VENV)"
	@$(BIN)/python $(PIP_INSTALL) --editable .
	@$(BIN)/python -m compileall -q src/munu
	@touch $@

$(VENV)/.munu-%: $(SOURCES) | $(BIN)/python
	@echo "munu: installing the package and its $* tools into $(VENV)"
	@$(BIN)/python $(PIP_INSTALL) --editable '.[$*]'
	@$(BIN)/python -m compileall -q src/munu
	@touch $(VENV)/.munu $@
