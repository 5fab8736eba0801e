import type { LackingMinute } from '../conservation-view.ts';
import { appOf, healthySnapshot } from '../testing/healthy-snapshot.ts';
import { rowsLost } from './rows-lost.ts';

function judged(...lacking: Partial<LackingMinute>[]) {
  const snapshot = healthySnapshot();
  appOf(snapshot, 'scholar_auth').conservation = [
    {
      ...{ forwarderId: 'f-1', from: snapshot.at, to: snapshot.at, acknowledged: 9 },
      lacking: lacking.map((each) => ({
        ...{ minute: '2026-11-24T11:30:00.000Z', acknowledged: 9, missing: [], beyond: 0, unnamed: 0 },
        ...each,
      })),
    },
  ];
  return rowsLost(snapshot);
}

test('the sentence tells app, number and minute, the evidence forwarder and ids, the remedy sends exactly these', () => {
  const missing = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const [found, ...others] = judged({ missing });
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    summary:
      '7 events of scholar_auth that A8 acknowledged are in its database no more, all of the minute 2026-11-24T11:30:00.000Z.',
    evidence: [
      'forwarder f-1, minute 2026-11-24T11:30:00.000Z: 7 of 9 events are no rows: a, b, c, d, e and 2 more',
    ],
    remedies: [{ kind: 'replay', label: 'scholar_auth', eventIds: missing }],
  });
  expect(found?.advice).toBeUndefined();
});

test('of many minutes the first ones are told, and every id is sent', () => {
  const minutes = Array.from({ length: 30 }, (_, index) => ({
    minute: `2026-11-24T11:${String(index).padStart(2, '0')}:00.000Z`,
    missing: [`id-${index}`],
  }));
  const [found] = judged(...minutes.toReversed());
  expect(found?.summary).toContain('30 events of scholar_auth');
  expect(found?.summary).toContain('of 30 minutes from 2026-11-24T11:00:00.000Z on');
  expect(found?.evidence).toHaveLength(20);
  expect(found?.remedies).toMatchObject([{ eventIds: minutes.map((_, index) => `id-${index}`) }]);
});

test('ids that nobody can list are for a person; beside others they come with the next repair', () => {
  expect(judged({ unnamed: 2 })[0]).toMatchObject({
    remedies: [],
    advice: expect.stringContaining('CONTROL_TOKEN'),
  });
  const [found] = judged({ missing: ['a'], unnamed: 2 });
  expect(found?.summary).toContain('3 events');
  expect(found?.advice).toContain('at least 2 more');
});

test('what is gone on both sides names the backup as the only way', () => {
  const [found] = judged({ beyond: 4 });
  expect(found).toMatchObject({ code: 'rows_lost_for_good', remedies: [] });
  expect(found?.summary).toMatch(/^4 events .* the forwarder keeps them no longer/);
  expect(found?.advice).toContain('backup');
});
