# `make chat` and `make test` are all the set-up there is.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: chat test check install clean

chat: install ## the browser app over the shipped documents
	$(BIN)/footnoted serve

test: install check ## everything that CI runs
	$(BIN)/pytest

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet torch==2.13.0 --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	touch $@

clean:
	rm -rf .venv .footnoted build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
