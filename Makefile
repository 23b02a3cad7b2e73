# Python 3.11 and Node 20 must be there; everything else is seen to.
PYTHON ?= $(shell command -v python3.11 || echo python3)
VENV := .venv/bin/python

.PHONY: help run test lint bench ready

help:
	@echo "make run    install, load and serve on PORT (8000)"
	@echo "make test   lint, then all tests, in a database of their own"
	@echo "make lint   style, types, migrations, deployment checks"
	@echo "make bench  measure: one JSON object a line"

run:
	@$(PYTHON) -m fazhimap.bootstrap
	@$(VENV) manage.py serve --with-parent

ready:
	@$(PYTHON) -m fazhimap.bootstrap --dev

test: lint
	$(VENV) -m pytest -n auto --dist loadgroup --no-loadscope-reorder
	node --test $(wildcard tests/js/*.test.js)

# Away from the data of `make run`.
lint: export FAZHIMAP_TEST_CLUSTER = 1
lint: ready
	$(VENV) -m ruff check
	$(VENV) -m ruff format --check
	$(VENV) -m mypy manage.py fazhimap/webserver.py fazhimap/bootstrap.py sites/geodesy.py sites/crs.py sites/verdicts.py sites/travel.py sites/siting events/daylight.py events/touring
	$(VENV) manage.py makemigrations --check --dry-run
	FAZHIMAP_HTTPS=1 $(VENV) manage.py check --deploy --fail-level WARNING

bench:
	@$(PYTHON) -m fazhimap.bootstrap --bench
	@$(VENV) -m bench
