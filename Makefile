# Set-up and checks. Everything happens in .venv; nothing but Python 3.11 or newer and make is needed.
.DEFAULT_GOAL := help
PYTHONS := python3.14 python3.13 python3.12 python3.11 python3 python
BIN := .venv/bin
READY := .venv/ready
FAULTS ?= 100
# What Python has compiled is kept, whoever else is told not to: the tests start some hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
DIR ?= /opt/onward

help: ## show what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

chat: $(READY) ## talk to Onward in this terminal
	@$(BIN)/onward chat $(ARGS)

lint: $(READY) ## style, types, import contracts, words
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/onward words check

test: export OPENBLAS_NUM_THREADS := 1
test: lint ## all checks and all tests
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 3
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='dialogs/*' --fail-under=100
	$(BIN)/coverage report --fail-under=95

models: $(READY) ## train the understanding anew from the labelled lines
	$(BIN)/python -m tests.understanding.fit

report: $(READY) ## measure the understanding, and write table and picture into docs/
	$(BIN)/onward understand --report

faults: $(READY) ## the long version of the tests that kill processes
	ONWARD_TEST_KILLS=$(FAULTS) $(BIN)/pytest -m faults --timeout 3600

soak: $(READY) ## an hour of talk while things go wrong, and nothing that grows
	$(BIN)/python -m tests.faults.soak

bench: $(READY) ## speed, beside a named reference
	$(BIN)/python -m tests.benchmarks

lock: $(READY) ## pin all dependencies again, with hashes
	.ci/lock

fuzz: $(READY) ## a million hostile inputs
	$(BIN)/python -m tests.fuzz --inputs 1000000

install: $(READY) ## into DIR (/opt/onward), for a host: without the tools of development
	@wheels=$$(mktemp -d) && trap 'rm -rf "$$wheels"' EXIT && \
	$(BIN)/pip --quiet --disable-pip-version-check download --no-deps --only-binary :all: --require-hashes \
	  --requirement requirements.lock --dest "$$wheels" && \
	$(BIN)/hatchling build --target wheel --directory "$$wheels" && \
	$(BIN)/python -m venv --clear --without-pip $(DIR) && \
	$(BIN)/pip --quiet --disable-pip-version-check --python $(DIR) install --no-index --find-links "$$wheels" \
	  --only-binary :all: 'onward[postgres]'

image: ## build the image with docker or podman, and try it: no rights, no network, nothing to write to but its data
	.ci/image

audit: ## known weaknesses in the locked packages, asked of a public database: needs the network
	@tool=$$(mktemp -d) && trap 'rm -rf "$$tool"' EXIT && python3 -m venv "$$tool" && \
	"$$tool/bin/pip" install --quiet --disable-pip-version-check pip-audit && \
	"$$tool/bin/pip-audit" --requirement requirements.lock --require-hashes --disable-pip

clean: ## remove what was built
	rm -rf .venv .venv-peers dist .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): pyproject.toml requirements.lock
	@python=""; for name in $(PYTHONS); do \
	  if command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    python=$$name; break; fi; done; \
	if [ -z "$$python" ]; then echo "Onward needs Python 3.11 or newer: install it and try again." >&2; exit 1; fi; \
	echo "Setting up in .venv with $$($$python --version) (only needed once; a minute or two)." >&2; \
	$$python -m venv --clear .venv >/dev/null 2>&1 || { echo "Python's venv module is missing: install it (on Debian: python3-venv) and try again." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@

.PHONY: help chat lint test models report faults soak bench lock fuzz install image audit clean
