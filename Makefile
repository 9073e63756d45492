# Two commands are enough: `make demo` and `make test`. Only Python 3.11 or newer and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
WORKERS ?= 2
# The oldest PostgreSQL that is supported: where Debian's package is installed, the database tests run on it as well.
OLDEST_POSTGRESQL ?= /usr/lib/postgresql/15/bin

.PHONY: help setup demo test test-newest test-oldest bench calibrate drill mutate lint format cases clean

help:
	@echo "make setup        .venv dengan semua yang dipakai portal"
	@echo "make demo         portal dengan provinsi demonstrasi"
	@echo "make test         semua tes"
	@echo "make bench        kecepatan di samping batas fisiknya (lama; docs/bench.md)"
	@echo "make calibrate    perkiraan penghematan pada data buatan (docs/calibration.md)"
	@echo "make drill        latihan pemulihan: server dimatikan, foldernya dihapus, semua kembali"
	@echo "make mutate       tes mutasi aturan murni (lama; docs/quality.md)"
	@echo "make lint         pemeriksaan kode"
	@echo "make format       rapikan kode dan templat"
	@echo "make cases CASES=folder   kasus peraturan"
	@echo "make clean        hapus semua yang dibuat"

setup: $(VENV)/requirements.stamp

demo: setup
	@$(BIN)/python -m wfh_portal.demo_runner

test: test-newest test-oldest

test-newest: $(VENV)/requirements-dev.stamp
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q

test-oldest: $(VENV)/requirements-dev.stamp
	@if [ -x $(OLDEST_POSTGRESQL)/postgres ]; then \
	  echo "Tes basis data sekali lagi, pada $$($(OLDEST_POSTGRESQL)/postgres --version) ..."; \
	  POSTGRESQL_BIN=$(OLDEST_POSTGRESQL) $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -q --database-only; \
	elif [ -n "$$CI" ]; then echo "$(OLDEST_POSTGRESQL) tidak ada."; exit 1; \
	else echo "Tes pada PostgreSQL 15 dilewati: sudo apt-get install -y postgresql-15"; fi

# SIZES=8500 and ONLY=close_day,check_in narrow it.
bench: setup
	@$(BIN)/python -m bench $(if $(SIZES),--sizes $(SIZES)) $(if $(ONLY),--only $(ONLY))

calibrate: setup
	@$(BIN)/python manage.py calibrate $(if $(RUNS),--runs $(RUNS))

drill: $(VENV)/requirements-dev.stamp
	@$(BIN)/python -m tests.restore_drill

# ONLY='core.money*' names what is tried; without it everything that has not been tried yet.
mutate: $(VENV)/requirements-dev.stamp
	@$(BIN)/python tests/mutation.py run --max-children $(WORKERS) $(if $(ONLY),"$(ONLY)")
	@$(BIN)/python tests/mutation.py score

lint: $(VENV)/requirements-dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python tests/check_templates.py

format: $(VENV)/requirements-dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djhtml --tabwidth 2 templates

cases: setup
	@$(BIN)/python manage.py cases "$(CASES)"

clean:
	@if [ -x $(BIN)/python ]; then $(BIN)/python manage.py embedded remove; fi
	@rm -rf $(VENV) .data staticfiles bench.json mutants .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Perlu Python 3.11 atau lebih baru; pilih dengan: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Modul venv tidak ada; di Debian pasang dengan: sudo apt-get install -y python3-venv"; exit 1; }
	@echo "Membuat $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/requirements.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Memasang paket (sekali saja, beberapa menit) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/requirements-dev.stamp: requirements-dev.txt $(VENV)/requirements.stamp
	@echo "Memasang paket untuk tes ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@
