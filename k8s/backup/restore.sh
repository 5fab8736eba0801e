#!/usr/bin/env bash
# Restores a backup of backup.sh into a database without tables of A8, all or nothing: DATABASE_URL=postgres://… restore.sh FILE
# Stop A8 first. It finds the tables as they were, and migrates them when it is newer. Exit 0 = everything is there.
set -euo pipefail
cd_to() { cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd; }
source "$(cd_to)/connect.sh"

[[ $# -eq 1 ]] || { echo "usage: DATABASE_URL=postgres://… $(basename "$0") FILE" >&2; exit 2; }
file=$1
[[ -r $file ]] || fail "$file cannot be read"
if [[ -r $file.sha256 ]]; then
  (cd "$(dirname -- "$file")" && sha256sum --check --quiet -- "$(basename -- "$file").sha256" >&2) || fail "$file is not what was backed up: its checksum differs"
fi
connect
check_tools
schema=$(ask 'SELECT current_schema()')
[[ -n $schema ]] || fail "the role has no schema: create it, as at the first installation"
[[ $(ask "SELECT to_regclass('events') IS NULL") == t ]] || fail "the schema $schema has a table events: nothing is overwritten, drop the tables first"

list=$(mktemp)
trap 'rm -f -- "$list"' EXIT
# The schema is there; the role may not be allowed to make one.
pg_restore --list "$file" | grep -vE ' (SCHEMA|COMMENT|ACL) - (SCHEMA )?' >"$list"
grep -q " TABLE DATA $schema events " "$list" || fail "$file holds no rows of events of the schema $schema"
pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --use-list="$list" --dbname="$PGDATABASE" "$file"
# In a new cluster transaction ids begin anew: rows "of the future" would stay out of lists, tails and erasures until they are reached.
ask "BEGIN;
UPDATE events SET xid = DEFAULT WHERE xid >= pg_current_xact_id();
UPDATE erasures SET xid = '0', seq = 0, until_xid = NULL WHERE finished_at IS NULL;
COMMIT;
ANALYZE"
echo "restored the schema $schema: $(ask 'SELECT count(*) FROM events') events, the newest received at $(ask 'SELECT max(received_at) FROM events')"
