-- A browser's sign-in. The cookie holds a random id; only its SHA-256 is kept, so that a copy of the
-- database opens no session. Kept here, not in memory: any replica can answer.
CREATE TABLE sessions (
  id_hash         bytea PRIMARY KEY,
  key_id          text NOT NULL,
  key_fingerprint text NOT NULL,
  expires_at      timestamptz NOT NULL
);
