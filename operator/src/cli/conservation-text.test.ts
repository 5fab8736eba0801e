import type { ConservationView } from '../audit/conservation-view.ts';
import { appOf, healthySnapshot } from '../audit/testing/healthy-snapshot.ts';
import { conservedJson, conservedText } from './conservation-text.ts';

const screen = { out: () => undefined, err: () => undefined, color: false, progress: false };

const view = (missing: string[]): ConservationView => ({
  ...{ forwarderId: 'f', from: '2026-11-23T13:00:00.000Z', to: '2026-11-24T11:58:00.000Z', acknowledged: 9 },
  lacking: [{ minute: '2026-11-24T11:00:00.000Z', acknowledged: 9, missing, beyond: 1, unnamed: 0 }],
});

test('each forwarder has its numbers; an app that was not compared has none', () => {
  const { apps, ...rest } = healthySnapshot();
  appOf({ ...rest, apps }, 'scholar_auth').conservation = [view(['a', 'b'])];
  expect(conservedJson(apps)).toEqual([
    {
      ...{ app: 'A1', label: 'scholar_auth', forwarder_id: 'f', acknowledged: 9, rows: 6, residual: 3 },
      ...{ from: '2026-11-23T13:00:00.000Z', to: '2026-11-24T11:58:00.000Z' },
    },
  ]);
});

test('the line says how many are no rows, and what was not compared is not called good', () => {
  const snapshot = healthySnapshot();
  expect(conservedText(conservedJson(snapshot.apps), screen)).toBe('No forwarder could be compared with A8.');
  const said = (of: ConservationView): string => {
    appOf(snapshot, 'scholar_auth').conservation = [of];
    return conservedText(conservedJson(snapshot.apps), screen);
  };
  expect(said(view(['a']))).toContain('Of 9 events that A8 acknowledged to 1 forwarders');
  expect(said(view(['a']))).toContain(' 2 are no rows.');
  expect(said({ ...view([]), lacking: [] })).toContain('every one is a row.');
  expect(said({ ...view([]), acknowledged: 0, lacking: [] })).toMatch(/^Nothing that A8 acknowledged/);
});
