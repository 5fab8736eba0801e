-- The public keys of scholar_auth as they were fetched last: a process that starts while scholar_auth is away goes on
-- believing its tokens. One row.
CREATE TABLE issuer_keys (
  one        boolean     PRIMARY KEY DEFAULT true CHECK (one),
  jwks       jsonb       NOT NULL,
  fetched_at timestamptz NOT NULL
);
