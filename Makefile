# Needs Python >= 3.11, git and make; everything else is installed into .venv from the package index.
.PHONY: demo test test-long lint bench bench-peers venv clean
.DEFAULT_GOAL := test
SHELL := /bin/bash

# Byte-compiled imports are 2.5 times faster: the tests start many processes.
unexport PYTHONDONTWRITEBYTECODE
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := true

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/python -m pytest

demo: $(READY)  ## The whole loop on the flights of 2013; `make demo ARGS=--serve` leaves the server running.
	$(BIN)/keepfit demo $(ARGS)

test: $(READY)  ## What CI runs: lint, format, types, imports, then every test that is not marked long.
	@$(MAKE) --no-print-directory check
	$(PYTEST) -n 2 --dist loadfile -m "not long" $(ARGS)

test-long: $(READY)  ## The tests that take too long for every change.
	$(PYTEST) -m long $(ARGS)

lint: $(READY)  ## The checks without the tests, and how long functions and modules are.
	@$(MAKE) --no-print-directory check
	$(BIN)/python tests/lengths.py plugin/keepfit stages

.PHONY: check
check:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## Every tests/bench/bench_*.py; KEEPFIT_BENCH_SIZE=tiny only shows that they run.
	@for each in tests/bench/bench_*.py; do echo "== $$each"; $(BIN)/python "$$each" || exit 1; done

bench-peers: $(READY)  ## Beside Evidently, NannyML, alibi-detect and sliceline; installs them under build/peers (9 GB).
	$(BIN)/python tests/bench/peers/run.py

venv: $(READY)

$(READY): pyproject.toml constraints.txt
	@python=; \
	for each in python3.11 python3.12 python3.13 python3; do \
	    $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && python=$$each && break; \
	done; \
	[ -n "$$python" ] || { echo "keepfit needs Python 3.11 or later on PATH" >&2; exit 1; }; \
	[ -x $(BIN)/python ] || { echo "== making $(VENV) with $$($$python --version)"; $$python -m venv $(VENV); }
	@echo "== installing keepfit and its tools into $(VENV) (a few minutes the first time)"
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' > $(VENV)/dev.txt
	$(BIN)/python -m pip install --disable-pip-version-check --no-compile -c constraints.txt -e '.[demo]' -r $(VENV)/dev.txt
	@echo "== byte-compiling"
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib > /dev/null 2>&1 || true
	@touch $@

clean:  ## Remove what make made (not .keepfit, which holds a project's state).
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find plugin stages tests -name __pycache__ -type d -prune -exec rm -rf {} +
