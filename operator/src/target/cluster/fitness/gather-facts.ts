import { HUB_LABEL } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import type { Env } from '@scholar/runtime/config';
import { z } from 'zod';
import { CouldNotLook } from '../../../could-not-look.ts';
import type { ClusterFacts } from '../../../doctor/examine-cluster.ts';
import { type Looked, looked } from '../../../doctor/examined.ts';
import { kindsWanted, OPTIONAL_KINDS, type WantedKinds } from '../../../doctor/kinds.ts';
import type { Kubelet } from '../../../doctor/kubernetes-version.ts';
import { type NamedObjects, rightsNeeded } from '../../../doctor/rights-needed.ts';
import { askTold } from '../../../gather/ask-told.ts';
import { createAsk } from '../../../gather/http-client.ts';
import { askStripeKey } from '../../../gather/stripe-key.ts';
import type { KubeApi } from '../../../kube/api-call.ts';
import { createTransport } from '../../../kube/api-transport.ts';
import { connectApi } from '../../../kube/kube-api.ts';
import { connectKube, type Kube } from '../../../kube/kube-client.ts';
import { type KubeAccess, loadKubeconfig } from '../../../kube/kube-config.ts';
import { createServerAsker } from '../../../kube/server-facts.ts';
import { REPAIRED_LABELS } from '../../target.ts';
import { desiredView } from '../desired-view.ts';
import { type Installed, readInstalled, type Workload } from '../installed.ts';
import type { Sources } from '../mounted-file.ts';
import { HUB, OPERATOR_SECRET, objectName, POD_PORT } from '../names.ts';
import { createReach, type Reach } from '../reach.ts';
import { readSources } from '../read-sources.ts';
import { repairName } from '../repair/placement.ts';
import { stripeAccess } from '../stripe.ts';
import { askClaims, askOutboxes } from './ask-disks.ts';
import { askMonitoring } from './ask-monitoring.ts';
import { askRights } from './ask-rights.ts';

/** The operator of the chart, by the name of its Deployment. */
const OPERATOR = 'scholar-operator';

/**
 * Looks at a cluster and a namespace of it, as far as may be: what cannot be seen carries its reason. Changes nothing.
 * @param values of a chart, parsed; what they turn on is then needed.
 * @throws CouldNotLook when the cluster does not answer at all.
 */
export async function gatherFacts(env: Env, access: KubeAccess, values: unknown[]): Promise<ClusterFacts> {
  const loaded = loadKubeconfig(env, access);
  const kube = connectKube(env, access);
  const api = connectApi(loaded, systemClock);
  const asker = createServerAsker(createTransport(loaded, systemClock), loaded, systemClock.now);
  // The first question: where it has no answer, there is no second one.
  const server = await asker.facts();
  const reach = createReach(kube, systemClock.monotonic);
  try {
    const installed = await looked(() => readInstalled(kube));
    const sources = await withValue(installed, (value) => readSources(kube, value));
    const view = both(installed, sources);
    const [kubelets, groups, rights, inside, stripe, claims, monitoring] = await Promise.all([
      looked(() => askKubelets(api)),
      looked(() => asker.groups([...new Set(OPTIONAL_KINDS.map(({ group }) => group))])),
      askRights({ api, namespace: kube.namespace }, rightsNeeded(namedObjects(installed, sources))),
      insideFacts(installed, reach),
      stripeFacts(view, reach),
      looked(async () => askClaims(api, { namespace: kube.namespace, pods: await podsOf(kube, installed) })),
      looked(() => askMonitoring(api, kube.namespace)),
    ]);
    const wanted = { ...wantedBy(installed), ...Object.assign({}, ...values.map(kindsWanted)) };
    const environment = environmentOf(view);
    return { server, kubelets, groups, wanted, rights, ...inside, claims, environment, stripe, monitoring };
  } finally {
    await reach.close();
  }
}

type Inside = Pick<ClusterFacts, 'hubAheadMs' | 'outboxes'>;

