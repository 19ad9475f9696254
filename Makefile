# `make run` and `make test` are all you need. On a fresh Debian machine with the Rust toolchain
# they install the rest.

export PATH := $(PATH):$(HOME)/.cargo/bin

LISTEN ?= 127.0.0.1:8080
DATA ?= var
SCALE ?= 1

.PHONY: help run test release bench bench-siting cluster golden setup

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run: ## build, then serve a demo city at http://127.0.0.1:8080 (LISTEN, DATA, SCALE)
	@scripts/setup.sh build
	@# Beside a bench, so that libraries are built as tests want them, once for `run` and `test`.
	cargo build --locked --workspace --bin yiyang --bench decide
	$${CARGO_TARGET_DIR:-target}/debug/yiyang demo --listen $(LISTEN) --data $(DATA) --scale $(SCALE)

test: ## the whole truth: format, tidy, lints, tests, scenarios on four stages, browser
	@scripts/setup.sh test
	@scripts/test.sh

release: ## build the binary for production
	@scripts/setup.sh build
	cargo build --locked --release --package server

bench: export DUCK ?= $(abspath crates/query/benches/rules/.venv/bin/python)
bench: ## measure what docs/benchmarks.md publishes
	@scripts/setup.sh bench
	@# All at once, or libraries are built twice: what is asked of them differs by what is built with them.
	cargo build --locked --release --workspace --bin yiyang $(foreach own,rows recall intake rules,--bench $(own))
	cargo bench --locked --workspace --bench rows -- 2000000
	cargo bench --locked --workspace --bench recall -- 1000000 $(abspath $(DATA))/bench-recall
	rm -rf $(abspath $(DATA))/bench-lake
	cargo bench --locked --workspace --bench intake -- 1000000 $(abspath $(DATA))/bench-lake
	cargo bench --locked --workspace --bench rules -- 20000000 $(abspath $(DATA))/bench-query
	@scripts/with-postgres.sh $${CARGO_TARGET_DIR:-target}/release/yiyang bench --data $(DATA)

bench-siting: ## hold sites and reach against published software and published values
	@scripts/setup.sh bench-siting
	cargo build --locked --release --package server
	tests/siting/.venv/bin/python tests/siting/bench.py $${CARGO_TARGET_DIR:-target}/release/yiyang ../shared/conformance/siting

cluster: ## hold the findings of a cluster against those of one machine; a build of its own
	@scripts/setup.sh build
	@scripts/cluster.sh

golden: ## rewrite the golden files from what the code does now; read the difference
	@scripts/setup.sh test
	cargo xtask golden deps
	GOLDEN=1 scripts/with-postgres.sh cargo nextest run --workspace --no-fail-fast

setup: ## install what the tests need
	@scripts/setup.sh test
