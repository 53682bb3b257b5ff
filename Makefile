# What a person types. `make run` serves the sample region; `make test` proves the program.
.DEFAULT_GOAL := help
.PHONY: help run test lint bench simulate texts screenshots cluster chaos fuzz setup clean

PYTHON ?= python3
PORT ?= 8000
OVOO_STORE ?= var/ovoo.gpkg
export PORT OVOO_STORE

BIN := .venv/bin
READY := .venv/.ready
DEV_READY := .venv/.ready-dev
FRONT := web/static/map/map.js

help: ## What can be made.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(READY) $(FRONT) ## Build the sample region if there is no store, check a file, serve.
	@tools/run

test: $(DEV_READY) $(FRONT) ## Run every test on both stores.
	@tools/test

lint: $(DEV_READY) $(FRONT) ## Style, types, floors, known vulnerabilities.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/audit.py
	cd web/frontend && npm run --silent lint

bench: $(DEV_READY) $(FRONT) ## Measure against peers in one run.
	$(BIN)/python -m bench

simulate: $(DEV_READY) ## Judge thousands of simulated files; tables go into docs/verdicts.md.
	$(BIN)/python tools/simulate

texts: $(DEV_READY) ## The template of the interface's texts, and the catalogues, as the tables are now.
	$(BIN)/ovoo translations --folder web/translations --update

screenshots: $(DEV_READY) $(FRONT) ## The documentation's pictures, from the store of `make run`.
	$(BIN)/python tools/screenshots.py

cluster: $(DEV_READY) ## Three PostgreSQL nodes, etcd and a proxy on this machine, until Ctrl-C.
	$(BIN)/python tools/cluster.py

chaos: $(DEV_READY) ## Kill a server, a primary and a network under load; nothing may be lost.
	OVOO_CHAOS=1 tools/test tests/reliability
	$(BIN)/python tools/chaos.py

fuzz: $(DEV_READY) ## Feed the parsers inputs guided by coverage, FUZZ_S (1200) seconds each, FUZZ_JOBS (1) at a time.
	@$(PYTHON) tools/install.py requirements/fuzz.txt
	$(BIN)/python tools/fuzz.py

setup: $(DEV_READY) $(FRONT) ## Everything that the other targets need.

$(READY): requirements/run.txt pyproject.toml
	@$(PYTHON) tools/install.py requirements/run.txt
	@touch $@

$(DEV_READY): requirements/dev.txt requirements/validator.txt pyproject.toml
	@$(PYTHON) tools/install.py requirements/dev.txt requirements/validator.txt
	@touch $(READY) $@

$(FRONT): $(wildcard web/frontend/package*.json web/frontend/*.ts web/frontend/src/*.ts web/frontend/src/field/*.ts web/frontend/src/*.css)
	@echo "Building the map page (npm)…"
	@cd web/frontend && npm ci --silent --no-audit --no-fund && npm run --silent build

clean: ## Remove what was built; the store in var/ stays.
	rm -rf .venv web/frontend/node_modules web/static/map web/static/front web/static/field build *.egg-info
