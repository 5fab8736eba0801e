import { waitFor } from '@scholar/runtime/testing';
import { FORWARDER_METRICS } from '../metrics.ts';
import { A8StandIn, answers, confirm, refuses } from '../testing/a8-stand-in.ts';
import { newUser, startForwarder, stopForwarder, stopForwarders } from '../testing/start-forwarder.ts';

let a8: A8StandIn;

beforeEach(async () => {
  a8 = await new A8StandIn().start();
});

afterEach(async () => {
  await stopForwarders();
  await a8.stop();
});

test('metrics count what happened, and every metric of the table is there', async () => {
  const to = await startForwarder({ url: a8.url });
  a8.behaviour = answers(503);
  await to.post();
  await waitFor(() => to.forwarder.status().totals.retries > 0);
  a8.behaviour = confirm;
  await waitFor(() => to.forwarder.status().queue.depth === 0);
  a8.behaviour = refuses('contract_violation');
  await to.post();
  await waitFor(() => to.forwarder.status().dead.contract === 1);
  await to.post({ body: '{' });
  const text = await to.forwarder.metrics.render();
  expect(Object.keys(FORWARDER_METRICS).filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
  for (const line of [
    /forwarder_appended_total\{app="scholar_auth"\} 2/,
    /forwarder_delivered_total\{app="scholar_auth"\} 1/,
    /forwarder_dead_total\{class="contract",app="scholar_auth"\} 1/,
    /forwarder_retries_total\{reason="5xx",app="scholar_auth"\} [1-9]/,
    /forwarder_a8_answers_total\{verdict="delivered",app="scholar_auth"\} 1/,
    /forwarder_a8_answers_total\{verdict="dead",app="scholar_auth"\} 1/,
    /forwarder_intake_refused_total\{code="malformed_json",canary="false",app="scholar_auth"\} 1/,
    /forwarder_write_seconds_bucket\{le="0.15",app="scholar_auth"\} 1/,
    /forwarder_queue_depth\{app="scholar_auth"\} 0/,
    /forwarder_accounted_events\{fate="appended",app="scholar_auth"\} 2/,
    /forwarder_accounted_events\{fate="delivered",app="scholar_auth"\} 1/,
    /forwarder_accounted_events\{fate="dead",app="scholar_auth"\} 1/,
    /forwarder_unaccounted_events\{app="scholar_auth"\} 0/,
    /forwarder_last_receipt_timestamp_seconds\{app="scholar_auth"\} 1\d{9}/,
  ]) {
    expect(text).toMatch(line);
  }
});

test('what became of every event is told over restarts: the accounts of the folder, not of the process', async () => {
  const first = await startForwarder({ url: a8.url });
  await first.post();
  await waitFor(() => first.forwarder.status().totals.delivered === 1);
  await a8.stop();
  for (let i = 0; i < 3; i += 1) await first.post();
  await waitFor(async () =>
    /next_attempt_seconds\{[^}]*\} 0\.0/.test(await first.forwarder.metrics.render()),
  );
  await stopForwarder(first.forwarder);
  const second = await startForwarder({ url: a8.url, dir: first.dir });
  const text = await second.forwarder.metrics.render();
  for (const [fate, count] of Object.entries({ appended: 4, delivered: 1, queued: 3, dead: 0, missing: 0 }))
    expect(text).toContain(`forwarder_accounted_events{fate="${fate}",app="scholar_auth"} ${count}`);
  expect(text).toContain('forwarder_unaccounted_events{app="scholar_auth"} 0');
  await a8.start();
});

test('a hold is a gauge by reason, 1 while it lasts', async () => {
  a8.behaviour = refuses('unauthorized');
  const to = await startForwarder({ url: a8.url });
  await to.post();
  const gauge = async () =>
    /forwarder_hold\{reason="unauthorized",app="scholar_auth"\} (\d)/.exec(
      await to.forwarder.metrics.render(),
    )?.[1];
  await waitFor(async () => (await gauge()) === '1');
  a8.behaviour = confirm;
  await waitFor(async () => (await gauge()) === '0');
});

test('status has the fields that scripts rely on, before anything happened', async () => {
  const to = await startForwarder({ url: a8.url });
  expect(to.forwarder.status()).toMatchObject({
    label: 'scholar_auth',
    forwarder_id: expect.stringMatching(/^scholar_auth@test:[0-9a-f]{12}$/),
    state: 'idle',
    hold: null,
    queue: { depth: 0, bytes: 0, oldest_age_s: 0, in_flight: 0, next_attempt_at: null },
    dead: { contract: 0, system: 0 },
    totals: {
      ...{ appended: 0, delivered: 0, discarded: 0, dead: 0, retries: 0 },
      ...{ quarantined: 0, dead_missing: 0, unaccounted: 0 },
    },
    pii_refused_1h: 0,
    last_receipt: null,
    quota: { max_bytes: 1024 ** 3 },
    quarantine: { records: 0, files: [] },
  });
});

test('status counts what was refused for personal data within the hour, and nothing else that was refused', async () => {
  const to = await startForwarder({ url: a8.url });
  await to.post({ body: '{' });
  await to.post({ body: newUser('call me at 123-45-6789') });
  expect(to.forwarder.status()).toMatchObject({ pii_refused_1h: 1 });
});

test('an unreachable A8 leaves it ready; the age of the oldest event tells how long', async () => {
  await a8.stop();
  const to = await startForwarder({ url: a8.url });
  await to.post();
  await waitFor(() => to.forwarder.status().queue.oldest_age_s > 0);
  expect(to.forwarder.status().queue.next_attempt_at).toMatch(/^\d{4}-/);
  expect(await to.forwarder.health.ready()).toMatchObject({ ready: true, checks: { outbox: { ok: true } } });
  await a8.start();
});
