# What a person needs is listed by `make`. PORT and DATA_DIR may be set for every target.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV ?= .venv
DATA_DIR ?= .data
PORT ?= 8000
COVERAGE ?= 90
WORKERS ?= 2
TESTS ?= tests
PROOFS ?= tests/prove
SIZES ?= 1000 100000 1000000
export DATA_DIR PORT

BIN := $(VENV)/bin
# The digest changes with the requirements and with Python: only then is anything installed.
DIGEST := $(shell { cat requirements/base.txt; $(PYTHON) --version; } 2>/dev/null | sha256sum | cut -c1-16)
DEV_DIGEST := $(shell { cat requirements/dev.txt; $(PYTHON) --version; } 2>/dev/null | sha256sum | cut -c1-16)
BASE := $(VENV)/base-$(DIGEST)
DEV := $(VENV)/dev-$(DEV_DIGEST)
INSTALL := $(BIN)/pip install -qq --disable-pip-version-check --no-input --require-hashes --only-binary :all: --no-compile

# An environment without pip, or of another Python, is made anew.
SAME_PYTHON = $(BIN)/python -c 'import pip, sys; sys.exit(sys.version.split()[0] != "$(PYTHON_VERSION)")' 2>/dev/null
PYTHON_VERSION := $(shell $(PYTHON) -c 'import sys; print(sys.version.split()[0])' 2>/dev/null)

# Where a backup goes (a file of today in DATA_DIR when empty), or comes from and what opens it; REPLACE=1 replaces.
# WORDS are further options of `manage.py restore`, or with REPLAY=1 of `replay_erasures`, such as --without-journal.
TO ?=
FROM ?=
IDENTITY ?=
REPLACE ?=
DRY_RUN ?=
PUT_BACK ?=
REPLAY ?=
WORDS ?=

.PHONY: help run code backup restore test cover prove check bench format requirements outdated clean-data

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: $(BASE) ## Start the site on this machine (PORT, DATA_DIR); Ctrl-C stops it
	@exec env LOCAL_RUN=1 $(BIN)/python manage.py run

code: $(BASE) ## Print the second-factor code of the first moderator (local run only)
	@exec env LOCAL_RUN=1 $(BIN)/python manage.py code

backup: $(BASE) ## Write all of the database into one encrypted file (TO, REPLACE, BACKUP_RECIPIENT)
	@LOCAL_RUN=1 $(BIN)/python manage.py backup $(if $(TO),--to "$(TO)") $(if $(REPLACE),--replace)

restore: $(BASE) ## Bring a backup back while the site is stopped (FROM, IDENTITY, REPLACE, DRY_RUN, PUT_BACK, REPLAY, WORDS)
	@LOCAL_RUN=1 $(BIN)/python manage.py $(if $(REPLAY),replay_erasures,restore \
		$(if $(PUT_BACK),--put-back,--from "$(FROM)" --identity "$(IDENTITY)") $(if $(REPLACE),--replace)) \
		$(if $(DRY_RUN),--dry-run) $(WORDS)

test: $(DEV) /usr/bin/chromium ## Run the whole test suite, browser included (TESTS, WORKERS)
	@LOCAL_RUN=1 $(BIN)/python -m pytest -q -n $(WORKERS) $(TESTS)
	@LOCAL_RUN=1 $(BIN)/python -m pytest -q -m alone $(TESTS) || test $$? = 5  # none of these is alone

# Tracing takes half as long again, so it is not part of every run, and is done where no browser waits.
cover: $(DEV) ## Run the database tests and say which lines none of them reaches (WORKERS, COVERAGE)
	@LOCAL_RUN=1 $(BIN)/python -m pytest -q -n $(WORKERS) --cov --cov-report=term --cov-fail-under=$(COVERAGE) tests \
		$(patsubst %,--ignore tests/%,browser journeys content architecture/test_canary.py architecture/test_blindness.py)

prove: $(DEV) /usr/bin/chromium ## Run the proofs that take minutes (PROOFS)
	@LOCAL_RUN=1 $(BIN)/python -m pytest -q -m prove $(PROOFS)

check: $(DEV) ## Check style, types, templates, settings and migrations
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted: type 'make format'."; exit 1; }
	@find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} + \
		|| { echo "Some templates are not formatted: type 'make format'."; exit 1; }
	@LOCAL_RUN=1 $(BIN)/mypy --no-error-summary
	@LOCAL_RUN=1 $(BIN)/python manage.py check --fail-level WARNING >/dev/null
	@LOCAL_RUN=1 $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run >/dev/null \
		|| { echo "A migration is missing: type '$(BIN)/python manage.py makemigrations'."; exit 1; }

bench: $(BASE) ## Measure the pages among many invented stories and write docs/benchmarks.md (SIZES)
	@exec $(BIN)/python benchmarks/stories.py $(SIZES)

format: $(DEV) ## Put code and templates into the common format
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} + || true

requirements: $(DEV) ## Pin the newest versions that pyproject.toml allows, with their hashes
	@$(call compile,base)
	@$(call compile,dev,--extra dev --constraint requirements/base.txt)

outdated: $(DEV) ## List the pinned libraries of which the registry has a newer version
	@found=$$($(BIN)/uv pip list --outdated --python $(BIN)/python --exclude pip --exclude setuptools) \
		&& echo "$${found:-Every pinned version is the newest there is.}"

catalogues: $(DEV) /usr/bin/xgettext ## Collect the strings of the pages anew, and compile what is translated
	@LOCAL_RUN=1 $(BIN)/python manage.py makemessages -l es --no-location --no-obsolete -i .venv -i tests -i benchmarks
	@$(BIN)/python -c "import polib; polib.pofile('locale/es/LC_MESSAGES/django.po').save_as_mofile('locale/es/LC_MESSAGES/django.mo')"

clean-data: $(BASE) ## Delete the data directory and its database
	@LOCAL_RUN=1 $(BIN)/python manage.py clean_data

# uv takes the index from the environment only, so no address is written down.
compile = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make requirements' pyproject.toml $(2) --output-file requirements/$(1).txt

$(BASE): requirements/base.txt
	@test -e $@ || { \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Fernway needs Python 3.11 or newer as $(PYTHON)."; exit 1; }; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call apt,python3-venv) \
	echo "Installing what the site needs (once, about a minute)."; \
	$(SAME_PYTHON) || $(PYTHON) -m venv --clear $(VENV); \
	rm -f $(VENV)/base-* $(VENV)/dev-*; $(INSTALL) -r requirements/base.txt && touch $@; }

$(DEV): $(BASE) requirements/dev.txt
	@test -e $@ || { echo "Installing what the tests need (once)."; $(INSTALL) -r requirements/dev.txt && touch $@; }

/usr/bin/chromium:
	@command -v chromium >/dev/null || $(call apt,chromium) true

/usr/bin/xgettext:
	@command -v xgettext >/dev/null || $(call apt,gettext) true

# Install a Debian package as root, or say in one sentence what is missing.
define apt
{ test "$$(id -u)" = 0 || { echo "Please install the package $(1): apt-get install $(1)"; exit 1; }; \
	echo "Installing $(1)."; export DEBIAN_FRONTEND=noninteractive; \
	apt-get install -qq -y --no-install-recommends $(1) >/dev/null 2>&1 \
	|| { apt-get update -qq >/dev/null && apt-get install -qq -y --no-install-recommends $(1) >/dev/null; } \
	|| { echo "The package $(1) could not be installed."; exit 1; }; };
endef
