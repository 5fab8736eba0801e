-- The catalogue of scholarship_api as we saw it last, so that pages stand while that service does not answer.
CREATE TABLE catalogue (
  scholarship_id text        PRIMARY KEY,
  slug           text        NOT NULL UNIQUE,
  title          text        NOT NULL,
  summary        text        NOT NULL,
  fields         text[]      NOT NULL,               -- the catalogue's words, for example computer-science
  regions        text[]      NOT NULL,
  amount         text,                               -- as shown, for example "USD 4,900"
  deadline       date,
  seen_at        timestamptz NOT NULL
);
CREATE INDEX catalogue_fields ON catalogue USING gin (fields);
CREATE INDEX catalogue_regions ON catalogue USING gin (regions);
CREATE INDEX catalogue_title ON catalogue (title, scholarship_id);

-- The only table that holds an e-mail address: it is needed to make the account. Events carry lead_id instead.
CREATE TABLE leads (
  lead_id        uuid        PRIMARY KEY,
  email          text        NOT NULL,
  name           text,
  scholarship_id text,
  page           text,
  submission_key bytea       UNIQUE,                 -- one form or one Idempotency-Key is one lead
  content_hash   bytea       NOT NULL,               -- keyed hash: the same key with other content is a conflict
  simulated      boolean     NOT NULL DEFAULT false,
  created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX leads_simulated ON leads (created_at) WHERE simulated;

-- The account in scholar_auth that belongs to a lead; made in the lead's transaction, settled by the account worker.
--   pending -> linked    scholar_auth made or found the account
--   pending -> refused   scholar_auth will never make it (the problem's code is kept)
--   pending -> expired   a canary's token ran out before scholar_auth answered
CREATE TABLE user_links (
  lead_id         uuid        PRIMARY KEY REFERENCES leads ON DELETE CASCADE,
  state           text        NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'linked', 'refused', 'expired')),
  user_id         uuid,
  canary_token    text,                              -- passed on to scholar_auth; cleared when settled
  attempts        integer     NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  last_problem    text,
  settled_at      timestamptz,
  CHECK ((state = 'linked') = (user_id IS NOT NULL))
);
CREATE INDEX user_links_due ON user_links (next_attempt_at) WHERE state = 'pending';

-- Keys made by the service itself on first start and shared by its replicas.
CREATE TABLE page_keys (
  name  text  PRIMARY KEY,
  value bytea NOT NULL
);
