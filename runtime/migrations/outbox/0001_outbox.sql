-- Events of this service that its forwarder does not have yet. A row is written in the transaction of the business row
-- that it speaks of, and deleted when the forwarder (or A8) has taken the event. Everything here is still to be sent.
CREATE TABLE outbox (
  event_id        uuid        PRIMARY KEY,
  seq             bigint      GENERATED ALWAYS AS IDENTITY,
  label           text        NOT NULL,
  -- json, not jsonb: the text is sent again exactly as it was written, so that its content hash never changes.
  event           json        NOT NULL,
  canary_token    text,
  traceparent     text,
  attempts        integer     NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  -- Refused for good; kept with the reason until a person decides.
  parked_at       timestamptz,
  problem         jsonb,
  created_at      timestamptz NOT NULL DEFAULT now()
) WITH (
  -- Rows live for milliseconds: vacuum by number, not by share of a table that is nearly always empty.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000
);

CREATE INDEX outbox_due ON outbox (next_attempt_at, seq) WHERE parked_at IS NULL;
CREATE INDEX outbox_parked ON outbox (parked_at) WHERE parked_at IS NOT NULL;
