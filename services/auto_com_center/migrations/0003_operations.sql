-- What the operator reports. These are not events: they have their own key role and their own tables.
CREATE TABLE verdicts (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  at          timestamptz NOT NULL,
  target      text NOT NULL,
  environment text NOT NULL,
  ok          boolean NOT NULL,
  document    jsonb NOT NULL
);

CREATE INDEX verdicts_latest ON verdicts (target, id);

-- Which events a verdict rests on. No foreign key to events: evidence must stay readable
-- after the event has expired, and its absence is what A8 reports.
CREATE TABLE verdict_evidence (
  verdict_id bigint NOT NULL REFERENCES verdicts (id) ON DELETE CASCADE,
  event_id   uuid NOT NULL,
  app_label  text NOT NULL,
  seen_at    timestamptz NOT NULL,
  PRIMARY KEY (verdict_id, event_id, app_label)
);

CREATE INDEX verdict_evidence_event ON verdict_evidence (event_id);

CREATE TABLE repairs (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received_at  timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  at           timestamptz NOT NULL,
  target       text NOT NULL,
  finding_code text NOT NULL,
  app          text,
  applied      boolean NOT NULL,
  ok           boolean NOT NULL,
  document     jsonb NOT NULL
);

CREATE TABLE heartbeats (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  at          timestamptz NOT NULL,
  target      text NOT NULL,
  period_s    integer NOT NULL,
  version     text NOT NULL
);

CREATE INDEX heartbeats_latest ON heartbeats (target, id);
