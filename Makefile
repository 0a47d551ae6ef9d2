# `make` lists what there is to do. Every command sets up what it needs first; README.md tells more.
#   PYTHON=python3.12   the Python to use          ARGS="…"   goes on to the command
#   GPU=1               TensorFlow with CUDA (GPU=0: back to the processor; left away: as it is)

.PHONY: help setup lab test demo bench lint lock clean
BIN := .venv/bin
PYTHON_GIVEN := $(PYTHON)

# The first Python that fits. If none does, python3 (which then says so), else whatever uv finds or fetches.
fits := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
ifeq ($(PYTHON),)
PYTHON := $(shell \
  for python in python3 python3.13 python3.12 python3.11 python; do \
    $$python -c '$(fits)' 2>/dev/null && echo $$python && exit; \
  done; \
  if ! command -v python3 >/dev/null && command -v uv >/dev/null; \
  then echo uv run --no-project --python 3.12 python; else echo python3; fi)
endif

help: ## list these commands
	@sed -n 's/^\([a-z]*\): .*## /  make \1	/p' Makefile | expand -t 15

setup: ## make .venv, or do nothing if it is up to date
	@command -v $(firstword $(PYTHON)) >/dev/null || \
	  { echo 'There is no "$(PYTHON)". Install Python 3.12, or name one: PYTHON=/path/to/python'; exit 1; }
	@$(PYTHON) helpers/bootstrap.py $(if $(PYTHON_GIVEN),--this-python) $(if $(GPU),$(if $(filter 0,$(GPU)),--cpu,--gpu))

lab: setup ## open the workshop in JupyterLab
	@$(BIN)/workshop lab $(ARGS)

test: setup ## run every check and test, notebooks included (ARGS="ruff mypy": those parts)
	@$(BIN)/python tests/run.py $(ARGS)

demo: setup ## an instructor's whole cycle on a simulated class
	@$(BIN)/workshop demo $(ARGS)

bench: setup ## how fast a class is graded, beside plain nbgrader (ARGS="02 --students 12")
	@$(BIN)/python -m tests.benchmarks.grading $(ARGS)

lint: setup ## the quick checks of the code alone
	@$(BIN)/python tests/run.py ruff mypy

# Pins every package, for all systems and Pythons at once. Versions stay as they are where they still fit;
# UPGRADE=1 takes the newest of all. The second lock differs in TensorFlow's build alone.
compile = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  $(if $(UPGRADE),--upgrade) --extra postgresql --extra test pyproject.toml
lock: ## pin the packages anew after a change in pyproject.toml (needs uv; UPGRADE=1: newest versions)
	$(compile) --extra cpu --output-file requirements.lock >/dev/null
	$(compile) --extra gpu --constraint requirements.lock --output-file requirements-gpu.lock >/dev/null

clean: ## remove .venv and what tests left behind (data and grades stay)
	rm -rf .venv .venv.lock artefacts .mypy_cache .pytest_cache .ruff_cache .hypothesis
