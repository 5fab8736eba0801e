import { createPeriodicTask, type PeriodicTask } from '@scholar/runtime/background';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Passage, PassageKind } from './passage.ts';
import { replacePassages } from './passage-store.ts';

export type PassageSync = Pick<ServiceDeps, 'withTransaction' | 'clock' | 'random' | 'log'> & {
  /** For the log. */
  what: string;
  kind: PassageKind;
  read: (signal: AbortSignal) => Promise<Passage[]>;
  /** On average, ms; without it one success is enough. */
  intervalMs?: number;
  onResult: (result: 'renewed' | 'failed') => void;
};

/** Keeps the passages of one kind as their source has them, in the background. */
export function createPassageSync({ what, kind, read, onResult, ...deps }: PassageSync): PeriodicTask {
  return createPeriodicTask({
    ...deps,
    name: `the renewal of ${what}`,
    meanwhile: 'answers rest on the last copy',
    async run(signal) {
      const passages = await read(signal);
      await deps.withTransaction((tx) => replacePassages(tx, kind, passages));
      onResult('renewed');
    },
    onFailure: () => onResult('failed'),
  });
}
