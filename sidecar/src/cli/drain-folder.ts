import { access } from 'node:fs/promises';
import { hostname } from 'node:os';
import { systemClock } from '@scholar/runtime/clock';
import { secretFile, staticSecret } from '@scholar/runtime/config';
import { silentLogger } from '@scholar/runtime/log';
import { createMetrics } from '@scholar/runtime/metrics';
import { silentTracer } from '@scholar/runtime/tracing';
import { Delivery } from '../delivery/delivery.ts';
import { followDestination } from '../delivery/destination-source.ts';
import { createLedger } from '../delivery/ledger.ts';
import { DEFAULT_PACING } from '../delivery/pacing.ts';
import { createSender } from '../delivery/sender.ts';
import { sameEvent } from '../intake/same-event.ts';
import { FORWARDER_METRICS } from '../metrics.ts';
import { type Outbox, OutboxError, openOutbox } from '../outbox/index.ts';
import type { Drain } from './drain.ts';
import { CannotLook } from './outbox-access.ts';
import type { DrainState } from './remote-outbox.ts';

const RELOAD_MS = 5_000;

/**
 * Delivers what lies in the folder of a forwarder that does not run (its application was scaled down, for instance), by
 * the same loop and the same rules. Takes the lock of the folder until `end`.
 * @throws CannotLook when the folder is not there, or in use
 */
export async function drainFolder(o: { dir: string; a8Url: string; keyFile: string }): Promise<Drain> {
  const outbox = await open(o.dir);
  const { maxInFlight, attemptTimeoutMs } = DEFAULT_PACING;
  const delivery = new Delivery({
    outbox,
    sender: createSender({ connections: maxInFlight, timeoutMs: attemptTimeoutMs }),
    destination: followDestination({
      url: staticSecret(o.a8Url),
      key: secretFile(o.keyFile, { intervalMs: RELOAD_MS }),
    }),
    pacing: DEFAULT_PACING,
    clock: systemClock,
    random: Math.random,
    log: silentLogger(),
    ledger: createLedger(createMetrics(FORWARDER_METRICS)),
    tracer: silentTracer,
  });
  const look = async (): Promise<DrainState> => {
    const { depth, dead, quarantine } = outbox.stats();
    const { state, hold } = delivery.machine;
    return {
      state,
      hold: hold ? { reason: hold.reason, detail: hold.detail } : null,
      queue: { depth, in_flight: delivery.inFlight },
      dead,
      quarantine: { records: quarantine.records },
    };
  };
  return {
    look,
    async begin() {
      delivery.start();
      return look();
    },
    async end() {
      await delivery.stop();
      const last = await look();
      await outbox.close();
      return last;
    },
  };
}

async function open(dir: string): Promise<Outbox> {
  await access(dir).catch(() => {
    throw new CannotLook(`there is no folder ${dir}`);
  });
  try {
    return await openOutbox({
      dir,
      name: `drain@${hostname()}`,
      clock: systemClock,
      sameContent: sameEvent,
    });
  } catch (error) {
    if (error instanceof OutboxError) throw new CannotLook(error.message);
    throw error;
  }
}
