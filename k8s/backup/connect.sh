# Sourced by backup.sh and restore.sh. Turns DATABASE_URL into the variables of PostgreSQL's own tools, so that no password
# stands in a process list. Without DATABASE_URL (or DATABASE_URL_FILE) PGHOST, PGUSER … count as they are.

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

decoded() {
  local text=$1
  printf '%b' "${text//%/\\x}"
}

connect() {
  local url=${DATABASE_URL:-}
  if [[ -z $url && -n ${DATABASE_URL_FILE:-} ]]; then
    url=$(<"$DATABASE_URL_FILE") || fail "DATABASE_URL_FILE cannot be read"
  fi
  [[ -n $url ]] || return 0
  local shape='^postgres(ql)?://(([^:@/]*)(:([^@/]*))?@)?([^:/?@]*)(:([0-9]+))?/([^?]*)(\?(.*))?$'
  [[ $url =~ $shape ]] || fail "DATABASE_URL is no postgres://user:password@host:port/database"
  [[ -z ${BASH_REMATCH[3]} ]] || PGUSER=$(decoded "${BASH_REMATCH[3]}")
  [[ -z ${BASH_REMATCH[5]} ]] || PGPASSWORD=$(decoded "${BASH_REMATCH[5]}")
  [[ -z ${BASH_REMATCH[6]} ]] || PGHOST=$(decoded "${BASH_REMATCH[6]}")
  [[ -z ${BASH_REMATCH[8]} ]] || PGPORT=${BASH_REMATCH[8]}
  PGDATABASE=$(decoded "${BASH_REMATCH[9]}")
  export PGUSER PGPASSWORD PGHOST PGPORT PGDATABASE
  local pair
  local -a pairs
  IFS='&' read -ra pairs <<<"${BASH_REMATCH[11]}"
  for pair in "${pairs[@]}"; do
    case $pair in
      host=*) PGHOST=$(decoded "${pair#*=}") ;;
      sslmode=*) export PGSSLMODE="${pair#*=}" ;;
      sslrootcert=*) PGSSLROOTCERT=$(decoded "${pair#*=}") && export PGSSLROOTCERT ;;
      application_name=*) ;;
      *) fail "DATABASE_URL has the parameter ${pair%%=*}, which this script does not know; give PGHOST, PGUSER … instead" ;;
    esac
  done
}

# One value. Stops at the first error.
ask() {
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --command "$1"
}

# The tools read servers of their own major version and older ones.
check_tools() {
  local tool server
  for tool in psql pg_dump pg_restore; do
    command -v "$tool" >/dev/null || fail "$tool is not on the PATH: install the client of your PostgreSQL"
  done
  server=$(ask 'SHOW server_version_num') || fail "the database does not answer"
  server=$((server / 10000))
  tool=$(pg_dump --version | grep -oE '[0-9]+' | head -n 1)
  ((tool >= server)) || fail "pg_dump $tool cannot read PostgreSQL $server: use the tools of $server"
}
