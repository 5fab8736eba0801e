-- How many forms came from one network within a window. The sender is a keyed hash of network and window together: what
-- is kept of two windows cannot be told to be of one network, and rows of windows that are over are deleted.
CREATE TABLE form_senders (
  sender       bytea       PRIMARY KEY,
  window_start timestamptz NOT NULL,
  sent         integer     NOT NULL
);
CREATE INDEX form_senders_window ON form_senders (window_start);
