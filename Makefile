# The only door; `make` alone lists what is behind it. It needs GNU make, git and Python 3.11 or newer, nothing else.
#
# Make cannot hold a space in a path and the checkout may lie behind one, so every path here is relative. For the same
# reason tools run as modules of the environment's Python: the first line of an installed script cannot name an
# interpreter behind a space.

# Mine if I own it: an environment of another user may rest on a Python that I may not run.
VENV := $(shell { [ ! -e .venv ] || [ -O .venv ]; } && echo .venv || echo .venv-$$(id -u))
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready

# One meaning of text on every machine, also where the locale is not UTF-8.
export PYTHONUTF8 := 1

# An environment whose Python is gone, or that answers for another checkout, is built anew.
OURS := import os, samovar; print(os.path.samefile(os.path.dirname(samovar.__file__), "src/samovar"))
ifneq ($(shell [ -e $(READY) ] && $(PYTHON) -c '$(OURS)' 2>/dev/null),True)
$(shell rm -f $(READY))
endif

.DEFAULT_GOAL := help
.PHONY: help up desktop test check format bench simulate generate new-service lock doctor clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

up: $(READY) ## Start the whole platform and print its addresses; PORT=8090 STATE=folder change the defaults
	@exec $(PYTHON) -m samovar.cli.main up $(if $(PORT),--port $(PORT)) $(if $(STATE),--state "$(STATE)")

desktop: $(READY) ## Open the client in a window, at the platform that runs here; ORIGIN=https://play.example names another
	@exec $(PYTHON) -m samovar.cli.main desktop $(if $(ORIGIN),--origin "$(ORIGIN)")

test: $(READY) ## Run the tests against real servers, in two processes; ARGS=tests/kit runs a part of them in one
	@sh .ci/browser
	@exec $(PYTHON) -m pytest $(or $(ARGS),-n 2 --no-loadscope-reorder)

check: $(READY) ## Check format, style, types, borders, tidiness, generated files and translations
	$(PYTHON) -m ruff format --check --quiet .
	$(PYTHON) -m ruff check --quiet .
	$(PYTHON) -m mypy src tests benchmarks
	$(PYTHON) -m samovar.cli.main generate --check
	$(PYTHON) -m pytest --quiet tests/architecture

format: $(READY) ## Format the code and mend what can be mended by itself
	$(PYTHON) -m ruff check --fix-only --quiet .
	$(PYTHON) -m ruff format .

bench: $(READY) ## Measure what we claim about speed; ARGS=benchmarks/bench_rpc.py measures one claim
	@failed=0; for file in $(or $(ARGS),benchmarks/bench_*.py); do \
		echo "== $$file"; PYTHONPATH=. $(PYTHON) "$$file" || failed=1; \
	done; exit $$failed

simulate: $(READY) ## Play shops in which everything dies, gets lost and lies, and check the books; ARGS="--seeds 10000", ARGS="--seed 7"
	@exec $(PYTHON) -m tests.services.payment.simulation $(ARGS)

generate: $(READY) ## Write the files that are made from the declarations: OpenAPI, Envoy, docs/events.md and others
	@exec $(PYTHON) -m samovar.cli.main generate

new-service: $(READY) ## Lay down a working service: make new-service name=wishlist
	@exec $(PYTHON) -m samovar.cli.main new-service "$(name)"

lock: $(READY) ## Pin what pyproject.toml asks for, with hashes; ARGS=--upgrade moves what is pinned already
	$(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra client --extra embedded --extra dev $(ARGS) --output-file requirements.lock pyproject.toml

doctor: $(READY) ## Say what this machine has and lacks for running the platform
	@exec $(PYTHON) -m samovar.cli.main doctor

clean: ## Remove environments and caches; the databases under .samovar stay
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@sh .ci/environment $(VENV)
