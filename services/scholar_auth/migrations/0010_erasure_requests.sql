-- A person asked to be erased. The row is the request: whatever process runs goes on with it where the last one stopped.
CREATE TABLE erasure_requests (
  request_id   uuid        PRIMARY KEY,
  user_id      uuid,                               -- forgotten when it is finished
  requested_at timestamptz NOT NULL,
  finished_at  timestamptz,
  CHECK ((finished_at IS NULL) = (user_id IS NOT NULL))
);
CREATE UNIQUE INDEX erasure_requests_open ON erasure_requests (user_id) WHERE user_id IS NOT NULL;

-- One row per party that has to confirm: A2 to A7, and A8 last of all.
CREATE TABLE erasure_confirmations (
  request_id      uuid        NOT NULL REFERENCES erasure_requests ON DELETE CASCADE,
  party           text        NOT NULL,
  actors          text[]      NOT NULL DEFAULT '{}',  -- other names of the person in A8; forgotten when it is finished
  attempts        integer     NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  last_problem    text,
  confirmed_at    timestamptz,
  erased          jsonb,                              -- rows by table
  PRIMARY KEY (request_id, party)
);
CREATE INDEX erasure_confirmations_due ON erasure_confirmations (next_attempt_at) WHERE confirmed_at IS NULL;
