-- An erased event keeps its id, label, type, times and who delivered it, and nothing of the person.
ALTER TABLE events ADD COLUMN erased_at timestamptz(3);

-- Under which the names of erased actors are hashed. Random, made here, never shown: without it a hash answers no guess.
CREATE TABLE erasure_key (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  key      bytea NOT NULL
);
INSERT INTO erasure_key (key)
VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

-- The record of each erasure, and how far it has come. Never the actor's id.
CREATE TABLE erasures (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  actor_hash   bytea NOT NULL,
  requested_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  -- Id of the key with which it was asked for.
  requested_by text NOT NULL,
  -- Everything up to here, in the order of the read cursor, was looked at.
  xid          xid8 NOT NULL DEFAULT '0',
  seq          bigint NOT NULL DEFAULT 0,
  -- No transaction before this one can hold an event that was written without knowing of the erasure.
  until_xid    xid8,
  events       bigint NOT NULL DEFAULT 0,
  refusals     bigint NOT NULL DEFAULT 0,
  finished_at  timestamptz(3)
);

CREATE UNIQUE INDEX erasures_unfinished ON erasures (actor_hash) WHERE finished_at IS NULL;
CREATE INDEX erasures_requested_at ON erasures (requested_at);
