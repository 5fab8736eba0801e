import { FAULTS, type Fault, waitFor } from '@scholar/runtime/testing';
import { type Reply, type Rig, reply, startRig } from './rig.ts';
import { SUBJECTS } from './subjects.ts';
import { DEPENDENCIES, type Dependency, type Outcome, outcomeOf, ROWS, type Row } from './table.ts';

/** `make faults` holds every cell; `make test` what is gone, which takes seconds: slow answers take their time. */
const TRIED: readonly Fault[] = process.env['FAULTS'] === 'all' ? FAULTS : ['gone'];

/** The most that anybody waits: 10 s of the service, and some for a machine that is busy. */
const BOUND_MS = 15_000;

type Cell = { dependency: Dependency; fault: Fault };

describe.each(SUBJECTS.map((subject) => [subject.label, subject] as const))('%s', (label, subject) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig(subject);
  }, 90_000);
  afterAll(() => rig?.close(), 60_000);

  const rows = ROWS.filter(({ service }) => service === label);

  test('every request of this service is in the table, and every line of the table is a request', () => {
    expect(rows.map(({ ask }) => ask).sort()).toEqual(Object.keys(subject.asks).sort());
  });

  const cells = (Object.keys(DEPENDENCIES) as Dependency[]).flatMap((dependency) => {
    const concerned = rows.filter(({ under }) => under[dependency]);
    return concerned.length === 0
      ? []
      : TRIED.map((fault) => [DEPENDENCIES[dependency], fault, dependency] as const);
  });

  test.each(cells)(
    '%s is %s: everybody gets what the table says, and afterwards all is as ever',
    async (_, fault, dependency) => {
      const proxy = rig.proxies[dependency];
      const before = eventTypes(rows).map((type) => [type, rig.arrived(type).size] as const);
      proxy.break(fault);
      try {
        const concerned = rows.filter(({ under }) => under[dependency]);
        const replies = await Promise.all(concerned.map((row) => reply(rig, askOf(row))));
        expect(replies.map((got, index) => told(got, concerned[index], { dependency, fault }))).toEqual(
          concerned.map((row) => wanted(row, { dependency, fault })),
        );
        await eventsArrive(before, concerned, { dependency, fault, when: 'sent' });
        proxy.heal();
        await eventsArrive(before, concerned, { dependency, fault, when: 'sent later' });
      } finally {
        proxy.heal();
      }
      for (const ask of Object.values(subject.asks)) {
        await waitFor(async () => (await reply(rig, ask)).status === ask.status, {
          timeoutMs: 60_000,
          what: 'the recovery without a restart',
        });
      }
      await eventsFlow();
    },
    240_000,
  );

  function askOf({ ask }: Row) {
    const known = subject.asks[ask];
    if (!known) throw new Error(`nobody says how to ask "${ask}"`);
    return known;
  }

  function eventTypes(of: readonly Row[]): string[] {
    return [...new Set(of.flatMap((row) => askOf(row).event ?? []))];
  }

  /** In the words of a failure: what somebody got. */
  function told(got: Reply, row: Row | undefined, { dependency, fault }: Cell): object {
    const outcome = row && outcomeOf(row, dependency, fault);
    return {
      ask: row?.ask,
      status: got.status,
      shows: outcome?.shows !== undefined && !got.text.includes(outcome.shows) ? got.text : outcome?.shows,
      saysWhenToCome: got.status !== 503 || Number(got.retryAfter) > 0,
      inTime: got.tookMs < BOUND_MS || `after ${Math.round(got.tookMs)} ms`,
    };
  }

  function wanted(row: Row, { dependency, fault }: Cell): object {
    const { status, shows } = outcomeOf(row, dependency, fault) as Outcome;
    const good = askOf(row).status;
    return {
      ask: row.ask,
      status: status === 'as ever' ? good : status,
      shows,
      saysWhenToCome: true,
      inTime: true,
    };
  }

  /** The relay too is over it: what is asked now arrives. A mute connection is given up after 35 s. */
  async function eventsFlow(): Promise<void> {
    for (const ask of Object.values(subject.asks)) {
      const type = ask.event;
      if (type === undefined) continue;
      const count = rig.arrived(type).size;
      await reply(rig, ask);
      await waitFor(() => rig.arrived(type).size > count, {
        timeoutMs: 90_000,
        what: `a ${type} after the recovery`,
      });
    }
  }

  async function eventsArrive(
    before: readonly (readonly [type: string, count: number])[],
    concerned: readonly Row[],
    { dependency, fault, when }: Cell & { when: Outcome['event'] },
  ): Promise<void> {
    for (const [type, count] of before) {
      const more = concerned.filter(
        (row) => askOf(row).event === type && outcomeOf(row, dependency, fault)?.event === when,
      ).length;
      await waitFor(() => rig.arrived(type).size >= count + more, { what: `${more} ${type} more in A8` });
    }
  }
});
