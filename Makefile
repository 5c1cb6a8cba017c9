# Two commands for a fresh machine with Python >= 3.11: `make report` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: help report test test-all lint lab lock rules coverage bench pictures clean

help:
	@echo "make report   run the main job on the returns in data/raw and say where the page is"
	@echo "make test     all tests"
	@echo "make lint     ruff and mypy"
	@echo "make lab      open the notebooks in JupyterLab"
	@echo "make coverage what the rules notice, into docs/rules-coverage.md"
	@echo "make bench    what a run costs, as ratios (half an hour)"
	@echo "make lock     renew requirements.txt from pyproject.toml"
	@echo "make rules    renew docs/rules.md from expectations/"
	@echo "make pictures what is made looks like, into docs/pictures and docs/pages.md"
	@echo "make clean    remove what was made in data/processed"

report: $(STAMP)
	$(BIN)/chunfeng run --all

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lab: $(STAMP)
	$(BIN)/jupyter lab --notebook-dir=. notebooks/explore.ipynb

# Names, versions and hashes for every platform; no address of a package index.
lock: $(STAMP)
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra dev --extra notebook --extra cluster \
	  --generate-hashes --no-header --no-annotate --quiet \
	  --output-file requirements.txt pyproject.toml

# The list of rules that a reviewer reads.
rules: $(STAMP)
	$(BIN)/python docs/make_rules.py

coverage: $(STAMP)
	$(BIN)/chunfeng doctor rules --made-up --write docs/rules-coverage.md

# What a run costs, as ratios; half an hour on an otherwise idle machine. The country's units come
# from the public division tables in ../shared/divisions.
bench: $(STAMP)
	$(BIN)/python benchmarks/waiting.py
	$(BIN)/python benchmarks/reports.py
	$(BIN)/python benchmarks/national.py

pictures: report
	$(BIN)/chunfeng returns --due 2023-03-01 --region 370113
	$(BIN)/python docs/make_pictures.py

clean:
	find data/processed -mindepth 1 ! -name .gitkeep -delete

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; try: make report PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)
