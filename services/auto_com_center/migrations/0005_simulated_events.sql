-- Simulated rows expire; this finds the old ones. A partial index costs real events nothing.
CREATE INDEX events_simulated ON events (received_at) WHERE simulated;
