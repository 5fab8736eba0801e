import { join } from 'node:path';
import { type SpawnedService, spawnService, tempDir } from '@scholar/runtime/testing';
import Stripe from 'stripe';

const ENTRY = join(import.meta.dirname, '../../../stripe_sandbox/src/main.ts');

export type Sandbox = {
  /** Its address, for STRIPE_API_URL. */
  apiUrl: string;
  stripe: Stripe;
  stop: SpawnedService['stop'];
};

/**
 * The real sandbox as a process of its own, once it listens. Without SANDBOX_WEBHOOK_URL nothing that it says is delivered.
 * @param options.port a free one unless given
 */
export async function startSandbox(options: {
  key: string;
  port?: number;
  env?: Record<string, string>;
}): Promise<Sandbox> {
  const { key, port = 0, env = {} } = options;
  const process = spawnService({
    entry: ENTRY,
    env: { PORT: String(port), SANDBOX_DIR: await tempDir('sandbox'), ...env },
  });
  try {
    const [, actual = ''] = await process.waitForOutput(/"port":(\d+)/);
    return {
      apiUrl: `http://127.0.0.1:${actual}`,
      stripe: new Stripe(key, { host: '127.0.0.1', port: actual, protocol: 'http', telemetry: false }),
      stop: process.stop,
    };
  } catch (error) {
    await process.stop();
    throw error;
  }
}
