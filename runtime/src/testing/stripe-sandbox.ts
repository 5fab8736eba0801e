import { join } from 'node:path';
import { tempDir } from './run-folder.ts';
import { type SpawnedService, spawnService } from './spawn-service.ts';

const ENTRY = join(import.meta.dirname, '../../../services/stripe_sandbox/src/main.ts');

export type StripeSandbox = {
  /** Its address, for STRIPE_API_URL. */
  apiUrl: string;
  stop: SpawnedService['stop'];
};

/**
 * The real sandbox as a process of its own, once it listens. Without SANDBOX_WEBHOOK_URL nothing that it says is delivered.
 * @param options.port a free one unless given
 */
export async function startStripeSandbox(
  options: { port?: number; env?: Record<string, string> } = {},
): Promise<StripeSandbox> {
  const { port = 0, env = {} } = options;
  const process = spawnService({
    entry: ENTRY,
    env: { PORT: String(port), SANDBOX_DIR: await tempDir('sandbox'), ...env },
  });
  try {
    const [, actual = ''] = await process.waitForOutput(/"port":(\d+)/);
    return { apiUrl: `http://127.0.0.1:${actual}`, stop: process.stop };
  } catch (error) {
    await process.stop();
    throw error;
  }
}
