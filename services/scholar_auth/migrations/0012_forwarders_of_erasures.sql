-- An erasure is over when the forwarders of every service have confirmed it as well. The account goes before: when A2 to
-- A8 have confirmed. A release back knows nothing of this and finishes such a request without the forwarders' word.
ALTER TABLE erasure_requests ADD COLUMN account_erased_at timestamptz;

-- One row per service whose forwarders have to confirm: A1 to A7. Made when the account goes.
CREATE TABLE erasure_forwarders (
  request_id      uuid        NOT NULL REFERENCES erasure_requests ON DELETE CASCADE,
  party           text        NOT NULL,
  forwarders      integer,                            -- as the service told last; NULL = not asked yet
  waiting         integer,                            -- those of them that have not confirmed
  attempts        integer     NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  last_problem    text,
  confirmed_at    timestamptz,
  PRIMARY KEY (request_id, party)
);
CREATE INDEX erasure_forwarders_due ON erasure_forwarders (next_attempt_at) WHERE confirmed_at IS NULL;
