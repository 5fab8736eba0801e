import { askHubReport } from './probe.ts';
import { ringKeyView, withLearnt } from './ring-key.ts';

const SHA = 'a'.repeat(64);

function entry(id: string, fingerprint: string | null) {
  const text = JSON.stringify({ sha256: SHA, fingerprint, labels: [], not_after: null, role: 'read' });
  const view = ringKeyView({ id, text });
  if (view === undefined) throw new Error('no entry of a ring');
  return view;
}

test('an entry that leaves its fingerprint open gets the one that the running A8 has learnt', async () => {
  const body = JSON.stringify({
    at: '2026-11-24T12:00:00.000Z',
    apps: {},
    keys: [
      { id: 'open', fingerprint: '111111111111', labels: [], role: 'read', not_after: null },
      { id: 'told', fingerprint: '222222222222', labels: [], role: 'read', not_after: null },
      { id: 'unused', fingerprint: null, labels: [], role: 'read', not_after: null },
    ],
  });
  const report = await askHubReport(
    async () => ({ status: 200, headers: {}, tookMs: 1, body }),
    'http://a8',
    'key',
  );
  const ring = [entry('open', null), entry('told', '333333333333'), entry('unused', null)];
  expect(withLearnt(ring, report.fingerprints).map(({ fingerprint }) => fingerprint)).toEqual([
    '111111111111',
    '333333333333',
    null,
  ]);
});

test('an A8 that does not answer has told nothing', async () => {
  const silent = async () => {
    throw new Error('refused');
  };
  const report = await askHubReport(silent, 'http://a8', 'key');
  expect(report.observations).toBeUndefined();
  expect(withLearnt([entry('open', null)], report.fingerprints)[0]?.fingerprint).toBeNull();
});
