import type { Fault } from '@scholar/runtime/testing';
import { cellsOf } from './cells.ts';
import { type Rig, startRig } from './rig.ts';
import { type Report, runCell } from './run-cell.ts';
import { SUBJECTS } from './subjects/index.ts';
import { ROWS } from './table.ts';
import { startWorld, type World } from './world.ts';

/** `make faults` holds every cell; `make test` what is gone, which takes seconds: slow answers take their time. */
const TRIED: readonly Fault[] | undefined = process.env['FAULTS'] === 'all' ? undefined : ['gone'];

/** A part of the name of a service: no other is broken. */
const ONLY = process.env['ONLY'] ?? '';

const PLAN = SUBJECTS.filter(({ label }) => label.includes(ONLY)).map((subject) => ({
  subject,
  cells: cellsOf(subject.label, TRIED).map((cell) => ({ cell, report: Promise.withResolvers<Report>() })),
}));

// Most of a cell is waiting, so the services are broken beside each other; the cells of one come one after the other.
let world: World;
let runs: Promise<void>[];
const rigs = new Map<string, Rig>();

beforeAll(async () => {
  world = await startWorld();
  runs = PLAN.map(runPlan);
}, 90_000);

afterAll(async () => {
  await Promise.all(runs);
  await Promise.all([...rigs.values()].map((rig) => rig.close()));
  await world.close();
}, 120_000);

async function runPlan({ subject, cells }: (typeof PLAN)[number]): Promise<void> {
  const started = startRig(subject, world);
  const rig = await started.catch(() => undefined);
  if (rig) rigs.set(subject.label, rig);
  for (const { cell, report } of cells) {
    // Whoever fails is told by the test of that cell; the next one is tried all the same.
    report.promise.catch(() => {});
    await started.then((ready) => runCell(ready, subject, cell)).then(report.resolve, report.reject);
  }
}

describe.each(PLAN.map((plan) => [plan.subject.label, plan] as const))('%s', (label, { subject, cells }) => {
  test('every request of this service is in the table, and every line of the table is a request', () => {
    const rows = ROWS.filter(({ service }) => service === label);
    expect(rows.map(({ ask }) => ask).sort()).toEqual(Object.keys(subject.asks).sort());
  });

  test.each(cells.map(({ cell, report }) => [cell.name, report.promise] as const))(
    '%s: everybody gets what the table says, and afterwards all is as ever',
    async (_name, report) => {
      const { told, wanted } = await report;
      expect(told).toEqual(wanted);
    },
    300_000,
  );

  if (subject.inTheEnd) {
    test('after all of it nothing is lost and nothing is there twice', async () => {
      await Promise.allSettled(cells.map(({ report }) => report.promise));
      const rig = rigs.get(label);
      if (!rig) throw new Error('the service did not start');
      await subject.inTheEnd?.(rig);
    }, 300_000);
  }
});
