-- Where forwarders of this service are, one beside each replica, as the process beside it calls itself. An erasure is
-- complete when each of them has confirmed it. seen_at is renewed every ten minutes, not at each look.
CREATE TABLE forwarder_places (
  place   text        PRIMARY KEY,
  keeps   boolean     NOT NULL,                    -- false = what it keeps goes with the process
  seen_at timestamptz NOT NULL DEFAULT now()
);

-- Which of them has emptied what it kept of whom, and which erasure that was: somebody may be erased again later.
CREATE TABLE forwarder_confirmations (
  actor_id  text        NOT NULL REFERENCES erased_actors ON DELETE CASCADE,
  place     text        NOT NULL REFERENCES forwarder_places ON DELETE CASCADE,
  erased_at timestamptz NOT NULL,
  PRIMARY KEY (actor_id, place)
);
