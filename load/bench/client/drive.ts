import { randomUUID } from 'node:crypto';
import type { Pace } from '../job.ts';
import type { Channel } from './channel.ts';

export type Drive = {
  channels: readonly Channel[];
  perSecond?: number;
  /** Of the open model; default `spin`. */
  pace?: Pace;
  /** Closed model: no further event while this answers true. */
  holdBack?: () => boolean;
  stopAfter?: number;
  /** Milliseconds, from when the event was sent (or was due) to its acknowledgement. */
  acknowledged: (id: string, tookMs: number) => void;
};

export interface Driven {
  /** Sends nothing more; resolves when all that was sent is answered or failed. */
  stop(): Promise<void>;
  /** From now on a lost connection is no error: the target is about to be killed. */
  expectEnd(): void;
  /** Open model: events so far that found no free channel when they were due. */
  waited(): number;
  /** Resolves when `stopAfter` is reached. @throws the first failure that nobody expected. */
  finished: Promise<void>;
}

/** Sends events, each with a fresh id. */
export function drive(o: Drive): Driven {
  const state = { stopped: false, ending: false, sent: 0, waited: 0 };
  const next = (): string | undefined => {
    if (state.stopped || (o.stopAfter !== undefined && state.sent >= o.stopAfter)) return undefined;
    state.sent += 1;
    return randomUUID();
  };
  const send = async (channel: Channel, id: string, fromMs: number): Promise<boolean> => {
    try {
      await channel.send(id);
    } catch (error) {
      if (state.ending || state.stopped) return false;
      state.stopped = true;
      throw error;
    }
    o.acknowledged(id, performance.now() - fromMs);
    return true;
  };
  const over = (): boolean => state.stopped || state.ending;
  const run =
    o.perSecond === undefined
      ? runClosed(o, { next, send, over })
      : runOpen(
          { ...o, perSecond: o.perSecond },
          { next, send, onWait: (events) => (state.waited += events) },
        );
  return {
    finished: run,
    waited: () => state.waited,
    stop: async () => {
      state.stopped = true;
      await run;
    },
    expectEnd: () => {
      state.ending = true;
    },
  };
}

type Next = () => string | undefined;
type Send = (channel: Channel, id: string, fromMs: number) => Promise<boolean>;

async function runClosed(
  { channels, holdBack }: Drive,
  { next, send, over }: { next: Next; send: Send; over: () => boolean },
): Promise<void> {
  await Promise.all(
    channels.map(async (channel) => {
      for (;;) {
        // A target that was killed delivers no more: what is held back for it would be held back for ever.
        while (holdBack?.() === true && !over()) await turn();
        const id = next();
        if (id === undefined || !(await send(channel, id, performance.now()))) return;
      }
    }),
  );
}

/** Events are due at fixed times whatever the target does; one that finds no free place waits, and its wait counts. */
async function runOpen(
  { channels, perSecond, pace }: Drive & { perSecond: number },
  { next, send, onWait }: { next: Next; send: Send; onWait: (events: number) => void },
): Promise<void> {
  const free = [...channels];
  const due: number[] = [];
  const under: Promise<unknown>[] = [];
  let failure: unknown;
  let ended = false;
  const begin = (): void => {
    while (due.length > 0 && free.length > 0 && !ended) {
      // In turns, so that every sender sends.
      const [channel, fromMs] = [free.shift(), due.shift()];
      const id = next();
      if (channel === undefined || fromMs === undefined || id === undefined) {
        ended = true;
        return;
      }
      const sending = send(channel, id, fromMs).then(
        (alive) => {
          if (alive) free.push(channel);
          else ended = true;
          begin();
        },
        (error: unknown) => {
          failure = error;
          ended = true;
        },
      );
      under.push(sending);
    }
  };
  const startMs = performance.now();
  for (let count = 0; !ended; ) {
    const before = count;
    for (; startMs + (count * 1_000) / perSecond <= performance.now(); count += 1)
      due.push(startMs + (count * 1_000) / perSecond);
    begin();
    // First come, first served: of what is left, the newest have just become due.
    onWait(Math.min(count - before, due.length));
    if (due.length > 100_000) throw new Error('the target does not keep up with the rate by far');
    await (pace === 'timer' ? millisecond() : turn());
  }
  await Promise.all(under);
  if (failure !== undefined) throw failure;
}

/** Not a timer: those are late by up to a millisecond, and this process has a core of its own. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function millisecond(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
