-- People. The address is never kept in the clear: email_hash finds the account, email_sealed can be opened again
-- (to write to its owner) only with EMAIL_HASH_KEY, which lives outside of the database.
CREATE TABLE users (
  user_id           uuid        PRIMARY KEY,
  email_hash        text        NOT NULL UNIQUE CHECK (email_hash ~ '^[0-9a-f]{64}$'),
  email_key         text        NOT NULL,          -- fingerprint of the key that made email_hash
  email_sealed      bytea       NOT NULL,
  email_verified_at timestamptz,
  password_hash     text,                          -- PHC string; NULL = made by another service, cannot sign in yet
  roles             text[]      NOT NULL CHECK (roles <@ ARRAY['student', 'provider', 'staff'] AND cardinality(roles) > 0),
  origin            text        NOT NULL,          -- the route that made the account
  simulated         boolean     NOT NULL DEFAULT false,
  created_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX users_simulated ON users (created_at) WHERE simulated;

-- One family per sign-in. Every refresh uses one token up and adds the next one to the family.
CREATE TABLE refresh_families (
  family_id      uuid        PRIMARY KEY,
  user_id        uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at     timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL,
  revoked_at     timestamptz,
  revoked_reason text CHECK (revoked_reason IN ('reuse', 'logout'))
);
CREATE INDEX refresh_families_user ON refresh_families (user_id);
CREATE INDEX refresh_families_expiry ON refresh_families (expires_at);

CREATE TABLE refresh_tokens (
  token_hash bytea       PRIMARY KEY,              -- SHA-256 of the token; the token itself is random, so no salt is needed
  family_id  uuid        NOT NULL REFERENCES refresh_families ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at    timestamptz
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);

-- Keys that sign access tokens. retired_at: signs no more, still published until the last token has run out.
CREATE TABLE signing_keys (
  kid         text        PRIMARY KEY,
  public_jwk  jsonb       NOT NULL,
  private_jwk jsonb       NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  retired_at  timestamptz
);

-- Sign-in attempts per address hash and per client address hash, in fixed windows; shared by all replicas.
CREATE TABLE login_attempts (
  bucket     text        PRIMARY KEY,
  attempts   integer     NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX login_attempts_expiry ON login_attempts (expires_at);
