import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Judged } from '@scholar/operator/audit/judged';
import type { KubeApi } from '@scholar/operator/kube/api-call';
import { connectApi } from '@scholar/operator/kube/kube-api';
import { loadKubeconfig } from '@scholar/operator/kube/kube-config';
import { DEFAULT_LIMITS } from '@scholar/operator/remedy/budget';
import { hold } from '@scholar/operator/remedy/ledger';
import { readDrains, writeDrain } from '@scholar/operator/target/cluster/claims/drain-record';
import { readClaims } from '@scholar/operator/target/cluster/claims/read-claims';
import { ownedBy } from '@scholar/operator/target/cluster/owned-by';
import { heldByOthers } from '@scholar/operator/target/cluster/repair/held-by-others';
import { ledgerLeases } from '@scholar/operator/target/cluster/repair/ledger-leases';
import {
  CONFIG_MAPS,
  type RepairObjectAt,
  readRepairObject,
  restoreRepairObject,
  SECRETS,
  writeRepairObject,
} from '@scholar/operator/target/cluster/repair/repair-object';
import { annotateTemplate } from '@scholar/operator/target/cluster/repair/workload-restart';
import { systemClock } from '@scholar/runtime/clock';
import { repositoryRoot } from '../../harness/local-system.ts';
import { type BareApiServer, bareApiServer } from './bare-api-server.ts';

const NAMESPACE = 'default';
let server: BareApiServer;
/** With the rights that docs/cluster-target.md names for a repair, and no others. */
let api: KubeApi;

beforeAll(async () => {
  server = await bareApiServer();
  const page = await readFile(join(repositoryRoot, 'docs', 'cluster-target.md'), 'utf8');
  for (const [, role = ''] of page.matchAll(/```yaml\n(.*?)```/gsu))
    await server.apply(JSON.parse(await server.fromYaml(role)));
  for (const role of ['scholar-verify', 'scholar-fix'])
    await server.ask('create', 'rolebinding', role, `--role=${role}`, '--user=stranger');
  api = await as('stranger');
}, 180_000);

afterAll(() => server?.remove(), 60_000);

