import { BODY_BYTES, createBodies } from '../event.ts';
import { countRows, prefill, readSizes } from '../rows.ts';
import { startSystem } from '../system.ts';
import { calibrate } from './calibrate.ts';
import { measureRound } from './round.ts';

test('bodies differ, and all have the size that the benchmarks share', () => {
  const bodies = createBodies(300);
  expect(new Set(bodies.map((body) => body.length))).toEqual(new Set([BODY_BYTES]));
  expect(new Set(bodies.map(String)).size).toBe(300);
});

test('a round over a real A8: every acknowledged event is a row, and nothing is left running', async () => {
  const system = await startSystem(['empty', 'filled'], 1);
  const pids = [
    system.postgres.pid,
    ...[...system.sites.values()].flatMap(({ replicas }) => replicas.map(({ pid }) => pid)),
  ];
  try {
    const [empty, filled] = [system.sites.get('empty'), system.sites.get('filled')];
    if (empty === undefined || filled === undefined) throw new Error('a database is missing');
    await prefill(filled.admin, 3_000);
    expect(await readSizes(filled.admin)).toMatchObject({ rows: 3_000 });

    const { statements, wire, costs } = await calibrate({ site: empty, key: system.key, sizeMs: 100 });
    expect(statements.map(({ rows }) => rows)).toEqual([1, 8, 64, 256]);
    expect(wire.requestBytes).toBeGreaterThan(BODY_BYTES);
    expect(wire.toDatabaseBytes).toBeGreaterThan(BODY_BYTES / 2);
    expect(costs.flushUs.every((us) => us > 0)).toBe(true);

    const cell = { name: 'small', senders: 7, window: 2, replicas: 1, prefilled: true };
    // measureRound itself compares the rows with the receipts, and throws.
    const round = await measureRound({
      system,
      cell,
      bodies: createBodies(20),
      warmUpMs: 50,
      measureMs: 1_000,
    });
    expect(round.rowsBefore).toBe(3_000);
    expect(await countRows(filled.admin)).toBe(3_000 + round.rowsSinceCheckpoint);
    expect(round.walBytes).toBeGreaterThan(BODY_BYTES);
    expect(round.rowsPerCommit).toBeGreaterThanOrEqual(1);
  } finally {
    await system.stop();
  }
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}, 120_000);
