# Two commands matter: `make run` and `make test`. CI runs `make check test`.
PORT ?= 8501
VENV := .venv
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run demo setup setup-dev test check bench lock clean

help: ## what can be asked of this project
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/; s/\$$\(PORT\)/$(PORT)/' | expand -t 12

run: $(VENV)/.installed ## install what is needed, then serve on http://127.0.0.1:$(PORT)
	@PORT=$(PORT) exec $(PY) app.py

demo: $(VENV)/.installed ## make the demo anew, up to the last complete month
	@$(VENV)/bin/dashboard demo

setup: $(VENV)/.installed ## the set-up alone

setup-dev: $(VENV)/.dev-installed

test: $(VENV)/.dev-installed ## set up what the tests need and run all of them
	@sh tools/test_system.sh
	@$(PY) -m pytest

check: $(VENV)/.dev-installed ## ruff format and lint, strict types on src/
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

bench: $(VENV)/.dev-installed ## measure the budgets over the real socket, as a table and as JSON
	@sh tools/test_system.sh
	@$(PY) -m bench

lock: $(VENV)/.dev-installed ## pin requirements from pyproject.toml again
	$(VENV)/bin/pip-compile -q --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --upgrade -o requirements.txt pyproject.toml
	$(VENV)/bin/pip-compile -q --extra dev --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate -c requirements.txt -o requirements-dev.txt pyproject.toml

clean: ## remove the virtual environment (never the data in var/)
	rm -rf $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml
	@test -x $(PY) || python3 -m venv $(VENV)
	$(PY) -m pip install --quiet -r requirements.txt
	$(PY) -m pip install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.dev-installed: requirements-dev.txt $(VENV)/.installed
	$(PY) -m pip install --quiet -r requirements-dev.txt
	@touch $@
