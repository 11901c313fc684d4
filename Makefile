# What one does with Relais. `make` alone lists it.
.DEFAULT_GOAL := help
UV_VERSION := 0.13.8
UV := .uv/bin/uv
PYTHON := .venv/bin/python
BOT_PYTHON := bot/.venv/bin/python
# What `make run` passes on from your shell: nothing that could be a setting. Those come from .env alone.
CLEAN_ENV := env -i PATH="$$PATH" HOME="$$HOME" TERM="$${TERM:-dumb}" LANG=C.UTF-8
# Where a shell forbids Python its caches, each test worker would compile the tests anew.
unexport PYTHONDONTWRITEBYTECODE

# A test's files live for a second, and each commit would wait for the disk: in memory, where there is such a folder.
IN_MEMORY := $(if $(wildcard /dev/shm/.),TMPDIR=/dev/shm)

.PHONY: help run emulator install train check lint types imports unit test test-sqlite test-services test-stack test-bot bench nlu lock clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install train .env ## Start everything and say which page to open (Ctrl+C stops it)
	@$(CLEAN_ENV) $(PYTHON) -m honcho -e .env start

emulator: .venv/.installed .env ## Start the WhatsApp emulator alone
	@$(CLEAN_ENV) $(PYTHON) -m channels.whatsapp.emulator

install: .venv/.installed bot/.venv/.installed ## Make both environments from their locks

train: install ## Train the bot if its data changed
	@$(CLEAN_ENV) PYTHONPATH=bot $(BOT_PYTHON) -m relais_bot.train

check: .venv/.installed ## The fast part of the tests: lint, types, import rules, unit tests without a database
	@$(MAKE) --no-print-directory -j2 --output-sync=line lint types imports unit

lint: .venv/.installed
	@echo "→ lint"
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@./relais lint

types: .venv/.installed
	@echo "→ types"
	@.venv/bin/mypy .

imports: .venv/.installed
	@echo "→ import rules"
	@.venv/bin/lint-imports

unit: .venv/.installed
	@echo "→ unit"
	@$(IN_MEMORY) .venv/bin/pytest -q -n 3 --dist worksteal -m "not sqlite and not services and not stack and not browser and not slow"

test: install check test-sqlite test-services test-bot train test-stack ## Everything: check, databases, bot, real processes, browser

test-sqlite: .venv/.installed
	@echo "→ SQLite"
	@$(IN_MEMORY) .venv/bin/pytest -q -n 3 --dist worksteal -m "sqlite and not stack and not browser and not slow"

test-services: .venv/.installed
	@echo "→ PostgreSQL, Redis"
	@.venv/bin/pytest -q -n 3 --dist worksteal -m "services and not stack and not browser and not slow"

test-bot: bot/.venv/.installed
	@echo "→ bot, in Rasa's environment"
	@$(BOT_PYTHON) -m pytest -c bot/pytest.ini -q tests/bot

test-stack: install
	@echo "→ the whole road: trained bot, real processes, headless Chromium, and what takes its time"
	@.venv/bin/pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "(stack or browser or slow) and not alone"
	@.venv/bin/pytest -q -m alone

bench: install train ## Measure what we claim, beside the peers
	@$(PYTHON) -m benchmarks.turns
	@$(PYTHON) -m benchmarks.webhook --count 1200 --rate 200 --seconds 4 --rounds 3
	@$(PYTHON) -m benchmarks.notifications

nlu: install ## Measure how well the bot understands, beside stock Rasa (an hour of two cores: DIET trains; SIDES="ours lr" leaves it out)
	@$(CLEAN_ENV) PYTHONPATH=bot $(BOT_PYTHON) -m relais_bot.nlu.compare $(if $(SIDES),--sides $(SIDES))

lock: $(UV) ## Resolve both locks anew (versions and hashes, no addresses)
	$(UV) pip compile -q pyproject.toml --group dev --universal --generate-hashes --python-version 3.12 \
		--no-annotate --no-header -o requirements.lock
	$(UV) pip compile -q bot/pyproject.toml --group bot/pyproject.toml:dev --universal --generate-hashes \
		--python-version 3.10 --no-annotate --no-header -o bot/requirements.lock

clean: ## Remove environments and caches; your data in var/ stays
	rm -rf .venv bot/.venv .uv benchmarks/bullmq/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

.env:
	@umask 077 && cp .env.example .env
	@echo "→ .env made from .env.example"

$(UV):
	@echo "→ uv $(UV_VERSION)"
	@python3 -m venv .uv
	@.uv/bin/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)

.venv/.installed: requirements.lock | $(UV)
	@echo "→ the services' environment (Python 3.12)"
	@test -x $(PYTHON) || $(UV) venv -q --no-project -p 3.12 .venv
	@$(UV) pip sync -q --compile-bytecode -p .venv --require-hashes requirements.lock
	@touch $@

bot/.venv/.installed: bot/requirements.lock | $(UV)
	@echo "→ the bot's environment (Python 3.10, 2.5 GB; under a minute on a good line)"
	@test -x $(BOT_PYTHON) || $(UV) venv -q --no-project -p 3.10 bot/.venv
	@$(UV) pip sync -q --compile-bytecode -p bot/.venv --require-hashes bot/requirements.lock
	@touch $@
