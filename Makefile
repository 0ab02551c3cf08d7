# make run    set up, start, open the page          make test   set up, pass the tests
# make lint   ruff and mypy                         make bench  speed, memory and page figures

VENV   ?= .venv
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3 python,$(if $(shell $(p) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(p))))
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint bench samples clean

run: $(VENV)/.run
	$(BIN)/python -m dashboard

test: $(VENV)/.test
	$(BIN)/python -m tests.browser.chromium --install
	$(BIN)/python -m pytest

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.test
	$(BIN)/python -m model bench
	$(BIN)/python -m dashboard.bench
	$(BIN)/python -m tests.browser.chromium --install
	$(BIN)/python -m tests.browser.bench

samples: $(VENV)/.run
	$(PIP) -r samples/compose/requirements.txt
	$(BIN)/python -m samples.compose

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.run: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found on PATH. Install it, or name it: make PYTHON=/path/to/python3" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.test: $(VENV)/.run tests/requirements.txt
	$(PIP) -r tests/requirements.txt
	@touch $@
