#!/usr/bin/env bash
# usage: scripts/test.sh
#
# The whole truth, in phases from the quickest to the slowest. A failed phase does not hide the
# next, except that nothing runs without a build. Ends with how long each phase took, and with
# `N passed, N failed`: every test and scenario, and one for each phase that counts none itself.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TERM_COLOR=never CARGO_NET_OFFLINE=true
export YIYANG_BIN=${CARGO_TARGET_DIR:-$PWD/target}/debug/yiyang

log=$(mktemp)
trap 'rm -f "$log"' EXIT
times=()
passed_sum=0
failed_sum=0

# The last line of a phase that counts: nextest's summary, or ours.
counted() { # counted WORD…: the sum before these words in that line, nothing where there is none
  local line
  line=$(grep -E '^ *Summary \[|^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
  [ -n "$line" ] || return 0
  sed 's/.*\] *//; s/.*run: //' <<<"$line" | tr ',' '\n' |
    awk -v words="$*" 'BEGIN { n = split(words, want, "|") }
      { for (i = 1; i <= n; i++) if (index($0, want[i])) sum += $1 } END { print sum + 0 }'
}

phase() { # phase NAME COMMAND…
  local name=$1 began=$SECONDS status=0 passed failed
  shift
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$log" || status=$?
  passed=$(counted passed)
  failed=$(counted 'failed|timed out')
  [ "$status" = 0 ] && [ -z "$passed" ] && passed=1
  [ "$status" != 0 ] && [ "${failed:-0}" = 0 ] && failed=1
  passed_sum=$((passed_sum + ${passed:-0}))
  failed_sum=$((failed_sum + ${failed:-0}))
  times+=("$(printf '%-20s %5d s   %s passed, %s failed' \
    "$name" $((SECONDS - began)) "${passed:-0}" "${failed:-0}")")
  return "$status"
}

finish() {
  printf '\n== phases\n'
  printf '%s\n' "${times[@]}"
  printf '\n%d passed, %d failed\n' "$passed_sum" "$failed_sum"
  [ "$failed_sum" = 0 ]
  exit
}

scenarios() { # scenarios STAGE
  local run=("$YIYANG_BIN" scenario run --stage "$1" packs/*/scenarios)
  if [ "$1" = postgres ]; then run=(scripts/with-postgres.sh "${run[@]}"); fi
  "${run[@]}"
}

phase format cargo fmt --all --check || true
phase tidy cargo xtask tidy || true
phase frontend npm run --silent --prefix crates/server/frontend check || true
phase build cargo build --workspace --all-targets --locked || finish
phase clippy cargo clippy --workspace --all-targets --locked -- -D warnings || true
phase tests scripts/with-postgres.sh \
  cargo nextest run --workspace --locked --no-fail-fast || true
for stage in memory sqlite postgres http; do
  phase "scenarios $stage" scenarios "$stage" || true
done
phase "interfaces: fuzz" tests/api/.venv/bin/python tests/api/fuzz.py || true
phase "interfaces: feed" tests/api/.venv/bin/python tests/api/changes.py || true
phase browser node tests/browser/run.mjs || true
finish
