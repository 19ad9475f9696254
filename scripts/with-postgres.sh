#!/usr/bin/env bash
# usage: scripts/with-postgres.sh COMMAND [ARGUMENT…]
#
# Runs a command beside a private PostgreSQL: new and empty, on a free port of the loopback
# interface, durable as in production (fsync and synchronous_commit stay on). Its address is in
# YIYANG_TEST_POSTGRES. Stops exactly the server it started, removes its files, and ends as the
# command ended, also when interrupted.
set -euo pipefail

[ $# -gt 0 ] || { sed -n '2s/^# //p' "$0" >&2; exit 2; }

programs() {
  local found
  found=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  [ -x "$found/initdb" ] || found=$(dirname "$(command -v initdb || true)")
  [ -x "$found/initdb" ] && printf '%s' "$found" && return
  echo 'no PostgreSQL here: run `make setup`' >&2
  return 1
}
bin=$(programs)

# PostgreSQL refuses to run as root. runuser and the account come with Debian.
owner=()
if [ "$(id -u)" = 0 ]; then
  account=nobody
  if id -u postgres >/dev/null 2>&1; then account=postgres; fi
  owner=(runuser -u "$account" --)
fi
as_owner() { (cd / && "${owner[@]}" "$@"); }

# On a disk rather than in memory, so that a sync is a sync.
home=$(mktemp -d "${TMPDIR:-/var/tmp}/yiyang-postgres.XXXXXX")
[ ${#owner[@]} = 0 ] || chown "$account" "$home"
child=

stop() {
  trap '' INT TERM HUP
  if as_owner test -f "$home/data/postmaster.pid"; then
    as_owner "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null || true
  fi
  rm -rf "$home"
}
trap stop EXIT

interrupted() {
  trap '' INT TERM HUP
  [ -z "$child" ] || { kill -TERM "$child" 2>/dev/null || true; wait "$child" || true; }
  exit "$1"
}
trap 'interrupted 130' INT
trap 'interrupted 143' TERM
trap 'interrupted 129' HUP

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" >"$home/password"
[ ${#owner[@]} = 0 ] || chown "$account" "$home/password"
as_owner "$bin/initdb" -D "$home/data" -U yiyang --pwfile="$home/password" \
  --auth=password --encoding=UTF8 --locale=C.UTF-8 >"$home/initdb.log" 2>&1 ||
  { cat "$home/initdb.log" >&2; exit 1; }

# Another program may take a port between our choice and the start: then choose again.
start() {
  local settings try
  for try in 1 2 3 4 5 6 7 8; do
    port=$((15000 + (RANDOM * try) % 16000))
    settings="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    settings+=" -c max_connections=200 -c fsync=on -c synchronous_commit=on"
    as_owner "$bin/pg_ctl" -D "$home/data" -l "$home/data/server.log" -o "$settings" -w start \
      >/dev/null 2>&1 && return
  done
  as_owner cat "$home/data/server.log" >&2
  return 1
}
start

export YIYANG_TEST_POSTGRES="postgres://yiyang:$password@127.0.0.1:$port/postgres"
"$@" <&0 &
child=$!
status=0
wait "$child" || status=$?
child=
exit "$status"
