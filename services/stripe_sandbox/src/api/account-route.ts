import type { Express } from 'express';
import type { createApiRoute } from './api-route.ts';

/** GET /v1/balance and /v1/account: what an auditor calls to learn whether a key works. */
export function accountRoutes(app: Express, route: ReturnType<typeof createApiRoute>): void {
  app.get(
    '/v1/balance',
    route(() => ({
      body: {
        object: 'balance',
        available: [{ amount: 0, currency: 'usd', source_types: { card: 0 } }],
        livemode: false,
        pending: [{ amount: 0, currency: 'usd', source_types: { card: 0 } }],
      },
    })),
  );
  app.get(
    '/v1/account',
    route(() => ({
      body: {
        id: 'acct_sandbox',
        object: 'account',
        business_profile: { name: 'scholar sandbox' },
        charges_enabled: true,
        country: 'US',
        default_currency: 'usd',
        details_submitted: true,
        payouts_enabled: false,
        type: 'standard',
      },
    })),
  );
}
