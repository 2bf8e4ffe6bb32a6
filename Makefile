# The commands of this repository. `make` lists them.

EVAL_DATA ?= ../shared/data

.DEFAULT_GOAL := help
.PHONY: help setup run test contract sim check bench eval calibrate clean

help: ## List the targets
	@echo "usage: make <target>"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what building, testing and checking need and this machine lacks
	scripts/setup.sh test
	scripts/setup.sh check

run: ## Build and serve with a key, credits and a test inbox (LISTEN=…, DATA_DIR=…, ARGS=…)
	@scripts/run.sh $(if $(LISTEN),--listen "$(LISTEN)") $(if $(DATA_DIR),--data-dir "$(DATA_DIR)") $(ARGS)

test: ## Run every test
	scripts/setup.sh test
	scripts/test.sh
	scripts/contract.sh
	sim/ci.sh

contract: ## Hold the running server to its openapi.json (SEED=1 EXAMPLES=20)
	scripts/setup.sh test
	scripts/contract.sh $(if $(SEED),--seed $(SEED)) $(if $(EXAMPLES),--examples $(EXAMPLES))

sim: ## Simulate nodes, stores and networks (SEEDS=1-40 HOURS=1 STORE=both)
	sim/run.sh --seeds $(or $(SEEDS),1-40) --hours $(or $(HOURS),1) --store $(or $(STORE),both)

check: ## Formatting, lints, licences, spelling, and that documents and code agree
	scripts/setup.sh check
	scripts/check.sh

bench: ## Measure: every bench/*/run.sh, one after another
	@set -e; for bench in bench/*/run.sh; do echo "bench: $$bench" >&2; "$$bench"; done

eval: ## Score the extraction on documents with known answers (EVAL_DATA=…)
	scripts/setup.sh run
	cargo run --release --locked -p docextract-extraction --bin docextract-eval -- $(EVAL_DATA)

calibrate: ## Fit the calibration anew on documents with known answers (EVAL_DATA=…)
	scripts/setup.sh run
	cargo run --release --locked -p docextract-extraction --bin docextract-eval -- $(EVAL_DATA) \
		--fit crates/extraction/src/fields/calibration/weights.rs
	cargo fmt --all

clean: ## Remove what was built; ./data stays
	cargo clean
