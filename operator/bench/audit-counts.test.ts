import { countCalls } from './audit-counts.ts';

const line = (
  verb: string,
  resource: string,
  more: { at?: string; user?: string; stage?: string; sub?: string } = {},
) =>
  JSON.stringify({
    stage: more.stage ?? 'ResponseComplete',
    verb,
    user: { username: more.user ?? 'machinery' },
    objectRef: { resource, ...(more.sub === undefined ? {} : { subresource: more.sub }) },
    stageTimestamp: more.at ?? '2026-01-01T00:00:05.000000Z',
  });

const WINDOW = {
  user: 'machinery',
  fromMs: Date.parse('2026-01-01T00:00:01Z'),
  toMs: Date.parse('2026-01-01T00:00:10Z'),
};

test('lists and writes of the one user within the window are counted, the Lease apart', () => {
  const log = [
    line('list', 'truthtables'),
    line('patch', 'truthtables', { sub: 'status' }),
    line('create', 'events'),
    line('update', 'leases'),
    line('update', 'leases'),
    line('get', 'leases'),
    line('patch', 'truthtables', { user: 'admin' }),
    line('list', 'truthtables', { at: '2026-01-01T00:00:00Z' }),
    line('list', 'truthtables', { at: '2026-01-01T00:00:10Z' }),
    line('watch', 'truthtables', { stage: 'ResponseStarted' }),
    line('watch', 'truthtables', { stage: 'ResponseComplete' }),
    '',
  ].join('\n');
  expect(countCalls(log, WINDOW)).toEqual({
    calls: {
      'list truthtables': 1,
      'patch truthtables/status': 1,
      'create events': 1,
      'update leases': 2,
      'get leases': 1,
      'watch truthtables': 1,
    },
    lists: 1,
    writes: 2,
    leaseWrites: 2,
  });
});
