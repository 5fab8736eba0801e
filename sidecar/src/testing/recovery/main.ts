/**
 * `make recovery`: a forwarder comes back to a backlog, while its application goes on. Side by side with what A8 takes
 * without any forwarder: events a second of both, and how long a live event takes from the application to its row.
 * Goal (G13): at least 0.9 of A8's rate, live P95 within 150 ms. Prints a table; a figure is no promise, so it exits 0.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { eventHeaders } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { processEnv } from '@scholar/runtime/config';
import { tempDir, waitFor } from '@scholar/runtime/testing';
import { DEFAULT_PACING } from '../../delivery/pacing.ts';
import { createSender } from '../../delivery/sender.ts';
import { openOutbox } from '../../outbox/index.ts';
import { startForwarderProcess } from '../forwarder-process.ts';
import { newUser } from '../start-forwarder.ts';
import { type RealA8, realA8, TORTURE_KEY } from '../torture/real-a8.ts';

const rounds = Number(processEnv()['ROUNDS'] ?? 3);
const STEADY_MS = 8_000;
/** The backlog is what A8 takes in so many seconds. */
const BACKLOG_S = 15;
const LIVE_EVERY_MS = 50;

const folder = await tempDir('recovery');
const a8 = await realA8(folder);
try {
  say('round   A8 alone/s   drain/s   ratio   live P50 ms   live P95 ms   live events   lost');
  for (let round = 1; round <= rounds; round += 1) {
    const before = await steadyRate(a8);
    const drained = await drainBacklog(a8, join(folder, `round-${round}`), Math.round(before * BACKLOG_S));
    const after = await steadyRate(a8);
    const steady = (before + after) / 2;
    const { perSecond, live, lost } = drained;
    const cells = [
      round,
      steady,
      perSecond,
      perSecond / steady,
      percentile(live, 0.5),
      percentile(live, 0.95),
    ];
    say(
      [...cells.map((n) => n.toFixed(n < 10 ? 2 : 0)), live.length, lost]
        .map((cell) => String(cell).padStart(9))
        .join('  '),
    );
  }
} finally {
  await a8.end();
}
process.exit(0);

/** Events a second that A8 commits for one sender with as many in flight as a forwarder has at most. */
async function steadyRate({ url }: RealA8): Promise<number> {
  const sender = createSender({ connections: DEFAULT_PACING.maxInFlight, timeoutMs: 10_000 });
  const endMs = performance.now() + STEADY_MS;
  let stored = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const headers = eventHeaders({ label: 'scholar_auth', eventId: randomUUID(), key: TORTURE_KEY });
      const sent = await sender.send({ origin: url, path: '/events', headers, body: Buffer.from(newUser()) });
      if ('answer' in sent && sent.answer.status === 201) stored += 1;
    }
  };
  await Promise.all(Array.from({ length: DEFAULT_PACING.maxInFlight }, worker));
  await sender.close();
  return stored / (STEADY_MS / 1000);
}

async function drainBacklog(
  { url, keyFile, rows }: RealA8,
  dir: string,
  backlog: number,
): Promise<{ perSecond: number; live: number[]; lost: number }> {
  const ids = await fill(dir, backlog);
  const forwarder = await startForwarderProcess({ A8_URL: url, A8_KEY_FILE: keyFile, OUTBOX_DIR: dir });
  const live: number[] = [];
  let draining = true;
  const application = (async () => {
    const calls: Promise<void>[] = [];
    while (draining) {
      const began = performance.now();
      const call = forwarder
        .post({ headers: { prefer: 'wait=30' }, body: newUser('live') })
        .then(({ id, status }) => {
          ids.push(id);
          live.push(status === 201 ? performance.now() - began : Number.POSITIVE_INFINITY);
        });
      calls.push(call);
      await systemClock.sleep(LIVE_EVERY_MS);
    }
    await Promise.all(calls);
  })();
  const delivered = async (): Promise<number> => JSON.parse(await forwarder.ops('/status')).totals.delivered;
  // The first and the last tenth are left out: the window opens, the queue runs dry.
  const reach = (share: number) =>
    waitFor(async () => ((await delivered()) >= share * backlog ? { at: performance.now() } : undefined), {
      timeoutMs: 600_000,
      intervalMs: 50,
    });
  const [{ at: from }, { at: to }] = [await reach(0.1), await reach(0.9)];
  draining = false;
  await application;
  await waitFor(async () => JSON.parse(await forwarder.ops('/status')).queue.depth === 0, {
    timeoutMs: 600_000,
  });
  await forwarder.service.stop();
  const stored = await rows(ids);
  return {
    perSecond: (0.8 * backlog) / ((to - from) / 1000),
    live: live.sort((a, b) => a - b),
    lost: ids.filter((id) => !stored.has(id)).length,
  };
}

async function fill(dir: string, count: number): Promise<string[]> {
  const outbox = await openOutbox({ dir, clock: systemClock });
  const ids = Array.from({ length: count }, () => randomUUID());
  await Promise.all(
    ids.map((eventId) =>
      outbox.append({
        eventId,
        headers: eventHeaders({ label: 'scholar_auth', eventId }),
        body: Buffer.from(newUser('backlog')),
      }),
    ),
  );
  await outbox.close();
  return ids;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
