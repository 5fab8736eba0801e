CREATE TABLE providers (
  id          uuid PRIMARY KEY,
  name        text NOT NULL,
  email       text NOT NULL,
  website     text,
  country     text,
  simulated   boolean NOT NULL DEFAULT false,
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- The inbox of Stripe's events: an id is inserted in the same transaction as what it caused. Of the payload only a
-- reference is kept (Stripe has the rest, and it may hold personal data).
CREATE TABLE stripe_events (
  id            text PRIMARY KEY,
  type          text NOT NULL,
  livemode      boolean NOT NULL,
  object_id     text,
  received_at   timestamptz NOT NULL DEFAULT now(),
  processed_at  timestamptz,
  outcome       text
);
CREATE INDEX stripe_events_object ON stripe_events (object_id, type);
CREATE INDEX stripe_events_received ON stripe_events (received_at);

-- One row per paid checkout session. The primary key is what makes a payment happen once, whatever Stripe repeats.
CREATE TABLE payments (
  session_id       text PRIMARY KEY,
  payment_intent   text,
  provider_id      text,
  order_reference  text,
  amount_cents     bigint NOT NULL CHECK (amount_cents >= 0),
  currency         text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  simulated        boolean NOT NULL DEFAULT false,
  stripe_event_id  text NOT NULL REFERENCES stripe_events (id),
  event_id         uuid NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payments_provider ON payments (provider_id, created_at) WHERE provider_id IS NOT NULL;
