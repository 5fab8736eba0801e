#!/usr/bin/env bash
# Backs up the database of A8 into one file, while A8 runs: DATABASE_URL=postgres://… backup.sh FILE
# The file holds the schema of the role, as it was at one moment (pg_dump, format custom). Exit 0 = it is whole and was read back.
set -euo pipefail
cd_to() { cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd; }
source "$(cd_to)/connect.sh"

[[ $# -eq 1 ]] || { echo "usage: DATABASE_URL=postgres://… $(basename "$0") FILE" >&2; exit 2; }
file=$1
[[ ! -e $file ]] || fail "$file is there already; a backup is never overwritten"
umask 077
connect
check_tools
schema=$(ask 'SELECT current_schema()')
[[ $(ask "SELECT to_regclass('events') IS NOT NULL") == t ]] || fail "there is no table events in the schema $schema: is this the role of A8?"

trap 'rm -f -- "$file.part"' EXIT
pg_dump --format=custom --no-owner --no-privileges --schema="$schema" --file="$file.part"
# A backup that nobody has read is a hope.
pg_restore --list "$file.part" | grep -q ' TABLE DATA .* events ' || fail "the dump holds no rows of events"
pg_restore --file=/dev/null "$file.part"
sync -- "$file.part"
mv -- "$file.part" "$file"
(cd "$(dirname -- "$file")" && sha256sum -- "$(basename -- "$file")" >"$(basename -- "$file").sha256")
echo "backed up the schema $schema: $(stat -c %s -- "$file") bytes in $file"
