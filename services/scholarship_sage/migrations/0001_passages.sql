-- What may be cited: sections of our guide, and the scholarships of scholarship_api. The title weighs more than the text.
CREATE TABLE passages (
  passage_id text PRIMARY KEY,                     -- guide/<chapter>#<section> or scholarships/<id>
  kind       text NOT NULL CHECK (kind IN ('guide', 'scholarship')),
  title      text NOT NULL,
  body       text NOT NULL,
  search     tsvector NOT NULL GENERATED ALWAYS AS (
               setweight(to_tsvector('english'::regconfig, title), 'A')
               || setweight(to_tsvector('english'::regconfig, body), 'C')
             ) STORED
);
CREATE INDEX passages_search ON passages USING gin (search);

-- One row per answer, written together with its SageAssist. No question, no answer, nobody's name.
CREATE TABLE answers_log (
  answer_id  uuid        PRIMARY KEY,
  event_id   uuid        NOT NULL,
  latency_ms integer     NOT NULL CHECK (latency_ms >= 0),
  success    boolean     NOT NULL,
  supported  boolean     NOT NULL,
  provider   text        NOT NULL CHECK (provider IN ('extractive', 'llm')),
  citations  integer     NOT NULL CHECK (citations >= 0),
  simulated  boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX answers_log_age ON answers_log (created_at);
CREATE INDEX answers_log_event ON answers_log (event_id);
