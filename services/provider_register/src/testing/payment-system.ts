import { join } from 'node:path';
import {
  createServiceHarness,
  createTestDatabase,
  freePort,
  type ServiceHarness,
  spawnService,
  waitFor,
} from '@scholar/runtime/testing';
import type Stripe from 'stripe';
import { service } from '../service.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

const A2 = join(import.meta.dirname, '../../../scholarship_api/src/main.ts');
const SECRET = 'whsec_of_the_flow';
const KEY = 'sk_test_flow';

export type PaymentSystem = {
  a6: ServiceHarness;
  /** Of the sandbox. */
  apiUrl: string;
  stripe: Stripe;
  stop(): Promise<void>;
};

/** This service with a real sandbox that sends it webhooks, and a real scholarship_api that opens payment pages there. */
export async function startPaymentSystem(): Promise<PaymentSystem> {
  const [port, a2Port] = [await freePort(), await freePort()];
  const apiUrl = `http://127.0.0.1:${port}`;
  const a2Url = `http://127.0.0.1:${a2Port}`;
  const database = await createTestDatabase();
  const a6 = await createServiceHarness(service, {
    env: { STRIPE_WEBHOOK_SECRET: SECRET, STRIPE_API_URL: apiUrl, A2_URL: a2Url },
  });
  const a2 = spawnService({
    entry: A2,
    env: {
      ...{ HOST: '127.0.0.1', PORT: String(a2Port), OPS_HOST: '127.0.0.1', OPS_PORT: '0' },
      ...{ DATABASE_URL: database.url, A1_URL: a6.identity.url, SAMPLE_DATA: 'false' },
      ...{ STRIPE_SECRET_KEY: KEY, STRIPE_API_URL: apiUrl },
    },
  });
  let sandbox: Sandbox | undefined;
  const stop = async () => {
    await Promise.all([a2.stop(), sandbox?.stop(), a6.stop()]);
    await database.drop();
  };
  try {
    sandbox = await startSandbox({
      ...{ key: KEY, port },
      env: {
        SANDBOX_WEBHOOK_URL: `${a6.url}/webhooks/stripe`,
        SANDBOX_WEBHOOK_SECRET: SECRET,
        SANDBOX_RETRY_BASE: '50',
      },
    });
    const ready = async () => (await fetch(`${a2Url}/ready`)).status === 200;
    await waitFor(ready, { timeoutMs: 120_000, what: 'scholarship_api becoming ready' });
    return { a6, apiUrl, stripe: sandbox.stripe, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
