# `make demo` and `make test` do all their own set-up: they need Python 3.10 or later, git and make.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
export TF_CPP_MIN_LOG_LEVEL ?= 3
export CUDA_VISIBLE_DEVICES ?= -1

.PHONY: demo test fast lint format generated golden clean

demo: $(VENV)/.verify  ## check, fix and prove a copy of the tutorials
	@$(BIN)/python fixtures/demo.py

test: $(VENV)/.dev  ## all tests, those that build models among them
	$(BIN)/python -m pytest -n 2

fast: $(VENV)/.dev  ## the tests that need no TensorFlow
	$(BIN)/python -m pytest -n 2 -m "not keras and not slow"

lint: $(VENV)/.dev  ## ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

generated: $(VENV)/.dev  ## what is made from the code and checked in
	$(BIN)/reglint policy schema > reglint/policy/schema.json
	$(BIN)/reglint rule --all > docs/rules.md

golden: $(VENV)/.dev  ## what `reglint fix` does with the inputs of fixtures/fix: look at the difference
	$(BIN)/python fixtures/golden.py

clean:
	rm -rf $(VENV)

$(VENV)/.pip:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@touch $@

$(VENV)/.verify: $(VENV)/.pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[verify]"
	@touch $@

$(VENV)/.dev: $(VENV)/.verify pyproject.toml
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@
