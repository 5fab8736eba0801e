import { systemClock } from '@scholar/runtime/clock';
import type { Arguments } from './arguments.ts';
import { drainFolder } from './drain-folder.ts';
import { NotRunning } from './outbox-access.ts';
import { type DrainState, remoteOutbox } from './remote-outbox.ts';
import type { Finding } from './replay.ts';

const POLL_MS = 200;

/** Who delivers: a running forwarder, or this command itself from the folder of one that does not run. */
export interface Drain {
  /** Asks for delivery now. */
  begin(): Promise<DrainState>;
  /** Looks how far it got. */
  look(): Promise<DrainState>;
  end(): Promise<DrainState | undefined>;
}

/** Asks for delivery now and looks until nothing is queued, the forwarder is held, or the time is up. */
export async function drain(args: Arguments): Promise<Finding> {
  const { drain: drained, now: first } = await begin(args);
  const deadlineMs = systemClock.monotonic() + args.timeoutS * 1000;
  let now = first;
  // Held and nothing in flight: the probe that we asked for has been answered, and the answer was no.
  const stuck = () => now.state === 'held' && now.queue.in_flight === 0;
  while (now.queue.depth > 0 && !stuck() && systemClock.monotonic() < deadlineMs) {
    await systemClock.sleep(POLL_MS);
    now = await drained.look();
  }
  now = (await drained.end()) ?? now;
  const { state, hold, queue, quarantine } = now;
  const left = queue.depth;
  const dead = now.dead.contract + now.dead.system;
  const quarantined = quarantine.records;
  const why = hold ? `; held: ${hold.reason}: ${hold.detail}` : '';
  const refused = dead > 0 ? `; ${dead} dead letters` : '';
  const data = { left, dead, quarantined, state, hold };
  return { data, text: `left ${left}${why}${refused}\n`, wrong: left > 0 };
}

async function begin(args: Arguments): Promise<{ drain: Drain; now: DrainState }> {
  const { intake, tokenFile, dir, a8Url, keyFile } = args;
  const itself = dir !== undefined && a8Url !== undefined && keyFile !== undefined;
  if (intake !== undefined && tokenFile !== undefined) {
    const { drain: ask, drained } = await remoteOutbox({ intake, tokenFile });
    const running: Drain = { begin: ask, look: drained, end: async () => undefined };
    try {
      return { drain: running, now: await running.begin() };
    } catch (error) {
      if (!(error instanceof NotRunning) || !itself) throw error;
    }
  }
  const folder = await drainFolder({ dir: dir ?? '', a8Url: a8Url ?? '', keyFile: keyFile ?? '' });
  return { drain: folder, now: await folder.begin() };
}
