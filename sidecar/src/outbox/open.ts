import type { Outbox, OutboxOptions } from './api.ts';

/**
 * Takes the lock, recovers what a crash left, and answers an outbox that is ready to append.
 * @throws OutboxLocked, OutboxTooNew, or the disk's own error when the folder cannot be used
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  await Promise.resolve();
  throw new Error(`not built yet: ${options.dir}`);
}