async function as(user: string): Promise<KubeApi> {
  const env = { KUBECONFIG: await server.userKubeconfig(user) };
  const before = process.env['KUBECONFIG'];
  // The client reads the variable of its process.
  process.env['KUBECONFIG'] = env.KUBECONFIG;
  try {
    return connectApi(loadKubeconfig(env, { namespace: NAMESPACE }), systemClock);
  } finally {
    if (before === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = before;
  }
}

/** Each test has an app of its own. */
function at(app: string, resource = CONFIG_MAPS): RepairObjectAt {
  return { api, resource, namespace: NAMESPACE, name: `${app}-repair`, labels: {} };
}

async function dataOf(kind: string, name: string): Promise<unknown> {
  const found = await server.ask('get', kind, name, '--ignore-not-found', '-o', 'json');
  return found === '' ? undefined : JSON.parse(found).data;
}

test('what a repair writes is ours, holds exactly what was said last, and goes back to what it was', async () => {
  const where = at('scholar-auth');
  expect(await readRepairObject(where)).toBeUndefined();
  await writeRepairObject(where, { EMIT_MODE: 'forwarder' }, undefined);
  const first = await readRepairObject(where);
  await writeRepairObject(where, { EMIT_MODE: 'forwarder', PORT: '8080' }, first);
  expect(await dataOf('configmap', 'scholar-auth-repair')).toEqual({ EMIT_MODE: 'forwarder', PORT: '8080' });
  await server.ask(
    'patch',
    'configmap',
    where.name,
    '--type=json',
    '-p',
    '[{"op":"remove","path":"/data/PORT"}]',
  );
  // A person who takes a value away does not make the object his.
  expect((await readRepairObject(where))?.data).toEqual({ EMIT_MODE: 'forwarder' });
  await restoreRepairObject(where, first?.data);
  expect(await dataOf('configmap', 'scholar-auth-repair')).toEqual({ EMIT_MODE: 'forwarder' });
  await restoreRepairObject(where, undefined);
  expect(await dataOf('configmap', 'scholar-auth-repair')).toBeUndefined();
  await restoreRepairObject(where, undefined);
});

test('a dry run is refused as the change would be, and leaves nothing', async () => {
  const where: RepairObjectAt = { ...at('auto-page-maker'), dryRun: 'All' };
  await writeRepairObject(where, { EMIT_MODE: 'forwarder' }, undefined);
  expect(await dataOf('configmap', where.name)).toBeUndefined();
  const impossible = writeRepairObject(where, { 'no key at all': 'x' }, undefined);
  await expect(impossible).rejects.toMatchObject({ status: 422 });
});

test('a Secret is written and taken back in the same way', async () => {
  const where = at('scholarship-api', SECRETS);
  await writeRepairObject(where, { STRIPE_SECRET_KEY: 'c2s=' }, undefined);
  expect(await dataOf('secret', 'scholarship-api-repair')).toEqual({ STRIPE_SECRET_KEY: 'c2s=' });
  await restoreRepairObject(where, undefined);
  expect(await dataOf('secret', 'scholarship-api-repair')).toBeUndefined();
});

test("another hand's object is named and left alone, whether it made it or only changed it", async () => {
  await server.ask('create', 'configmap', 'student-pilot-repair', '--from-literal=a=b');
  await expect(readRepairObject(at('student-pilot'))).rejects.toThrow('kubectl-create wrote it');
  await expect(restoreRepairObject(at('student-pilot'), undefined)).rejects.toThrow(
    'kubectl-create wrote it',
  );
  const ours = at('auto-page-maker');
  await writeRepairObject(ours, { EMIT_MODE: 'forwarder' }, undefined);
  await server.ask('patch', 'configmap', ours.name, '--type=merge', '-p', '{"data":{"MORE":"x"}}');
  await expect(readRepairObject(ours)).rejects.toThrow('kubectl-patch wrote it');
  await expect(restoreRepairObject(ours, undefined)).rejects.toThrow('kubectl-patch wrote it');
  expect(await dataOf('configmap', 'student-pilot-repair')).toEqual({ a: 'b' });
  expect(await dataOf('configmap', 'auto-page-maker-repair')).toEqual({ EMIT_MODE: 'forwarder', MORE: 'x' });
});

test('findings of an app whose <app>-repair another hand holds say whose it is, in place of a remedy', async () => {
  await server.ask('create', 'secret', 'generic', 'provider-register-repair', '--from-literal=a=b');
  const finding = (label: 'provider_register' | 'scholarship_agent'): Judged => ({
    code: 'console_only_telemetry',
    label,
    severity: 'critical',
    summary: 's',
    evidence: [],
    remedies: [{ kind: 'reset_setting', label, role: 'app', key: 'EMIT_MODE', restart: true }],
  });
  const free = finding('scholarship_agent');
  const [held, other] = await heldByOthers([finding('provider_register'), free], {
    api,
    namespace: NAMESPACE,
  });
  expect(held).toMatchObject({ remedies: [], advice: expect.stringContaining('kubectl-create wrote it') });
  expect(other).toEqual(free);
});

test('what somebody wrote between our look and our write is not written over', async () => {
  const where = at('scholarship-sage');
  await writeRepairObject(where, { EMIT_MODE: 'forwarder' }, undefined);
  const seen = await readRepairObject(where);
  await server.ask('label', 'configmap', where.name, 'touched=yes');
  await expect(writeRepairObject(where, { EMIT_MODE: 'direct' }, seen)).rejects.toMatchObject({
    status: 409,
  });
  expect(await dataOf('configmap', where.name)).toEqual({ EMIT_MODE: 'forwarder' });
});

test('the annotation of a pod template comes and goes, and nothing else of the workload changes', async () => {
  const labels = { app: 'scholar-auth' };
  await server.apply({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'scholar-auth' },
    spec: {
      replicas: 2,
      serviceName: 'scholar-auth',
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'checksum/settings': 'abc' } },
        spec: { containers: [{ name: 'app', image: 'scholar' }] },
      },
    },
  });
  const specOf = async () =>
    JSON.parse(await server.ask('get', 'statefulset', 'scholar-auth', '-o', 'json')).spec;
  const before = await specOf();
  const restart = {
    api,
    namespace: NAMESPACE,
    workload: { kind: 'StatefulSet' as const, name: 'scholar-auth' },
  };
  await annotateTemplate(restart, '2026-11-29T12:00:00Z');
  const annotated = structuredClone(before);
  annotated.template.metadata.annotations['scholar.dev/repair'] = '2026-11-29T12:00:00Z';
  expect(await specOf()).toEqual(annotated);
  await annotateTemplate(restart, undefined);
  expect(await specOf()).toEqual(before);
});

