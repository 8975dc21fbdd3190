# Convscope: `make run` and open the address it prints.

PYTHON ?= python3
PORT ?= 8501

venv := .venv/bin/python
pip := $(venv) -m pip --disable-pip-version-check install --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test matrix shots bench clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo "  variables: PYTHON=$(PYTHON) (3.11 to 3.13), PORT=$(PORT) (of make run)"

run: .venv/app.stamp ## serve the app on http://localhost:8501 (this machine only)
	$(venv) -m streamlit run app.py --server.address=127.0.0.1 --server.port=$(PORT)

test: .venv/dev.stamp ## check the style, then run every test
	$(venv) -m ruff check
	$(venv) -m tests.browser.chromium --install
	$(venv) -m pytest --numprocesses=3 --dist=worksteal -m "not matrix"

matrix: .venv/dev.stamp ## run the full matrices: many settings of what `make test` tries a few of
	$(venv) -m tests.browser.chromium --install
	$(venv) -m pytest --numprocesses=3 --dist=worksteal -m matrix

shots: .venv/dev.stamp ## write a screenshot of every page to shots/
	$(venv) -m tests.browser.chromium --install
	$(venv) -m tests.browser.shots

bench: .venv/bench.stamp ## measure the speed of the core and of the app
	$(venv) -m tests.browser.chromium --install
	$(venv) -m benchmarks.bench_core
	$(venv) -m benchmarks.bench_app

clean: ## remove what the other targets made
	rm -rf .venv .pytest_cache .hypothesis .ruff_cache shots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than the requirements it stands for, so pip runs only after a change.
.venv/app.stamp: requirements.txt .venv/pyvenv.cfg
	@echo "installing requirements.txt into .venv (about 600 MB; a minute or two the first time)"
	$(pip) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt requirements.txt .venv/pyvenv.cfg
	@echo "installing requirements-dev.txt into .venv (about 1 GB; a few minutes the first time)"
	$(pip) -r requirements-dev.txt
	@touch $@

.venv/bench.stamp: requirements-bench.txt .venv/dev.stamp
	@echo "installing requirements-bench.txt into .venv (about 1 GB more)"
	$(pip) -r requirements-bench.txt
	@touch $@

.venv/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Convscope needs Python 3.11 to 3.13, and there is no '$(PYTHON)' here. Install one, or name yours: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Convscope needs Python 3.11 to 3.13, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name a newer one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
