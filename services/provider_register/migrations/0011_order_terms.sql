-- What an order costs is settled when its first payment page is opened: a price that changes later is that of the next order.
ALTER TABLE checkout_attempts
  ADD COLUMN amount_cents bigint CHECK (amount_cents >= 0),
  ADD COLUMN currency text CHECK (currency ~ '^[A-Z]{3}$');
CREATE INDEX checkout_attempts_reference ON checkout_attempts (reference);
