-- An event that came with a valid key and was refused. Never a body: only what tells which event,
-- which part of it and whose key.
CREATE TABLE rejected_events (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz(3) NOT NULL,
  code         text NOT NULL,
  app_label    text,
  event_id     uuid,
  pointer      text,
  expected     text,
  got          text,
  -- Content hash where the body was a valid event (a conflict), else none.
  content_hash bytea,
  -- SHA-256 of the raw body; null where the body was over the limit and not kept.
  body_hash    bytea,
  size_bytes   integer NOT NULL,
  key_names    text[] NOT NULL,
  key_id       text NOT NULL,
  request_id   text NOT NULL,
  canary_id    text,
  -- Refusals of the same key and code since the previous row of theirs that were counted, not kept.
  suppressed   integer NOT NULL DEFAULT 0
);

CREATE INDEX rejected_events_at ON rejected_events (at);

-- What A8 has seen of each label, at most one row per label and kind, so that counts survive a restart
-- and add up over replicas. Written about once a second, from memory.
CREATE TABLE sightings (
  app_label text NOT NULL,
  kind      text NOT NULL,
  hits      bigint NOT NULL,
  last_at   timestamptz(3) NOT NULL,
  PRIMARY KEY (app_label, kind)
);