async function insideFacts(installed: Looked<Installed>, reach: Reach): Promise<Inside> {
  const ask = createAsk();
  const [hubAheadMs, outboxes] = await Promise.all([
    withValue(installed, async () => {
      const { port } = await reach.pod(HUB, POD_PORT.ops);
      const { clockAheadMs } = await askTold({ ask, now: systemClock.now }, `http://127.0.0.1:${port}`);
      if (clockAheadMs === undefined) throw new CouldNotLook('A8 does not tell its time');
      return clockAheadMs;
    }),
    withValue(installed, () => askOutboxes(reach, ask)),
  ]);
  return { hubAheadMs, outboxes };
}

interface View {
  installed: Installed;
  sources: Sources;
}

async function stripeFacts(view: Looked<View>, reach: Reach): Promise<ClusterFacts['stripe']> {
  const of = (label: keyof ClusterFacts['stripe']) =>
    withValue(view, async (seen) => askStripeKey(await stripeAccess({ ...seen, reach }, label)));
  const [shop, providers] = await Promise.all([of('scholarship_api'), of('provider_register')]);
  return { scholarship_api: shop, provider_register: providers };
}

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z.object({ nodeInfo: z.object({ kubeletVersion: z.string() }) }),
    }),
  ),
});

/** More nodes than these are not asked about. */
const NODES = 500;

async function askKubelets(api: KubeApi): Promise<Kubelet[]> {
  const resource = { group: '', version: 'v1', plural: 'nodes', kind: 'Node' };
  const answer = await api.request<unknown>({ verb: 'list', resource, query: { limit: NODES } });
  return nodesSchema.parse(answer).items.map(({ metadata, status }) => ({
    node: metadata.name,
    version: status.nodeInfo.kubeletVersion,
  }));
}

function namedObjects(installed: Looked<Installed>, sources: Looked<Sources>): NamedObjects {
  const all = REPAIRED_LABELS.map(objectName);
  const workloads = installed.value?.workloads.filter(({ name }) => all.includes(name));
  const named = (kind: Workload['kind']) =>
    workloads?.filter((each) => each.kind === kind).map(({ name }) => name) ?? all;
  const repairs = REPAIRED_LABELS.map(repairName);
  return {
    secrets: Object.keys(sources.value?.secrets ?? { [OPERATOR_SECRET]: undefined }),
    configMaps: Object.keys(
      sources.value?.configMaps ?? Object.fromEntries(repairs.map((name) => [name, 0])),
    ),
    repairs,
    statefulSets: named('StatefulSet'),
    deployments: named('Deployment'),
  };
}

/** The pods, also of a namespace without scholar. */
async function podsOf(kube: Kube, installed: Looked<Installed>): Promise<Installed['pods']> {
  return installed.value?.pods ?? (await kube.pods());
}

function wantedBy(installed: Looked<Installed>): WantedKinds {
  const runs = installed.value?.workloads.some(({ name }) => name === OPERATOR) ?? false;
  return runs ? { TruthTable: `the Deployment ${OPERATOR}` } : {};
}

function environmentOf(view: Looked<View>): ClusterFacts['environment'] {
  if (view.value === undefined) return 'staging';
  const { settings } = desiredView(view.value, { label: HUB_LABEL, role: 'app' });
  return settings['ENVIRONMENT'] === 'production' ? 'production' : 'staging';
}

function both(installed: Looked<Installed>, sources: Looked<Sources>): Looked<View> {
  if (installed.value === undefined) return { reason: installed.reason };
  if (sources.value === undefined) return { reason: sources.reason };
  return { value: { installed: installed.value, sources: sources.value } };
}

async function withValue<T, R>(seen: Looked<T>, look: (value: T) => Promise<R>): Promise<Looked<R>> {
  const { value } = seen;
  return value === undefined ? { reason: seen.reason ?? '' } : looked(() => look(value));
}
