import { randomUUID } from 'node:crypto';
import { MOST_DRILL_EVENTS } from '@scholar/contract';
import { CouldNotLook } from '../could-not-look.ts';
import type { DrillDeps, DrillOptions } from './drill-deps.ts';
import { drillEvent, drillQuota } from './drill-events.ts';
import { type DrillForwarder, makeDrillForwarder } from './drill-forwarder.ts';
import { type DrillResult, type DrillStep, type DrillStepName, judgeDrill } from './judge-drill.ts';
import { openPassThrough, type PassThrough } from './pass-through.ts';
import { assertWay, type FillOutcome, fillDisk, queueEvents, stillQueued, waitDelivered } from './stages.ts';

/** The events of a drill lie in the queue for as long as it may take; then A8 takes them no more. */
const EVENT_LIFE_MS = 30 * 60_000;
const DELIVERY_MS = 120_000;

/**
 * An outage drill on a forwarder of its own: A8 is blocked, events are queued, the forwarder is killed with -9 and
 * started again, its disk is filled, A8 is restored; then every acknowledged id is looked up in A8's database. No app,
 * no other forwarder and no A8 notices. Ends what it started and removes its folder, however it ends.
 * @throws CouldNotLook when it cannot begin (no forwarder, A8 takes no event by this way) or the database does not
 * answer; RangeError for a number of events that is out of bounds; the reason of `signal` when aborted.
 */
export async function runDrill(deps: DrillDeps, options: DrillOptions): Promise<DrillResult> {
  const { events, label, signal } = options;
  if (!Number.isInteger(events) || events < 1 || events > MOST_DRILL_EVENTS)
    throw new RangeError(`A drill takes from 1 to ${MOST_DRILL_EVENTS} events.`);
  signal.throwIfAborted();
  const way = await openPassThrough(deps.hubUrl);
  try {
    const quotaBytes = drillQuota(events);
    const forwarder = await makeDrillForwarder({ deps, label, hubUrl: way.url, quotaBytes, signal });
    try {
      return await drill(deps, options, { way, forwarder });
    } finally {
      await forwarder.end();
    }
  } finally {
    await way.close();
  }
}

interface Stage {
  way: PassThrough;
  forwarder: DrillForwarder;
}

async function drill(
  deps: DrillDeps,
  options: DrillOptions,
  { way, forwarder }: Stage,
): Promise<DrillResult> {
  const { clock } = deps;
  const { events, label, signal, deliveryMs = DELIVERY_MS } = options;
  const at = new Date(clock.now()).toISOString();
  const identity = {
    drillId: randomUUID(),
    label,
    canaryKey: deps.canaryKey,
    notAfterMs: clock.now() + EVENT_LIFE_MS,
  };
  const eventOf = (number: number, bytes?: number) => drillEvent(identity, number, bytes);
  const steps: DrillStep[] = [];
  const step = stepper({ deps, options, steps });
  const troubles: string[] = [];
  let queued: string[] = [];
  let lostByKill: string[] = [];
  let fill: FillOutcome = { filled: [], refusedFull: 0, troubles: [] };
  let restoredMs: number | undefined;

  await step('start', async () => {
    await forwarder.start();
    await assertWay({ forwarder, clock, event: eventOf(0), signal });
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    blind(cause);
  });
  // From here on a failure is what the drill is for: it is told, and the database has the last word.
  try {
    await step('block', async () => way.block());
    await step('queue', async () => {
      const outcome = await queueEvents({ forwarder, eventOf, from: 1, count: events, signal });
      queued = outcome.acknowledged;
      troubles.push(...outcome.troubles);
    });
    await step('kill', () => forwarder.kill());
    await step('restart', async () => {
      await forwarder.start();
      lostByKill = await stillQueued({ forwarder, ids: queued, signal });
    });
    await step('fill', async () => {
      fill = await fillDisk({ forwarder, eventOf, from: events + 1, signal });
      troubles.push(...fill.troubles);
    });
    await step('restore', async () => way.restore());
    restoredMs = clock.monotonic();
    await step('deliver', async () => {
      troubles.push(...(await waitDelivered({ forwarder, clock, limitMs: deliveryMs, signal })));
    });
  } catch (cause) {
    signal.throwIfAborted();
    troubles.push(`Step ${steps.at(-1)?.name}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const owed = [...queued, ...fill.filled];
  const rows = await step('compare', () => deps.readRows(owed).catch(blind));
  const isWhole = new Set(rows.map(({ event_id }) => event_id)).size === owed.length;
  return judgeDrill({
    at,
    label,
    events,
    queued,
    filled: fill.filled,
    refusedFull: fill.refusedFull,
    lostByKill,
    rows,
    recoveryMs: restoredMs !== undefined && isWhole ? clock.monotonic() - restoredMs : undefined,
    steps,
    troubles,
  });
}

type Step = <T>(name: DrillStepName, work: () => Promise<T>) => Promise<T>;

function stepper({
  deps: { clock },
  options: { signal, onStep },
  steps,
}: {
  deps: DrillDeps;
  options: DrillOptions;
  steps: DrillStep[];
}): Step {
  return async (name, work) => {
    signal.throwIfAborted();
    onStep?.(name);
    const since = clock.monotonic();
    const step: DrillStep = { name, at: new Date(clock.now()).toISOString(), ms: 0 };
    steps.push(step);
    try {
      return await work();
    } finally {
      step.ms = Math.ceil(clock.monotonic() - since);
    }
  };
}

function blind(cause: unknown): never {
  throw new CouldNotLook(cause instanceof Error ? cause.message : String(cause), { cause });
}
