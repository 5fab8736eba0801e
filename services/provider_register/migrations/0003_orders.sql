-- Each refund by itself, by Stripe's id of it. One that failed (for good, so of several reports the earliest time counts)
-- gives nothing back. What was given back in all is made of both tables (src/payments/given-back.ts).
CREATE TABLE single_refunds (
  refund_id        text PRIMARY KEY,
  payment_intent   text NOT NULL,
  amount_cents     bigint NOT NULL CHECK (amount_cents >= 0),
  currency         text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  failed_at        timestamptz,
  stripe_event_id  text NOT NULL REFERENCES stripe_events (id),
  created_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX single_refunds_intent ON single_refunds (payment_intent);

-- Each payment page that a provider was led to: an order may need several, since a page expires and a debit fails.
CREATE TABLE checkout_attempts (
  session_id   text PRIMARY KEY,
  provider_id  text NOT NULL,
  reference    text NOT NULL,
  simulated    boolean NOT NULL DEFAULT false,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX checkout_attempts_provider ON checkout_attempts (provider_id, created_at);

-- For the comparison with Stripe's books.
CREATE INDEX payments_created ON payments (created_at);
CREATE INDEX payments_intent ON payments (payment_intent) WHERE payment_intent IS NOT NULL;
