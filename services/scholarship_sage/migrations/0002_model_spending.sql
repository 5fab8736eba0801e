-- What the model has cost on a day (UTC): a row of the service, and one of each person. Replicas share them.
CREATE TABLE model_spending (
  day     date   NOT NULL,
  spender text   NOT NULL,                         -- 'service', or 'user:' and the opaque id of who asked
  tokens  bigint NOT NULL CHECK (tokens >= 0),
  units   bigint NOT NULL CHECK (units >= 0),      -- as LLM_PRICE_* counts them
  PRIMARY KEY (day, spender)
);
CREATE INDEX model_spending_spender ON model_spending (spender);
