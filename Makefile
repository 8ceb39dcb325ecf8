# `make` alone lists the commands. Everything runs from this folder, with what `make setup` put into it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The Python from which `.venv` is made; empty: whichever starts.
PYTHON ?=
# A file's tests stay together: they share what they have started. In the files' own order, which has the long ones
# of the engine early: a long one at the end would leave the other workers idle.
TEST_WORKERS = --numprocesses 6 --dist loadfile --no-loadscope-reorder
RUNS ?= 300
SEED ?= 1

export PATH := $(CURDIR)/.engine/bin:$(CURDIR)/.venv/bin:$(PATH)
# Many containers set it; each of the processes of each command would then compile this project's sources again.
unexport PYTHONDONTWRITEBYTECODE

SETUP = tools/setup.sh "$(PYTHON)"
# Without HOME (some containers, systemd): bash then knows the home of the user.
ifeq ($(HOME),)
export HOME := $(shell echo ~)
endif

.PHONY: help setup up down test check lint format types chaos bench review lock vendor pages clean python-only

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## Python packages into .venv, the Pulumi engine into .engine (once; afterwards instant)
	@$(SETUP)

python-only:
	@$(SETUP) --python-only

up: setup ## Local AWS, `pulumi up` with both policy packs, the running task as a table
	@tools/stack.sh up

down: ## Destroy the stack and stop the local AWS; harmless when nothing runs
	@tools/stack.sh down

test: setup ## Everything: setup, lint, layers, types, every test (the engine's too)
	@tools/phase.sh lint ruff check .
	@tools/phase.sh format ruff format --check .
	@tools/phase.sh layers tools/layers.sh
	@pytest tests $(TEST_WORKERS)

check: python-only ## The fast part, without the engine: lint, format, layers, types, unit tests
	@tools/phase.sh lint ruff check .
	@tools/phase.sh format ruff format --check .
	@tools/phase.sh layers tools/layers.sh
	@tools/phase.sh types tools/types.sh
	@pytest tests/unit tests/sandbox/account tests/sandbox/aws_protocol tests/sandbox/aws_provider $(TEST_WORKERS)

lint: python-only ## Look for mistakes, for what is not formatted, and for imports against the layers
	@ruff check . && ruff format --check . && tools/layers.sh

format: python-only ## Format the sources and repair what can be repaired
	@ruff format . && ruff check --fix .

types: python-only ## Check the types, strictly
	@tools/types.sh

chaos: setup ## Reliability runs with faults and kills: make chaos RUNS=300 SEED=1
	@python -m reliability --runs $(RUNS) --seed $(SEED)

bench: setup ## Measure against the goals, the limit and the baseline
	@python -m benchmarks

review: setup ## The consent review of the local stack, as files in review/
	@tools/stack.sh review

lock: python-only ## Pin all packages with hashes: requirements/*.txt
	@tools/lock.sh

vendor: python-only ## Copy the policy kit and facts into the packs, IAM policies into the commands
	@python -m tools.vendor_policy_kit

pages: python-only ## Write title, description and settings of docs/policies from the rules
	@python -m tools.policy_pages

clean: ## Stop the local AWS and remove what was made here: .venv, .engine, .sandbox, caches
	@tools/stack.sh stop
	@rm -rf .venv .engine .sandbox .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist review
	@find policies -maxdepth 2 -name .venv -type l -delete
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
