-- Whose events this service's forwarders have to empty. There may be several forwarders, one beside each replica, and
-- one that is away now: a row stays until each of them has had the time to come back, and is forgotten then.
CREATE TABLE erased_actors (
  actor_id  text        PRIMARY KEY,
  erased_at timestamptz NOT NULL DEFAULT now()
);
