/**
 * What was given back of a payment `p`, as a number in the smallest unit: the greater of two sums, for either may lag behind.
 * The first is Stripe's last word on the charge (its total of that moment) less the refunds that failed since; the second
 * is made of the refunds that were told one by one. Stripe tells times in seconds: where a refund fails and another is made
 * within one, only the second sum is right.
 */
export const GIVEN_BACK = `greatest(
    coalesce((
      SELECT r.refunded_cents - coalesce((
        SELECT sum(s.amount_cents) FROM single_refunds s
        WHERE s.payment_intent = r.payment_intent AND s.currency = r.currency AND s.failed_at >= r.reported_at), 0)
      FROM refunds r WHERE r.payment_intent = p.payment_intent AND r.currency = p.currency), 0),
    coalesce((
      SELECT sum(s.amount_cents) FROM single_refunds s
      WHERE s.payment_intent = p.payment_intent AND s.currency = p.currency AND s.failed_at IS NULL), 0)
  )::float8`;
