#!/usr/bin/env bash
# usage: scripts/cluster.sh [CARGO ARGUMENT…]
#
# Builds the cluster and holds its findings against those of one machine. It takes as long as a
# second build of the engine, so it is no part of `make test`.
set -euo pipefail
cd "$(dirname "$0")/../lanes/cluster"
if [ -n "${CARGO_TARGET_DIR:-}" ]; then export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/cluster; fi
cargo test --locked "$@"
