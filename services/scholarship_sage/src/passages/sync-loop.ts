import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';

const RETRY = { baseMs: 500, capMs: 10_000 };

export type SyncLoopOptions = {
  /** For the log: "the guide", "the catalogue". */
  what: string;
  sync: (signal: AbortSignal) => Promise<void>;
  /** On average; without it one success is enough. */
  intervalMs?: number;
  clock: Clock;
  random: () => number;
  log: Logger;
  onResult?: (result: 'renewed' | 'failed') => void;
};

/** Does a renewal in the background again and again; a failure is mentioned once and tried again with jitter. */
export function createSyncLoop(options: SyncLoopOptions): { start(): void; stop(): Promise<void> } {
  const { what, sync, intervalMs, clock, random, log, onResult } = options;
  const stopping = new AbortController();
  let failures = 0;
  let loop: Promise<void> | undefined;

  async function pass(): Promise<void> {
    try {
      await sync(stopping.signal);
      if (failures > 0) log.info(`${what} is fresh again`);
      failures = 0;
      onResult?.('renewed');
    } catch (err) {
      if (stopping.signal.aborted) return;
      if (failures === 0) log.warn({ err }, `${what} could not be renewed; answers rest on the last copy`);
      failures += 1;
      onResult?.('failed');
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pass();
      if (failures === 0 && intervalMs === undefined) return;
      // Half to one and a half of the interval: replicas that started together drift apart.
      const regular = (intervalMs ?? RETRY.capMs) * (0.5 + random());
      const retry = 50 + fullJitter({ attempt: failures - 1, random, ...RETRY });
      await clock.sleep(failures === 0 ? regular : Math.min(regular, retry), stopping.signal);
    }
  }

  return {
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
