# Everything a contributor types. `make` alone shows the list; CONTRIBUTING.md says more.
#
#   PORT=8000      where `make run` listens
#   PYTHON=...     another Python (3.11 or newer) for .venv
#   JOBS=2         how many tests at once
#   APT=yes        as root: let set-up install what Debian leaves out

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
JOBS ?= 2

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
QUICK := not server and not prove

.PHONY: help setup run test test-fast check prove bench

help: ## Show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

setup: ## Make .venv with .venv/bin/assent (a second time: nothing to do)
	@tools/setup/venv.sh run

run: setup ## Start a demo marketplace at http://127.0.0.1:8000 (PORT= for another); Ctrl-C stops it
	@exec $(BIN)/assent up --demo --data ./var --port $(PORT)

test: test-setup ## Run every test: on PostgreSQL, in a real browser, on SQLite
	@echo "1 of 3: the tests that use a database, on PostgreSQL"
	@ASSENT_TEST_DATABASE=postgres $(PYTEST) -n $(JOBS) -m "$(QUICK)"
	@echo "2 of 3: the tests that need a running marketplace or a browser"
	@$(PYTEST) -m "server and not prove"
	@echo "3 of 3: all the other tests, on SQLite"
	@$(PYTEST) -n $(JOBS) -m "$(QUICK)"

test-fast: test-env ## Run the tests that need no server and no browser, on SQLite
	@$(PYTEST) -n $(JOBS) -m "$(QUICK)"

CHECKS := check-format check-lint check-imports check-types check-migrations check-docs
check: $(CHECKS) ## Check format, lint, types, import rules, migrations, documentation, house numbers
	@echo "All checks passed."

prove: test-setup ## Gather the slow evidence: fuzzing, long random lives, drills (hours)
	@$(PYTEST) -m prove --hypothesis-profile=prove --timeout=0 || { \
		[ $$? = 5 ] && echo "There is no slow evidence to gather yet: no test is marked 'prove'."; }

bench: test-env ## Run every benchmark as a table of ratios against its baseline
	@if [ -d bench ]; then exec $(BIN)/python -m bench; \
	else echo "There are no benchmarks yet: no folder bench/."; fi

# The parts ---------------------------------------------------------------------------------------

.PHONY: test-env test-setup $(CHECKS)

test-env:
	@tools/setup/venv.sh test

test-setup: test-env
	@$(BIN)/python -m tests.postgres >/dev/null
	@tools/setup/browser.sh

# Reading the settings makes a data folder and keys; the checks' own must not be anyone's.
$(CHECKS): export ASSENT_DATA = $(CURDIR)/.tools/check-data
$(CHECKS): test-env

check-format:
	@$(BIN)/ruff format --check .

check-lint:
	@$(BIN)/ruff check .

check-imports:
	@$(BIN)/lint-imports

check-types:
	@$(BIN)/mypy

check-migrations:
	@DJANGO_SETTINGS_MODULE=assent.config.settings_test \
		$(BIN)/python -m django makemigrations --check --dry-run

check-docs:
	@$(PYTEST) -q $(wildcard tests/test_docs.py) tests/test_tidy.py
