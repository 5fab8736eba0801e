-- When a place was seen first: a replica that is new is not late with what was erased before it came.
ALTER TABLE forwarder_places ADD COLUMN since timestamptz NOT NULL DEFAULT now();

-- Forwarders that cannot confirm, because damaged files name the actor, or may: a person has to look. A row goes when
-- the forwarder confirms.
CREATE TABLE forwarder_quarantines (
  actor_id  text        NOT NULL REFERENCES erased_actors ON DELETE CASCADE,
  place     text        NOT NULL REFERENCES forwarder_places ON DELETE CASCADE,
  files     integer     NOT NULL CHECK (files > 0),
  PRIMARY KEY (actor_id, place)
);
