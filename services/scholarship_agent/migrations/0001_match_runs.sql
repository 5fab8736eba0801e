-- One row per matching, written together with its ScholarshipMatchResult. Who asked and what the profile said are
-- not kept: the fingerprint only tells whether two runs were asked the same.
CREATE TABLE match_runs (
  run_id              uuid        PRIMARY KEY,
  event_id            uuid        NOT NULL,
  asked_by            text        NOT NULL CHECK (asked_by IN ('user', 'service', 'canary')),
  catalogue           text        NOT NULL CHECK (catalogue IN ('current', 'stale', 'unavailable')),
  considered          integer     NOT NULL CHECK (considered >= 0),
  eligible            integer     NOT NULL CHECK (eligible >= 0),
  returned            integer     NOT NULL CHECK (returned >= 0),
  latency_ms          integer     NOT NULL CHECK (latency_ms >= 0),
  success             boolean     NOT NULL,
  profile_fingerprint text        NOT NULL,
  simulated           boolean     NOT NULL DEFAULT false,
  created_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX match_runs_age ON match_runs (created_at);
CREATE INDEX match_runs_event ON match_runs (event_id);
