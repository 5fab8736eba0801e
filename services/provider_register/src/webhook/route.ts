import { HEADER, headerText } from '@scholar/contract';
import { HttpProblem } from '@scholar/runtime/http';
import type { Express } from 'express';
import type { RegisterDeps } from '../deps.ts';
import { receiveEvent } from './receive-event.ts';
import { splitSecrets, verifySignature } from './verify-signature.ts';

export const WEBHOOK_PATH = '/webhooks/stripe';

/**
 * POST /webhooks/stripe → 200 `{received: true, duplicate, outcome?}` once the event is stored. 400 for a signature that
 * does not fit, 503 `webhook_secret_missing` without a secret (Stripe then tries again for three days), 422
 * `livemode_mismatch` for an event of the other mode. The path must be among the raw body paths of the app.
 */
export function webhookRoute(
  app: Express,
  deps: RegisterDeps & { webhookSecret: () => string | undefined },
): void {
  app.post(WEBHOOK_PATH, async (req, res) => {
    const secrets = splitSecrets(deps.webhookSecret());
    if (secrets.length === 0) throw secretMissing();
    const verified = verifySignature({
      rawBody: Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
      signature: req.get('stripe-signature'),
      secrets,
      nowMs: deps.clock.now(),
    });
    if (!verified.ok) throw badSignature(verified.reason);
    const received = await receiveEvent(deps, verified.event, headerText(req.headers, HEADER.canary));
    if (!received.duplicate && received.outcome === 'livemode_mismatch') {
      throw wrongMode(verified.event.livemode, deps.environment);
    }
    res.json({ received: true, ...received });
  });
}

function secretMissing(): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'webhook_secret_missing',
    detail:
      'STRIPE_WEBHOOK_SECRET is missing: set it to the signing secret of this endpoint. Stripe tries again.',
    headers: { 'retry-after': '60' },
  });
}

function badSignature(reason: string): HttpProblem {
  return new HttpProblem({ status: 400, code: 'bad_signature', detail: reason });
}

function wrongMode(livemode: boolean, environment: string): HttpProblem {
  return new HttpProblem({
    status: 422,
    code: 'livemode_mismatch',
    detail: `A ${livemode ? 'live' : 'test'} event came to ${environment}. Register this endpoint in the other mode of Stripe.`,
  });
}
