import { createLoop } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import { VERSION } from '@scholar/runtime/running';
import type { ConservationMemory } from '../../conservation/conservation.ts';
import type { Ask } from '../../gather/http-client.ts';
import { verifyTwice } from '../../verify/verify-twice.ts';
import type { StateLayout } from './layout.ts';
import { openLocalTarget } from './local-target.ts';

/** Seconds between two verifications; A8 calls the truth table unknown after two of them without a heartbeat. */
const WATCH_PERIOD_S = 60;

export interface Watch {
  stop: () => Promise<void>;
}

/** Verifies again and again and tells A8 that somebody still looks. A failed pass is not an error: the next one comes. */
export function startWatch(deps: { layout: StateLayout; clock: Clock; ask: Ask }): Watch {
  const memory: ConservationMemory = new Map();
  const loop = createLoop({
    clock: deps.clock,
    pass: async () => {
      await pass({ ...deps, memory }).catch((cause: unknown) => {
        process.stderr.write(`watch: ${cause instanceof Error ? cause.message : String(cause)}\n`);
      });
      return WATCH_PERIOD_S * 1_000;
    },
  });
  loop.start();
  return loop;
}

async function pass(deps: {
  layout: StateLayout;
  clock: Clock;
  ask: Ask;
  memory: ConservationMemory;
}): Promise<void> {
  const { layout, clock, ask, memory } = deps;
  const target = await openLocalTarget(layout, { memory });
  try {
    const proof = await verifyTwice({ target, ask, clock });
    await target.recordVerdicts(proof.table);
    const at = new Date(clock.now()).toISOString();
    await target.recordHeartbeat({ at, target: 'local', period_s: WATCH_PERIOD_S, version: VERSION });
  } finally {
    await target.close();
  }
}
