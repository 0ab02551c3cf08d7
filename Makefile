# make run    set up, start, open the page          make test   set up, pass the tests
# make study  set up training and the studies       make bench  speed, memory and page figures
# make scan   set up scans of a whole library       make fresh  time a fresh clone's `make run`
# make lint   ruff and mypy                         make load   a hall of visitors, for 1 and 2 workers
# make lock   write the hashes of what serving installs anew
# make docs   build the documentation; the page serves it at /docs/
# make mutants  change the core in small ways, and tell which changes no test notices

VENV   ?= .venv
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3 python,$(if $(shell $(p) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(p))))
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run study scan test lint bench docs mutants load lock fresh samples clean

run: $(VENV)/.run
	$(BIN)/python -m dashboard

study: $(VENV)/.study

scan: $(VENV)/.scan

test: $(VENV)/.test
	$(BIN)/python -m tests.browser.chromium --install
	$(BIN)/python -m tests.model.audio.odd_files.programs --install
	$(BIN)/python -m tests.servers --install
	$(BIN)/python -m tests.icecast --install
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.test build/peer/.there
	$(BIN)/python -m model bench
	$(BIN)/python -m model.study.peer
	$(BIN)/python -m dashboard.bench --out dashboard/bench.json
	$(BIN)/python -m tests.browser.chromium --install
	$(BIN)/python -m tests.browser.bench

load: $(VENV)/.test build/load/.there
	$(BIN)/python -m tests.load
	$(BIN)/python -m tests.load.contract

docs: $(VENV)/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

lock: $(VENV)/.test
	for name in requirements requirements-hosts; do $(BIN)/uv pip compile --quiet --universal --generate-hashes \
	  --no-annotate --python-version 3.11 --custom-compile-command "make lock" \
	  dashboard/$$name.txt -o dashboard/$$name.lock || exit 1; done

mutants: $(VENV)/.test
	$(PIP) mutmut==3.8.1
	$(BIN)/mutmut run
	$(BIN)/mutmut export-cicd-stats
	cp mutants/mutmut-cicd-stats.json tests/mutants.json
	$(BIN)/mutmut results

fresh: $(VENV)/.run
	$(BIN)/python -m tests.fresh

samples: $(VENV)/.study
	$(PIP) -r samples/compose/requirements.txt
	$(BIN)/python -m samples.compose

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Each stamp says what is installed: what serves, then what trains, then what tests.
$(VENV)/.run: dashboard/requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found on PATH. Install it, or name it: make PYTHON=/path/to/python3" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r dashboard/requirements.lock
	@touch $@

$(VENV)/.study: $(VENV)/.run requirements.txt
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.scan: $(VENV)/.run model/scan/requirements.txt
	$(PIP) -r model/scan/requirements.txt
	@touch $@

$(VENV)/.test: $(VENV)/.study $(VENV)/.scan tests/requirements.txt docs/requirements.txt
	$(PIP) -r tests/requirements.txt
	@touch $@

$(VENV)/.docs: $(VENV)/.run docs/requirements.txt
	$(PIP) -r docs/requirements.txt
	@touch $@

build/peer/.there: model/study/peer/requirements.txt
	$(PYTHON) -m venv build/peer
	build/peer/bin/python -m pip install --quiet --disable-pip-version-check -r model/study/peer/requirements.txt
	@touch $@

build/load/.there: tests/load/requirements.txt
	$(PYTHON) -m venv build/load
	build/load/bin/python -m pip install --quiet --disable-pip-version-check -r tests/load/requirements.txt
	@touch $@