test('of many who want to repair one app at the same moment exactly one may, and after it the next', async () => {
  const deps = (holder: string) => ({
    store: ledgerLeases(api, NAMESPACE, { pods: async () => [] }),
    clock: systemClock,
    holder,
    limits: DEFAULT_LIMITS,
    labels: ['scholar_auth', 'student_pilot'] as const,
  });
  const wanting = Array.from({ length: 6 }, (_, index) => hold(deps(`h${index}`), 'scholar_auth'));
  const results = await Promise.allSettled(wanting);
  const [held, ...others] = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(others).toEqual([]);
  await held?.renew();
  await held?.release(true);
  const next = await hold(deps('later'), 'scholar_auth');
  expect(next.attempt).toBe(2);
  await expect(hold(deps('too late'), 'scholar_auth')).rejects.toThrow('later is repairing scholar_auth');
}, 60_000);

test('what a repair writes belongs to the workload of its app, whose rights it needs none of; what else is written into a Lease stays', async () => {
  const labels = { app: 'student-pilot' };
  const containers = [{ name: 'app', image: 'scholar' }];
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas: 1, serviceName: 'x', selector: { matchLabels: labels }, template };
  await server.apply({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'student-pilot' },
    spec,
  });
  const read = async (kind: string, name: string) =>
    JSON.parse(await server.ask('get', kind, name, '-o', 'json'));
  const { uid } = (await read('statefulset', 'student-pilot')).metadata;
  const owned = ownedBy({ kind: 'StatefulSet', name: 'student-pilot', uid });
  const isOwned = {
    ownerReferences: [expect.objectContaining({ kind: 'StatefulSet', name: 'student-pilot', uid })],
  };

  const where = { ...at('scholarship-agent'), ...owned };
  await writeRepairObject(where, { EMIT_MODE: 'forwarder' }, undefined);
  await writeRepairObject(where, { EMIT_MODE: 'direct' }, await readRepairObject(where));
  expect((await read('configmap', where.name)).metadata).toMatchObject(isOwned);
  // One that an earlier release made has no owner yet.
  await writeRepairObject(at('provider-register'), { EMIT_MODE: 'forwarder' }, undefined);
  const older = { ...at('provider-register'), ...owned };
  await writeRepairObject(older, { EMIT_MODE: 'direct' }, await readRepairObject(older));
  expect((await read('configmap', older.name)).metadata).toMatchObject(isOwned);

  const store = ledgerLeases(api, NAMESPACE, { pods: async () => [], ownerOf: () => owned });
  const deps = { store, clock: systemClock, holder: 'one', limits: DEFAULT_LIMITS, labels: [] };
  const held = await hold(deps, 'scholarship_agent');
  const lease = { api, namespace: NAMESPACE, name: 'scholarship-agent-repair' };
  const seen = { claim: 'outbox-scholarship-agent-1', generation: 1, at: '2026-11-29T12:00:00Z' };
  const record = { ...seen, found: 3, left: 0, dead: 0, quarantined: 0, why: '' };
  await writeDrain(lease, record);
  await held.renew();
  await held.release(true);
  expect(await readDrains(lease)).toEqual([record]);
  expect((await read('lease', lease.name)).metadata).toMatchObject(isOwned);
  expect((await store.read('scholarship_agent')).entry.attempts).toHaveLength(1);
});

test('with the rights of the page the pod of a drain is made, seen and removed, and claims are listed', async () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'scholarship-sage-1', namespace: NAMESPACE },
    spec: { containers: [{ name: 'drain', image: 'scholar' }] },
  };
  const resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod' };
  const create = () => api.request({ verb: 'create', resource, namespace: NAMESPACE, body: pod });
  await create();
  await expect(create()).rejects.toMatchObject({ status: 409 });
  await api.request({ verb: 'delete', resource, namespace: NAMESPACE, name: pod.metadata.name });
  expect(await readClaims(api, NAMESPACE)).toEqual([]);
  expect(await readClaims(await as('nobody-of-this-namespace'), NAMESPACE)).toBeUndefined();
});

test('other objects of the namespace may not be written with these rights', async () => {
  const { name: _name, ...rest } = at('x');
  await expect(
    writeRepairObject({ ...rest, name: 'scholar-auth' }, { EMIT_MODE: 'x' }, undefined),
  ).rejects.toMatchObject({
    status: 403,
  });
});
