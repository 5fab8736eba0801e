import { readOutput, scriptOf } from './pgbench.ts';

const STATEMENT = `
INSERT INTO events (event_id, app_label, payload, canary_id)
SELECT event_id, app_label, payload, canary_id FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::text[]) AS batch (event_id, app_label, payload, canary_id)
ON CONFLICT (event_id) DO UPDATE SET deliveries = 1
RETURNING event_id`;
const VALUES = { app_label: 'scholar_auth', payload: '{"a":"\\n"}' };

test('pgbench sends the statement of A8 with fresh ids, for one row and for many; what is always null is left out', () => {
  expect(scriptOf(STATEMENT, VALUES, 'single')).toEqual({
    text: 'INSERT INTO events (event_id, app_label, payload) VALUES (gen_random_uuid(), :app_label, :payload) ON CONFLICT (event_id) DO UPDATE SET deliveries = 1 RETURNING event_id;\n',
    variables: VALUES,
    rows: 1,
  });
  expect(scriptOf(STATEMENT, VALUES, 2)).toEqual({
    text: 'INSERT INTO events (event_id, app_label, payload) SELECT gen_random_uuid(), app_label, payload FROM unnest(:app_label::text[], :payload::jsonb[]) AS batch (app_label, payload) ON CONFLICT (event_id) DO UPDATE SET deliveries = 1 RETURNING event_id;\n',
    variables: {
      app_label: '{"scholar_auth","scholar_auth"}',
      payload: '{"{\\"a\\":\\"\\\\n\\"}","{\\"a\\":\\"\\\\n\\"}"}',
    },
    rows: 2,
  });
  expect(() => scriptOf('SELECT 1', VALUES, 'single')).toThrow('changed its form');
});

const OUTPUT = `number of clients: 64
number of transactions actually processed: 43210
number of failed transactions: 0 (0.000%)
latency average = 5.062 ms
initial connection time = 60.1 ms
tps = 12643.120000 (without initial connection time)
`;

test('the output of pgbench is read, and a failed transaction is no measurement', () => {
  expect(readOutput(OUTPUT)).toEqual({ transactions: 43_210, perSecond: 12_643.12, averageMs: 5.062 });
  expect(() => readOutput(OUTPUT.replace('transactions: 0', 'transactions: 3'))).toThrow('pgbench did not');
  expect(() => readOutput('something else')).toThrow('something else');
});
