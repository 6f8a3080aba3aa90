# make segments: everything from nothing, on the built-in sample. make help: the rest.
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Where it is set, each of the hundreds of processes of the tests would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help segments test lint format sentences lock ui serve clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

segments: .venv/runtime ## sweep, segments and report on the built-in synthetic sample
	$(BIN)/python train.py -m 'k=range(2,11)' report=true

test: .venv/development ## the whole test suite
	$(BIN)/python -m pytest -n auto --dist loadgroup

lint: .venv/development ## formatting, lint, types and the order of the rooms, checked only
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/development ## formatting and safe lint fixes, written
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

sentences: .venv/development ## the catalogues take in what the pages say, and drop what they say no more
	$(BIN)/pybabel -q extract -F pyproject.toml --no-default-keywords -k message -k say -k say_html -k say_count:1,2 -k sayCount:1,2 --add-location=file --sort-by-file -o sentences.pot src/tiktok_segments
	for catalogue in src/tiktok_segments/language/*.po; do \
	  $(BIN)/pybabel -q update -i sentences.pot -o $$catalogue -l $$(basename $$catalogue .po) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || exit 1; done
	rm sentences.pot

# For every platform and every Python from 3.11 on; each file of a package by its SHA-256.
lock: .venv/runtime ## requirements*.lock, after a change of requirements*.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	for name in requirements requirements-server requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-header --no-emit-index-url $$name.txt --output-file $$name.lock || exit 1; done

ui: .venv/runtime ## MLflow's user interface on http://127.0.0.1:5000; PORT=8080 for another port
	$(BIN)/python scripts/ui.py port=$(or $(PORT),5000)

serve: .venv/runtime ## the champion over HTTP on http://127.0.0.1:5001; PORT=8080 for another port
	$(BIN)/python scripts/serve_model.py port=$(or $(PORT),5001)

clean: ## remove all results: outputs, and MLflow's store with every run and model
	rm -rf outputs mlflow.db mlflow.db-* mlflow.db.*
	find mlruns -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/runtime: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

.venv/development: .venv/runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
