-- What Stripe has given back of a payment, by payment intent: a refund may be told before the payment itself. Of two
-- reports the later one counts (`reported_at` is Stripe's time of the event), in whatever order they come.
CREATE TABLE refunds (
  payment_intent   text PRIMARY KEY,
  refunded_cents   bigint NOT NULL CHECK (refunded_cents >= 0),
  currency         text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  reported_at      timestamptz NOT NULL,
  simulated        boolean NOT NULL DEFAULT false,
  stripe_event_id  text NOT NULL REFERENCES stripe_events (id),
  created_at       timestamptz NOT NULL DEFAULT now()
);
