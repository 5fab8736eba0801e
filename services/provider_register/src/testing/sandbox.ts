import { type StripeSandbox, startStripeSandbox } from '@scholar/runtime/testing';
import Stripe from 'stripe';

export type Sandbox = StripeSandbox & { stripe: Stripe };

/** The sandbox, and the SDK of Stripe that talks to it. */
export async function startSandbox({
  key,
  ...options
}: { key: string } & Parameters<typeof startStripeSandbox>[0]): Promise<Sandbox> {
  const sandbox = await startStripeSandbox(options);
  const { hostname: host, port } = new URL(sandbox.apiUrl);
  return { ...sandbox, stripe: new Stripe(key, { host, port, protocol: 'http', telemetry: false }) };
}
