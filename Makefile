# The two commands a newcomer needs are `make run` and `make test`. `make help` lists the rest.

PYTHON := $(shell command -v python3.11 || command -v python3 || echo python3)
BIN := .venv/bin
PYTEST := $(BIN)/pytest -q

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-bench run test test-fast journeys postgres check fix docs bench bench-measures bench-tasking bench-identity release

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: ## Make .venv and the lodestar command, from the locked requirements
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

setup-bench:
	@$(PYTHON) scripts/setup.py --bench

run: setup ## Start Lodestar with a demonstration force, at http://127.0.0.1:8000
	@exec $(BIN)/lodestar run

test: setup-dev ## Every test, on SQLite and the same suite on a real PostgreSQL
	@$(BIN)/python scripts/tests.py

test-fast: setup-dev ## The tests that take milliseconds
	@$(PYTEST) -m "not slow and not journey" tests

journeys: setup-dev ## The journeys in a real browser, which also take the pictures in docs/
	@LODESTAR_PICTURES=1 $(PYTEST) -m journey tests

postgres: setup-dev ## Every test on PostgreSQL only
	@$(BIN)/python scripts/postgres.py -- $(PYTEST) tests

check: setup-dev ## Lint, format, types, import contracts, generated docs, deployment settings, migrations
	@$(BIN)/python scripts/check.py

fix: setup-dev ## Mend what can be mended by a tool
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

docs: setup-dev ## Write the generated pages of docs/ again
	@$(BIN)/lodestar docs build

bench: setup-dev ## Measure on this machine and print the table
	@$(BIN)/python -m bench

bench-tasking: setup-bench ## Measure the tasking formula beside its peers: about half an hour
	@$(BIN)/python -m bench.tasking --write

bench-measures: setup-bench ## Measure curves, forecasts and packs beside their peers
	@$(BIN)/python -m bench.measures

bench-identity: setup-bench ## Measure linkage beside its peers: models, live at a million people, undoing, many at once, networks
	@$(BIN)/python -m bench.identity --write
	@$(BIN)/python -m bench.identity.live --write
	@$(BIN)/python -m bench.identity.undoing --people 2000,100000 --write
	@$(BIN)/python -m bench.identity.batch --records 100000,1000000 --write
	@$(BIN)/python -m bench.identity.networks --write
	@$(BIN)/python -m bench.identity.aims

release: check test ## Check and test, then pack the source of this commit
	@$(BIN)/python scripts/release.py
