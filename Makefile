# Developers' short cuts. `python3 launch.py test` sets up everything that these need.

PYTHON := .venv/bin/python

.PHONY: check test soak bench locale

check:  ## format, lint, types, tests
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest

test:  ## the tests that take no longer than a few seconds each
	$(PYTHON) -m pytest -m "not slow"

soak:  ## thousands of crashes, then the queue and the whole way from story to book for an hour or until something breaks
	$(PYTHON) -m pytest -q -m soak
	timeout --preserve-status 3600 sh -c 'while $(PYTHON) -m pytest -q tests/jobs tests/browser; do :; done; exit 1'

bench:  ## what is fast, measured
	for program in benchmarks/*.py; do $(PYTHON) -m benchmarks.$$(basename $$program .py) || exit 1; done

locale:  ## collect the words of the screens and compile their translations
	$(PYTHON) assets/locale/refresh.py
