-- Mails to be sent. A row holds no secret: the link in a mail is made at the moment of sending.
-- One row per person and purpose, so that a flood of requests cannot become a flood of mails.
CREATE TABLE mail_queue (
  mail_id    uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id    uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
  purpose    text        NOT NULL CHECK (purpose IN ('verify', 'password')),
  created_at timestamptz NOT NULL DEFAULT now(),
  due_at     timestamptz NOT NULL,
  attempts   integer     NOT NULL DEFAULT 0,
  UNIQUE (user_id, purpose)
);
CREATE INDEX mail_queue_due ON mail_queue (due_at);

-- What a link in a mail proves: whoever has it reads the mail of that address. Works once.
CREATE TABLE mail_links (
  token_hash bytea       PRIMARY KEY,               -- SHA-256 of the token, which is random
  user_id    uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
  purpose    text        NOT NULL CHECK (purpose IN ('verify', 'password')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX mail_links_user ON mail_links (user_id);
CREATE INDEX mail_links_expiry ON mail_links (expires_at);

-- Where mails land on a machine without an SMTP server (MAILBOX=true). Sealed like the addresses.
CREATE TABLE mailbox (
  mail_id uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
  sealed  bytea       NOT NULL,
  sent_at timestamptz NOT NULL
);
CREATE INDEX mailbox_sent ON mailbox (sent_at);

-- Wider than before: a release back writes 'reuse' and 'logout' still.
ALTER TABLE refresh_families
  DROP CONSTRAINT refresh_families_revoked_reason_check,
  ADD CONSTRAINT refresh_families_revoked_reason_check
    CHECK (revoked_reason IN ('reuse', 'logout', 'everywhere', 'password'));
