# Two commands for a bare machine with Python 3.11 or later and make: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCENARIO ?= eastern_flank
POLICY ?= status_quo
REPLICATES ?= 200
# Tests run in as many processes as there are processors.
WORKERS ?= auto

.PHONY: run one play explore test fast most check kernel fuzz constraints site clean

run: $(VENV)/installed
	$(BIN)/python run.py compare $(SCENARIO) --replicates $(REPLICATES)

# A single run: one course of luck under one policy.
one: $(VENV)/installed
	$(BIN)/python run.py run $(SCENARIO) --policy $(POLICY)

# A game that policies play, to look at in a browser and to join; with GAME=flank one for a class.
play: $(VENV)/playing
	$(BIN)/python run.py play $(or $(GAME),--demo)

# The analyst's page, in the browser.
explore: $(VENV)/playing
	$(BIN)/python run.py explore $(SCENARIO)

test: check
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# Tests in layers: first what says where the fault is, within a minute of processor time; then all but the slow ones; then all.
fast: $(VENV)/tested
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow and not whole"

most: $(VENV)/tested
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow"

check: $(VENV)/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# After a change of rules: write what is shipped compiled, so that a newcomer need not compile.
kernel: $(VENV)/installed
	$(BIN)/python run.py cache --refresh

# 10,000 broken files read and 9,000 broken chunks asked for: no traceback, no hang, no message without file and key.
fuzz: $(VENV)/tested
	$(BIN)/python -m benchmarks.broken_files

# The documentation as pages in out/site, to be read offline: out/site/index.html. A warning stops it.
site: $(VENV)/documented
	$(BIN)/sphinx-build --fail-on-warning --keep-going --fresh-env --quiet -c docs -d out/site_kept . out/site

# The releases of everything that a reproducible install takes, with the hashes of their files.
constraints: $(VENV)/tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras --generate-hashes --no-annotate \
		--custom-compile-command "make constraints" pyproject.toml --output-file constraints.txt

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/playing: pyproject.toml $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[play]"
	touch $@

$(VENV)/tested: pyproject.toml $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	touch $@

$(VENV)/documented: pyproject.toml $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	touch $@

clean:
	rm -rf $(VENV) out build *.egg-info .mypy_cache .ruff_cache .pytest_cache
