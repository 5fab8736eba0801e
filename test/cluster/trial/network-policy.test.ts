import { randomUUID } from 'node:crypto';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import {
  emptiedRows,
  erasureAt,
  eventsOf,
  hurryErasures,
  nothingLeft,
} from '../../harness/privacy/erased.ts';
import { signIn, signUp } from '../../harness/privacy/live.ts';
import { underTraffic } from '../../harness/under-traffic.ts';
import { deleteNamespace } from '../../run/cluster-namespaces.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { killContainer } from '../harness/kill-container.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { closeDoor, doorsOf, knock, openDoor } from './stranger.ts';
import { CLUSTER_PATIENCE, INSTALL_TIMEOUT_MS, openTrial } from './trial.ts';

let system: ClusterSystem;

beforeAll(async () => {
  system = await openTrial();
}, INSTALL_TIMEOUT_MS);

afterAll(() => system?.close());

describe('a stranger reaches no port of any of our pods', () => {
  test("from a pod of the system's own namespace", async () => {
    const control = await openDoor(system.namespace);
    try {
      expect(await knock(system.namespace, [control, ...(await doorsOf(system.namespace))])).toEqual([
        control,
      ]);
    } finally {
      await closeDoor(system.namespace);
    }
  }, 600_000);

  test('from a pod of another namespace', async () => {
    const elsewhere = await ensureNamespace('stranger');
    try {
      const control = await openDoor(elsewhere);
      expect(await knock(elsewhere, [control, ...(await doorsOf(system.namespace))])).toEqual([control]);
    } finally {
      await deleteNamespace(elsewhere);
    }
  }, 600_000);
});

test('behind the policies A1 reaches everybody: who asks gets their data and is erased, and neither A8 nor a forwarder keeps anything of them', async () => {
  const auth = await system.url('scholar_auth');
  const account = { email: `${randomUUID()}@example.org`, password: 'a password behind policies' };
  await signUp(auth, { ...account, role: 'student' });
  const student = await signIn(auth, account);
  const asked = await student.send(`${await system.url('student_pilot')}/matches`, {
    profile: { field: 'law' },
  });
  expect(asked.status).toBe(200);
  const events = await eventsOf(system, student.actors, ['NewUser', 'ScholarshipMatchRequested']);
  const { password } = account;
  const whole = await student.send(`${auth}/privacy/exports`, { password });
  expect(whole.body).toMatchObject({
    complete: true,
    services: {
      scholar_auth: { users: [{ email: account.email }] },
      student_pilot: { match_requests: [{ outcome: expect.any(String) }] },
    },
  });
  const { body } = await student.send(`${auth}/privacy/erasures`, { password });
  const finished = async () => {
    await hurryErasures(system);
    return (await erasureAt(auth, body['request_id'])).finished_at !== null;
  };
  await waitFor(finished, { timeoutMs: 120_000, intervalMs: 1_000, what: 'the end of the erasure' });
  expect(await emptiedRows(system, events)).toEqual(events);
  for (const actor of student.actors) await nothingLeft(system, actor);
}, 600_000);

type Rule = { to?: { podSelector?: { matchLabels?: Record<string, string> } }[] };

test("one app's way to A8 is blocked under load: its forwarder keeps everything and retries, the others go on, and afterwards every event is one row", async () => {
  const egress = await egressOfLeads();
  const blocked = egress.map((rule) => ({ ...rule, ...(rule.to ? { to: rule.to.filter(isNotA8) } : {}) }));
  expect(JSON.stringify(blocked)).not.toBe(JSON.stringify(egress));
  const result = await underTraffic(
    system,
    async () => {
      await setEgressOfLeads(blocked);
      try {
        await untilOnlyLeadsWait();
        const { state, hold } = await system.forwarder('auto_page_maker');
        expect([state, hold]).toEqual(['retrying', null]);
      } finally {
        await setEgressOfLeads(egress);
      }
      await waitFor(async () => (await depth('auto_page_maker')) < 10, {
        timeoutMs: 300_000,
        intervalMs: 500,
        what: 'the backlog, delivered',
      });
    },
    CLUSTER_PATIENCE,
  );
  expect(result.serverErrors).toEqual([]);
}, 900_000);

type Label = Parameters<ClusterSystem['forwarder']>[0];

async function depth(label: Label): Promise<number> {
  return (await system.forwarder(label)).queue.depth;
}

/**
 * A policy stops new connections, not those that stand, so A8's are ended on its node. Another round where the rule
 * was not yet enforced when the forwarder came back.
 */
async function untilOnlyLeadsWait(): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await killContainer({ namespace: system.namespace, object: 'auto-com-center', container: 'app' });
    const onlyLeads = async () =>
      (await depth('auto_page_maker')) > 60 &&
      (await depth('scholar_auth')) < 10 &&
      (await depth('provider_register')) < 10;
    const seen = waitFor(onlyLeads, { timeoutMs: 60_000, intervalMs: 500 });
    if (
      await seen.then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error('the policy was never enforced: no backlog grew in auto_page_maker alone');
}

async function egressOfLeads(): Promise<Rule[]> {
  const policy = ['get', 'networkpolicy', 'auto-page-maker', '-n', system.namespace];
  return JSON.parse(await kubectl(...policy, '-o', 'jsonpath={.spec.egress}')) as Rule[];
}

async function setEgressOfLeads(value: readonly Rule[]): Promise<void> {
  const patch = JSON.stringify([{ op: 'replace', path: '/spec/egress', value }]);
  const policy = ['networkpolicy', 'auto-page-maker', '-n', system.namespace];
  await kubectl('patch', ...policy, '--type=json', '--patch', patch);
}

function isNotA8(peer: { podSelector?: { matchLabels?: Record<string, string> } }): boolean {
  return peer.podSelector?.matchLabels?.['app.kubernetes.io/component'] !== 'hub';
}
