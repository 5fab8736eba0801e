import { waitFor } from '@scholar/runtime/testing';
import type { Cell } from './cells.ts';
import type { Outcome } from './outcome.ts';
import { type Ask, isGood, type Reply, type Rig, reply, type Subject } from './rig.ts';

/** The most that anybody waits: 10 s of the service, and some for a machine that is busy. */
const BOUND_MS = 15_000;
/** Longer than the lease of a mail that was being sent when the database went, a minute. */
const PATIENCE_MS = 120_000;

/** In the words of a failure: what somebody gets. */
export type Told = { ask: string; status: number; shows: string; saysWhenToCome: boolean; inTime: boolean };

export type Report = { told: readonly Told[]; wanted: readonly Told[] };

/** On a machine that is busy with other tests a request may miss the 3 s that a page gives its database. */
const TRIES = 3;

/**
 * Tries a cell, and again where it was not as the table says: what fails every time is a failure.
 * @returns what was said the last time while it was broken, beside what the table says.
 * @throws when something does not come true in time.
 */
export async function runCell(rig: Rig, subject: Subject, cell: Cell): Promise<Report> {
  for (let tries = 1; ; tries += 1) {
    const report = await tryCell(rig, subject, cell);
    if (isAsWanted(report) || tries === TRIES) return report;
    await recover(rig, subject);
  }
}

/**
 * Breaks what the cell names, asks, mends it, and waits for what has to come true by itself: events and mails that were
 * promised are beyond every fault, and every request works as ever and leaves what it leaves.
 */
async function tryCell(rig: Rig, subject: Subject, cell: Cell): Promise<Report> {
  const asked = cell.expected.map(({ ask, outcome }) => ({ name: ask, ask: askOf(subject, ask), outcome }));
  const before = await tracesOf(rig, subject);
  for (const one of cell.broken) rig.way(one).break(cell.fault);
  let report: Report;
  try {
    const answered = await Promise.all(
      asked.map(async (one) => ({ ...one, got: await reply(rig, one.ask) })),
    );
    report = { told: answered.map(told), wanted: answered.map(wanted) };
    if (!isAsWanted(report)) return report;
    await arrive(rig, before, tracesAsked(asked, ['sent']));
  } finally {
    for (const one of cell.broken) rig.way(one).heal();
  }
  await arrive(rig, before, tracesAsked(asked, ['sent', 'sent later']));
  await recover(rig, subject);
  return report;
}

function isAsWanted({ told, wanted }: Report): boolean {
  return JSON.stringify(told) === JSON.stringify(wanted);
}

/** Every request works as before, and what each leaves arrives. */
async function recover(rig: Rig, subject: Subject): Promise<void> {
  const before = await tracesOf(rig, subject);
  const asks = Object.entries(subject.asks);
  await Promise.all(
    asks.map(([name, ask]) =>
      waitFor(async () => isGood(ask, await reply(rig, ask)), {
        timeoutMs: PATIENCE_MS,
        what: `"${name}" works again without a restart, which`,
      }),
    ),
  );
  await arrive(
    rig,
    before,
    asks.flatMap(([, { leaves }]) => leaves ?? []),
  );
  await waitFor(async () => (await rig.waiting()) === 0, {
    timeoutMs: PATIENCE_MS,
    what: 'the end of everything that was begun',
  });
}

type Traces = ReadonlyMap<string, number>;

async function tracesOf(rig: Rig, subject: Subject): Promise<Traces> {
  const traces = new Set(Object.values(subject.asks).flatMap(({ leaves }) => leaves ?? []));
  return new Map(
    await Promise.all([...traces].map(async (trace) => [trace, await rig.arrived(trace)] as const)),
  );
}

function tracesAsked(
  asked: readonly { ask: Ask; outcome: Outcome }[],
  when: readonly Outcome['event'][],
): string[] {
  return asked.flatMap(({ ask, outcome }) => (when.includes(outcome.event) ? (ask.leaves ?? []) : []));
}

/** Waits until there are as many more of each trace as it is named. */
async function arrive(rig: Rig, before: Traces, named: readonly string[]): Promise<void> {
  for (const [trace, all] of Map.groupBy(named, (trace) => trace)) {
    const enough = (before.get(trace) ?? 0) + all.length;
    await waitFor(async () => (await rig.arrived(trace)) >= enough, {
      timeoutMs: PATIENCE_MS,
      intervalMs: 50,
      what: `the arrival of ${all.length} ${trace}`,
    });
  }
}

function askOf(subject: Subject, name: string): Ask {
  const ask = subject.asks[name];
  if (!ask) throw new Error(`nobody says how to ask "${name}"`);
  return ask;
}

type Answered = { name: string; ask: Ask; outcome: Outcome; got: Reply };

/** The words of the table, else of a good day where the answer is as ever. */
function wordsOf({ ask, outcome: { status, shows } }: Answered): string {
  return shows ?? (status === 'as ever' ? (ask.shows ?? '') : '');
}

function told(answered: Answered): Told {
  const { name, got } = answered;
  const shows = wordsOf(answered);
  return {
    ask: name,
    status: got.status,
    shows: got.text.includes(shows) ? shows : got.text,
    saysWhenToCome: got.status !== 503 || Number(got.retryAfter) > 0,
    inTime: got.tookMs < BOUND_MS,
  };
}

function wanted(answered: Answered): Told {
  const { name, ask, outcome, got } = answered;
  const { status } = outcome;
  const isLate = status === 'late or 503' && got.status === 503;
  return {
    ask: name,
    status: isLate ? 503 : typeof status === 'number' ? status : ask.status,
    shows: wordsOf(answered),
    saysWhenToCome: true,
    inTime: true,
  };
}
