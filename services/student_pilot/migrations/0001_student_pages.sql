-- What a student tells about themself; every answer is optional. One row per account of scholar_auth.
CREATE TABLE student_profiles (
  user_id     text        PRIMARY KEY,
  degree      text,
  field       text,
  region      text,
  citizenship text,
  gpa         double precision CHECK (gpa BETWEEN 0 AND 4),
  income_band smallint CHECK (income_band BETWEEN 1 AND 5),
  age         smallint CHECK (age BETWEEN 0 AND 120),
  updated_at  timestamptz NOT NULL DEFAULT now()
);

-- One row per asking for matches, written together with its ScholarshipMatchRequested, before scholarship_agent is
-- asked. outcome NULL: not known (yet, or this process ended meanwhile). The profile is not kept here.
CREATE TABLE match_requests (
  request_id uuid        PRIMARY KEY,
  event_id   uuid        NOT NULL,
  user_id    text        NOT NULL,
  outcome    text        CHECK (outcome IN ('ok', 'unavailable')),
  matches    integer,
  waited_ms  integer,
  simulated  boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX match_requests_age ON match_requests (created_at);
CREATE INDEX match_requests_user ON match_requests (user_id);
