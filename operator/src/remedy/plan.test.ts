import { judge } from '../audit/audit.ts';
import { describeRemedy } from '../audit/remedy.ts';
import {
  appOf,
  fingerprint,
  healthyCluster,
  healthySnapshot,
  told,
} from '../audit/testing/healthy-snapshot.ts';
import { plan } from './plan.ts';

test('several findings of one process are ended by one restart, after all its settings', () => {
  const snapshot = healthySnapshot();
  Object.assign(told(appOf(snapshot, 'scholar_auth').running), {
    emit_mode: 'direct',
    event_names: 'legacy',
    sends_authorization: false,
    endpoint: 'http://127.0.0.1:4108/ingest',
  });
  const steps = plan(judge(snapshot));
  expect(steps).toHaveLength(1);
  const kinds = steps[0]?.remedies.map(({ kind }) => kind) ?? [];
  expect(kinds.filter((kind) => kind === 'restart')).toHaveLength(1);
  expect(kinds.at(-1)).toBe('restart');
  expect(new Set(steps[0]?.remedies.map(describeRemedy)).size).toBe(kinds.length);
});

test('a key that the forwarder re-reads needs no restart', () => {
  const snapshot = healthySnapshot();
  const { forwarder } = appOf(snapshot, 'scholarship_sage');
  forwarder.givenKey = fingerprint('wrong');
  told(forwarder.running).settings['A8_KEY'] = {
    set: true,
    source: 'file',
    fingerprint: fingerprint('wrong'),
  };
  const steps = plan(judge(snapshot));
  expect(steps.map(({ role, remedies }) => [role, remedies.map(({ kind }) => kind)])).toEqual([
    ['forwarder', ['reset_setting']],
  ]);
});

test('A8 is repaired before the forwarders, and these before the apps', () => {
  const snapshot = healthySnapshot();
  const stopped = { state: 'stopped' as const, restarts: 0, lastExit: null, lastLines: [] };
  snapshot.hub.process = stopped;
  Object.assign(appOf(snapshot, 'scholar_auth'), { process: stopped });
  appOf(snapshot, 'student_pilot').forwarder.process = stopped;
  expect(plan(judge(snapshot)).map(({ label, role }) => `${label} ${role}`)).toEqual([
    'auto_com_center app',
    'student_pilot forwarder',
    'scholar_auth app',
  ]);
});

test('a secret that nobody has ever given is its owner to give, not a value to go back to', () => {
  const snapshot = healthySnapshot();
  const app = appOf(snapshot, 'scholarship_api');
  told(app.running).settings['STRIPE_SECRET_KEY'] = { set: false, source: 'unset' };
  app.desired.secrets['STRIPE_SECRET_KEY'] = undefined;
  const findings = judge(snapshot);
  expect(findings.map(({ code }) => code)).toEqual(['stripe_secret_key_missing']);
  expect(findings[0]?.advice).toContain('environment of `scholar up`');
  expect(plan(findings)).toEqual([]);
});

test('information and advice lead to no step', () => {
  const snapshot = healthySnapshot();
  if (snapshot.stripe !== undefined) snapshot.stripe.real = true;
  expect(plan(judge(snapshot))).toEqual([]);
});

test('an app that crashes because of its configuration gets the desired one back before it is started', () => {
  const snapshot = healthySnapshot();
  const app = appOf(snapshot, 'scholar_auth');
  Object.assign(app, {
    running: undefined,
    process: { state: 'crashing', restarts: 3, lastExit: 'exit code 2', lastLines: [] },
  });
  app.desired.deviating = ['PORT'];
  const [step] = plan(judge(snapshot));
  expect(step?.remedies.map(({ kind }) => kind)).toEqual(['reset_setting', 'restart']);
});

test('dead letters are sent once more, after the repair of what made A8 refuse them', () => {
  const snapshot = healthySnapshot();
  told(snapshot.hub.running).settings['DATABASE_URL'] = { set: false, source: 'unset' };
  Object.assign(appOf(snapshot, 'student_pilot').forwarder.status ?? {}, {
    dead: { contract: 2, system: 0 },
  });
  expect(
    plan(judge(snapshot)).map(({ label, remedies }) => [label, remedies.map(({ kind }) => kind)]),
  ).toEqual([
    ['auto_com_center', ['reset_setting', 'restart']],
    ['student_pilot', ['replay_dead']],
  ]);
});

test('a ring that lost keys of this machine is written anew once, before anything that needs it', () => {
  const snapshot = healthySnapshot();
  snapshot.hub.ring = snapshot.hub.ring.filter(({ id }) => id !== 'scholar_auth' && id !== 'student_pilot');
  expect(
    plan(judge(snapshot)).map(({ label, remedies }) => [label, remedies.map(({ kind }) => kind)]),
  ).toEqual([['auto_com_center', ['restore_key_ring']]]);
});

test("the ring of a cluster is nobody's but its owner's", () => {
  const snapshot = healthySnapshot();
  snapshot.target = 'cluster';
  snapshot.hub.ring = snapshot.hub.ring.filter(({ id }) => id !== 'scholar_auth');
  expect(plan(judge(snapshot))).toEqual([]);
});

test('a claim that a scale-down left is drained last: a restart after it would make an old tale of what was seen', () => {
  const snapshot = healthyCluster();
  const app = appOf(snapshot, 'scholar_auth');
  const claim = { claim: 'outbox-scholar-auth-1', pod: 'scholar-auth-1', createdAt: snapshot.at };
  app.leftClaims = [{ ...claim, namespace: 'trial', replicas: 1, standing: false, drained: undefined }];
  Object.assign(app.forwarder.status ?? {}, { dead: { contract: 1, system: 0 } });
  app.forwarder.build = { ...app.forwarder.build, version: '9.9.9' } as typeof app.forwarder.build;
  const kinds = plan(judge(snapshot)).flatMap(({ remedies }) => remedies.map(({ kind }) => kind));
  expect(kinds.slice(-3)).toEqual(['restart', 'replay_dead', 'drain_claim']);
});
