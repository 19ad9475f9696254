#!/usr/bin/env bash
# usage: scripts/setup.sh build|test|bench|bench-siting
#
# Installs what is missing and nothing else: what `make run` builds and prints with, or also what
# `make test` needs (PostgreSQL, NATS, Chromium, Poppler, Node.js, Python, nextest). Silent when all is here.
set -euo pipefail
cd "$(dirname "$0")/.."

NEXTEST=0.9.143
# What sass, bpmn-js, smtp-server and fhir-kit-client ask for. Debian 13 has it, Debian 12 has only 18.
NODE_LEAST=20.19

missing=()
need() { # need PACKAGE TEST…: the package is missing when the test fails
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}
any() { compgen -G "$1"; }

needs_to_build() {
  command -v cargo >/dev/null || {
    echo 'setup: no cargo here: install the Rust toolchain with rustup, then try again' >&2
    exit 1
  }
  need gcc command -v cc
  need libc6-dev test -e /usr/include/stdlib.h
  need pkg-config command -v pkg-config
  # The solver of linear programs is built from its source, and its bindings are read from its heads.
  need g++ command -v c++
  need cmake command -v cmake
  need libclang-dev any '/usr/lib/llvm-*/lib/libclang.so*'
  # What certificates are printed in; without it the program runs and refuses a PDF by number.
  need fonts-noto-cjk any '/usr/share/fonts/opentype/noto/NotoSerifCJK*'
}

needs_to_test() {
  need git command -v git
  need postgresql any '/usr/lib/postgresql/*/bin/initdb'
  # Debian puts it where only root looks.
  need nats-server env PATH="$PATH:/usr/sbin" sh -c 'command -v nats-server'
  need chromium test -x "${YIYANG_CHROMIUM:-/usr/bin/chromium}"
  need poppler-utils command -v pdftotext
  need nodejs command -v node
  need npm command -v npm
  need python3 command -v python3
  need python3-venv python3 -c 'import ensurepip, venv'
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian starts a cluster with the package unless told not to; the tests start their own.
no_standing_postgres() {
  local settings=/etc/postgresql-common/createcluster.conf
  [ -e "$settings" ] && return
  as_root mkdir -p "${settings%/*}"
  echo 'create_main_cluster = false' | as_root tee "$settings" >/dev/null
}

install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "setup: installing ${missing[*]}"
  command -v apt-get >/dev/null || {
    echo 'setup: this is no Debian: install their like by hand, then try again' >&2
    exit 1
  }
  case " ${missing[*]} " in *' postgresql '*) no_standing_postgres ;; esac
  quietly as_root apt-get update
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes \
    --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}"
  case " ${missing[*]} " in *' nats-server '*) no_standing_nats ;; esac
}

# Debian starts one with the package; the tests start their own.
no_standing_nats() {
  as_root systemctl disable --now nats-server >/dev/null 2>&1 || true
}

quietly() { # shows what a command said only when it fails
  local said
  said=$("$@" 2>&1 </dev/null) || { printf '%s\n' "$said" >&2; return 1; }
}

install_nextest() {
  cargo nextest --version >/dev/null 2>&1 && return
  echo "setup: building cargo-nextest $NEXTEST (once, some minutes)"
  quietly cargo install --locked cargo-nextest --version "$NEXTEST"
}

install_node_packages() {
  local version
  version=$(node -p process.versions.node)
  printf '%s\n' "$NODE_LEAST" "$version" | sort --version-sort --check=quiet || {
    echo "setup: Node.js $version is too old for the browser tests: $NODE_LEAST or later;" \
      'this Debian has none that is newer: take one from nodejs.org, then try again' >&2
    exit 1
  }
  local folder
  for folder in tests/browser crates/server/frontend; do
    [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && continue
    echo "setup: npm ci in $folder"
    (cd "$folder" && quietly npm ci --ignore-scripts --no-audit --no-fund)
  done
}

# What public programs of the Python world are held against the server.
install_python_packages() {
  local folder
  for folder in "$@"; do
    [ "$folder/.venv/done" -nt "$folder/requirements.txt" ] && continue
    echo "setup: pip install in $folder"
    rm -rf "$folder/.venv"
    quietly python3 -m venv "$folder/.venv"
    quietly "$folder/.venv/bin/pip" install --disable-pip-version-check \
      --requirement "$folder/requirements.txt"
    touch "$folder/.venv/done"
  done
}

# From here on nothing is asked of the network: the tests run offline.
fetch_crates() {
  quietly cargo fetch --locked --target "$(rustc -vV | sed -n 's/^host: //p')"
}

case "${1:-}" in
  build)
    needs_to_build
    install_missing
    ;;
  test)
    needs_to_build
    needs_to_test
    install_missing
    install_nextest
    install_node_packages
    install_python_packages tests/api tests/fhir
    fetch_crates
    ;;
  bench)
    needs_to_build
    needs_to_test
    install_missing
    install_python_packages crates/query/benches/rules
    fetch_crates
    ;;
  bench-siting)
    needs_to_build
    need python3 command -v python3
    need python3-venv python3 -c 'import ensurepip, venv'
    install_missing
    install_python_packages tests/siting
    fetch_crates
    ;;
  *)
    sed -n '2s/^# //p' "$0" >&2
    exit 2
    ;;
esac
