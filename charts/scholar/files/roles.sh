# Beside the PostgreSQL of a trial: one login role for each service, which owns the schema of its own name, so that the
# default search path ("$user") finds a service's tables and nobody else's. Passwords are whatever the Secret says, also
# after it has changed. Speaks by the socket, which asks for none; passwords are on no command line.
set -eu
export LC_ALL=C
secrets=/etc/scholar/postgresql
export PGHOST=/var/run/postgresql PGUSER=postgres
trap 'exit 0' TERM INT

apply() {
  for file in "$secrets"/[a-z]*; do
    label=$(basename "$file")
    psql -q -v ON_ERROR_STOP=1 -v role="$label" -v file="$file" -d scholar <<'SQL' || return 1
\set password `cat :'file'`
SELECT format('CREATE ROLE %I LOGIN', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN PASSWORD :'password';
CREATE SCHEMA IF NOT EXISTS :"role" AUTHORIZATION :"role";
SQL
  done
  psql -q -v ON_ERROR_STOP=1 -v file="$secrets/POSTGRES_PASSWORD" -d scholar <<'SQL' || return 1
\set password `cat :'file'`
ALTER ROLE postgres PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
}

applied=
while :; do
  # While the image prepares its first start, a server answers that is about to go: the next round tries again.
  now=$(cat "$secrets"/* | sha256sum)
  if [ "$now" != "$applied" ] && pg_isready -q -d scholar && apply; then
    applied=$now
    touch /tmp/applied
    echo 'roles and schemas are as the Secret says'
  fi
  sleep 2 & wait $!
done
