-- Private halves are sealed with KEY_ENCRYPTION_KEY; private_jwk holds only what a release before this one wrote, until
-- it is sealed, too. When a key signs is in signs_from and signs_until. A release back cannot open a sealed half: each
-- such row has retired_at, so that it makes a key of its own and goes on publishing these.
ALTER TABLE signing_keys
  ALTER COLUMN private_jwk DROP NOT NULL,
  ADD COLUMN private_sealed bytea,                 -- iv | tag | ciphertext of the private JWK, bound to kid
  ADD COLUMN sealed_with    text,                  -- fingerprint of the key that sealed it
  ADD COLUMN signs_from     timestamptz,           -- NULL = written by a release back
  ADD COLUMN signs_until    timestamptz;           -- NULL = until there is a next one

-- Mails without a link: somebody signed up with an address that has an account, and a password was changed.
ALTER TABLE mail_queue
  DROP CONSTRAINT mail_queue_purpose_check,
  ADD CONSTRAINT mail_queue_purpose_check CHECK (purpose IN ('verify', 'password', 'taken', 'changed'));
