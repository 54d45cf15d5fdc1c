# Each target sets up what it needs in .venv, which the larger ones extend. `make` alone prints the help.

PYTHON ?= python3
JOBS ?= 2
FIGURES ?=
BENCH ?=

VENV := .venv
BIN := $(VENV)/bin
AUDITORS := .venv-pm4py
CONTESTANTS := .venv-bench
# Errors only: what pip says of the index that this machine uses is not ours to show.
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
MANIFESTS := setup.cfg pyproject.toml

# Test processes import and rewrite the tests: what one has compiled, the next run finds compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Two pips at once in one environment would trip over each other.
.NOTPARALLEL:
.PHONY: help demo test check lint format types layers diagram diagram-fresh translations bench \
	bench-page bench-fresh reliability failover figures figures-fresh pm4py clean

help: ## print this text
	@echo "Usage: make TARGET"
	@echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Each target sets up what it needs in $(VENV), and only that (pm4py in $(AUDITORS),"
	@echo "bench in $(CONTESTANTS)). Settings:"
	@echo "  PYTHON=...   the Python of a new $(VENV), 3.11 or newer (python3)"
	@echo "  JOBS=...     test processes at once ($(JOBS))"
	@echo "  FIGURES=...  the folder where campaigns write their figures (none; docs/figures, docs/benchmarks)"
	@echo "  BENCH=...    the benchmarks to run (all)"

demo: $(VENV)/run.stamp ## a city's portfolio through the whole life of its agreements, told as it goes
	@$(BIN)/lifecycle demo

test: $(VENV)/test.stamp ## the tests, then 100 % branch coverage of states, guards and lifecycle
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --cov --cov-report= --durations=5
	@echo "states, guards and lifecycle, of which the measured tests must cover every branch (tests/measuring.py):"
	@$(BIN)/coverage report --fail-under=100

check: lint types layers diagram-fresh figures-fresh bench-fresh ## lint, types, layers and the freshness of generated pages

lint: $(VENV)/dev.stamp ## ruff, all rules, and its formatting
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: $(VENV)/dev.stamp ## let ruff mend what it can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

types: $(VENV)/dev.stamp ## mypy --strict, tests and benchmarks included
	@$(BIN)/mypy

layers: $(VENV)/dev.stamp ## which way imports point (import-linter)
	@$(BIN)/lint-imports --no-logo

diagram: $(VENV)/run.stamp ## write docs/lifecycle.md from the transition table
	@$(BIN)/python -m states.diagram > docs/lifecycle.md.new || { rm -f docs/lifecycle.md.new; exit 1; }
	@mv docs/lifecycle.md.new docs/lifecycle.md

diagram-fresh: $(VENV)/run.stamp
	@$(BIN)/python -m states.diagram | diff -u docs/lifecycle.md - \
		|| { echo "docs/lifecycle.md is not what the transition table draws: run 'make diagram'." >&2; exit 1; }
	@echo "docs/lifecycle.md is fresh."

translations: $(VENV)/run.stamp ## bring new messages of the public register into its catalogues
	@$(BIN)/python -m tests.catalogues

failover: $(VENV)/test.stamp ## PostgreSQL's primary killed under load, its standby taking over
	@LIFECYCLE_FIGURES=$(FIGURES) $(BIN)/python -m tests.failover

pm4py: $(VENV)/test.stamp $(AUDITORS)/pm4py.stamp ## exported logs replayed on the exported net by pm4py
	@LIFECYCLE_FIGURES=$(FIGURES) $(BIN)/python -m tests.auditors $(AUDITORS)/bin/python

# A plain Python does: it reads files and prints a page.
figures: $(VENV)/python.stamp ## write the figures of docs/reliability.md from docs/figures
	@$(BIN)/python -m tests.figures_page > docs/reliability.md.new || { rm -f docs/reliability.md.new; exit 1; }
	@mv docs/reliability.md.new docs/reliability.md

figures-fresh: $(VENV)/python.stamp
	@$(BIN)/python -m tests.figures_page | diff -u docs/reliability.md - \
		|| { echo "docs/reliability.md is not what docs/figures says: run 'make figures'." >&2; exit 1; }
	@echo "docs/reliability.md is fresh."

bench: $(CONTESTANTS)/bench.stamp ## the benchmarks, as ratios to a bare program and beside other engines
	@LIFECYCLE_FIGURES=$(FIGURES) $(CONTESTANTS)/bin/python benchmarks/run.py $(BENCH)

bench-page: $(VENV)/test.stamp ## write docs/benchmarks.md and docs/scale.md from docs/benchmarks
	@$(BIN)/python -m benchmarks.page

bench-fresh: $(VENV)/test.stamp
	@$(BIN)/python -m benchmarks.page --check
	@echo "docs/benchmarks.md and docs/scale.md are fresh."

reliability: $(VENV)/test.stamp ## the long campaigns that the default test run leaves out
	@LIFECYCLE_FIGURES=$(FIGURES) $(BIN)/python -m pytest -n $(JOBS) --dist worksteal \
		-m "reliability or hypothesis" --hypothesis-profile=reliability --timeout=0 --durations=0

clean: ## remove the environments and everything that builds and checks leave behind
	rm -rf $(VENV) $(AUDITORS) $(CONTESTANTS) build dist *.egg-info .coverage .coverage.* htmlcov .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment, three sizes. A larger one holds the smaller ones, so it stamps them too.
$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		found=$$($(PYTHON) --version 2>&1) || found='not there'; \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is $$found." >&2; \
		echo "Name another one, for example: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV) (once)."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/run.stamp: $(VENV)/python.stamp $(MANIFESTS)
	@echo "Installing what the program needs."
	@$(PIP) install --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/python.stamp $(MANIFESTS)
	@echo "Installing what the tests need."
	@$(PIP) install --editable '.[test]'
	@touch $(VENV)/run.stamp $@

$(VENV)/dev.stamp: $(VENV)/python.stamp $(MANIFESTS)
	@echo "Installing what the checks need."
	@$(PIP) install --editable '.[dev]'
	@touch $(VENV)/run.stamp $(VENV)/test.stamp $@

# pm4py is AGPL: it stands in an environment of its own, and is no dependency of anything here.
$(AUDITORS)/pm4py.stamp: $(VENV)/python.stamp
	@echo "Setting up $(AUDITORS) (once)."
	@rm -rf $(AUDITORS)
	@$(PYTHON) -m venv $(AUDITORS) || { rm -rf $(AUDITORS); exit 1; }
	@$(AUDITORS)/bin/python -m pip -qq --disable-pip-version-check install 'pm4py>=2.7.23,<2.8'
	@touch $@

# Engines to compare with, some of them AGPL or LGPL: in an environment of their own, like pm4py.
$(CONTESTANTS)/bench.stamp: $(VENV)/python.stamp $(MANIFESTS)
	@echo "Setting up $(CONTESTANTS)."
	@test -x $(CONTESTANTS)/bin/python || $(PYTHON) -m venv $(CONTESTANTS)
	@$(CONTESTANTS)/bin/python -m pip -qq --disable-pip-version-check install --editable '.[bench]'
	@touch $@
