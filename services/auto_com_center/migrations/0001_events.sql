-- One row per event id, however often the event was delivered. The primary key is event_id alone,
-- so that a sharding extension can later distribute the table by it.
-- Every name is unqualified: the schema is the one that the role owns (search_path "$user").
CREATE TABLE events (
  event_id     uuid PRIMARY KEY,
  app_label    text NOT NULL,
  event_type   text NOT NULL,
  occurred_at  timestamptz NOT NULL,
  -- Milliseconds, because the receipt shows milliseconds and must equal the row.
  received_at  timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  actor_id     text NOT NULL,
  session_id   text,
  source       text NOT NULL,
  payload      jsonb NOT NULL,
  simulated    boolean NOT NULL,
  -- SHA-256 over the RFC 8785 form of {label, body after alias mapping}.
  content_hash bytea NOT NULL,
  deliveries   integer NOT NULL DEFAULT 1,
  -- What follows belongs to the first delivery.
  request_id   text NOT NULL,
  key_id       text NOT NULL,
  canary_id    text,
  forwarder_id text,
  traceparent  text,
  -- Together the read cursor: xid orders transactions, seq orders rows inside one.
  xid          xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- 256 is the largest batch: one sequence record in the WAL for a batch, not eight.
  seq          bigint GENERATED ALWAYS AS IDENTITY (CACHE 256)
);

CREATE INDEX events_cursor ON events (xid, seq);

-- Rows arrive in the order of received_at, so block ranges are enough for "since" and "the last hour".
CREATE INDEX events_received_at ON events USING brin (received_at) WITH (pages_per_range = 32, autosummarize = on);
