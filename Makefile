# Everything a developer or a user of a fresh clone runs; `make` alone says what there is.
PYTHON ?= python3
BIN := .venv/bin
LOCKED := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement
SPREAD := -q -n auto --dist loadscope --no-loadscope-reorder
OWN := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

# A worker in its sandbox may keep no compiled module, so all are compiled before; and where the
# environment forbids Python to keep any, every process would compile anew what it imports.
COMPILED := $(BIN)/python -m compileall -q src
unexport PYTHONDONTWRITEBYTECODE

help:  ## say what each command does
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

demo: .venv/.demo  ## generate a benign operation, run everything, show what was found
	rm -rf demo
	$(COMPILED)
	$(BIN)/clew demo demo

test: .venv/.dev  ## every test, and every example in the docs
	$(COMPILED)
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)

check: lint types imports test  ## all that CI checks

quick: .venv/.dev  ## laws of single modules, known rows of every reader, rules of the code: 90 seconds
	$(COMPILED)
	$(BIN)/python -m pytest $(SPREAD) -m "not slow and not costly" tests/unit tests/rules tests/property tests/golden $(ARGS)

seconds: .venv/.dev  ## run every test, and write anew which modules take long
	-$(BIN)/python -m pytest $(SPREAD) --junitxml .seconds.xml $(ARGS)
	$(BIN)/python tests/seconds.py .seconds.xml

check-long: .venv/.dev  ## the laws on kills, faults, tampering and snapshots at their full volumes: hours
	CLEW_WHOLE=1 CLEW_QUERIES=10000 CLEW_SNAPSHOTS=1000 CLEW_KILLS=200 CLEW_CORRUPTIONS=1000 CLEW_TAMPERS=50 CLEW_MUTANTS=3000 CLEW_FAULTS=$(or $(FAULTS),200) \
	  $(BIN)/python -m pytest -q -m "slow or volume" tests $(ARGS)

lint: .venv/.dev  ## style, docstrings, complexity
	$(BIN)/ruff format --check src tests bench docs
	$(BIN)/ruff check src tests bench docs

types: .venv/.dev  ## static types
	$(BIN)/mypy

imports: .venv/.dev  ## which room may import which
	$(BIN)/lint-imports --no-logo

golden: .venv/.dev  ## write the expected rows anew; then read the diff
	$(BIN)/python -m pytest -q tests/golden --write-golden
	git diff --stat tests/golden

reference: .venv/.dev  ## write the pages that are made from the code
	$(BIN)/python docs/reference.py

docs: .venv/.dev  ## build the documentation
	$(BIN)/python -m sphinx -q -W -b html docs docs/_build

lock:  ## choose versions anew, by name, version and hash
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra demo pyproject.toml -o requirements-demo.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra demo --group dev pyproject.toml -o requirements-dev.txt

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Clew needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv

.venv/.demo: requirements-demo.txt pyproject.toml | .venv/bin/python
	$(LOCKED) requirements-demo.txt
	$(OWN)
	touch $@

.venv/.dev: requirements-dev.txt pyproject.toml | .venv/bin/python
	$(LOCKED) requirements-dev.txt
	$(OWN)
	touch $@

.PHONY: help demo test check quick seconds check-long lint types imports golden reference docs lock
