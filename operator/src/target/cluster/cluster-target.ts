import { Agent } from 'node:http';
import { APP_LABELS, type Environment, HUB_LABEL } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import type { Env } from '@scholar/runtime/config';
import type { ServedLabel } from '../../audit/remedy.ts';
import { type ConservationMemory, createConservation } from '../../conservation/conservation.ts';
import { CouldNotLook } from '../../could-not-look.ts';
import { readStory } from '../../evidence/story.ts';
import { createAsk } from '../../gather/http-client.ts';
import type { HubDatabase } from '../../gather/hub-database.ts';
import type { KubeApi } from '../../kube/api-call.ts';
import { connectApi } from '../../kube/kube-api.ts';
import { connectKube, type Kube } from '../../kube/kube-client.ts';
import { type KubeAccess, type LoadedConfig, loadKubeconfig } from '../../kube/kube-config.ts';
import { postOperation } from '../post-operation.ts';
import type { AppAddress, Target } from '../target.ts';
import { clusterAsk } from './cluster-ask.ts';
import { clusterEmission, emitKey } from './cluster-emission.ts';
import { clusterTold } from './cluster-told.ts';
import { type DesiredSource, desiredView, givenValue } from './desired-view.ts';
import { gatherCluster } from './gather-cluster.ts';
import { type NamedKey, openHubDatabase } from './hub-database.ts';
import { type Installed, readInstalled, workloadOf } from './installed.ts';
import type { Sources } from './mounted-file.ts';
import { OPERATOR_SECRET, objectName, POD_PORT } from './names.ts';
import { ownedBy } from './owned-by.ts';
import { createReach, type Reach } from './reach.ts';
import { readSources } from './read-sources.ts';
import { beginClusterRepair } from './repair/cluster-repair.ts';
import { forwardersOf } from './repair/forwarder-control.ts';
import { heldByOthers } from './repair/held-by-others.ts';
import { ledgerLeases } from './repair/ledger-leases.ts';
import { placed } from './repair/placed.ts';
import type { PlacementView } from './repair/placement.ts';
import type { SecretSource } from './repair/secret-from.ts';
import { withWanted } from './repair/wanted.ts';
import { hubAddress, serviceUrl } from './service-url.ts';
import { steadyLook } from './steady-look.ts';

/**
 * One namespace of a Kubernetes cluster as a target. Rights: get and list pods, services, statefulsets, deployments; get
 * the Secrets and ConfigMaps of scholar; create pods/portforward; get pods/log for evidence of dead pods. Repairs need more
 * (docs/cluster-target.md).
 * @param named.secretFrom where missing secrets may be copied from.
 * @param named.database where the address of A8's database is read; what A8 itself is given when left out.
 * @param named.conservation what earlier targets of the same system compared; a look that knows nothing compares a day.
 * @throws CouldNotLook when there is no cluster, no such right, or nothing of scholar in the namespace.
 */
export async function openClusterTarget(
  env: Env,
  access: KubeAccess,
  named: {
    secretFrom?: readonly SecretSource[];
    database?: NamedKey | undefined;
    conservation?: ConservationMemory;
  } = {},
): Promise<Target> {
  const { secretFrom = [], database: from, conservation = new Map() } = named;
  const kube = connectKube(env, access);
  const loaded = loadKubeconfig(env, access);
  const api = connectApi(loaded, systemClock);
  const installed = await readInstalled(kube);
  const sources = await readSources(kube, installed, [
    ...namesOf(secretFrom),
    ...(from === undefined ? [] : [from.secret]),
  ]);
  const reach = createReach(kube, systemClock.monotonic);
  try {
    const database = await openHubDatabase({ installed, sources }, reach, from);
    return await clusterTarget({
      ...{ loaded, kube, api, installed, sources, reach, database, secretFrom, conservation },
    });
  } catch (cause) {
    await reach.close();
    throw cause;
  }
}

interface ClusterTargetParts {
  loaded: LoadedConfig;
  kube: Kube;
  api: KubeApi;
  /** As found at the beginning; `gather` reads both anew. */
  installed: Installed;
  sources: Sources;
  reach: Reach;
  database: HubDatabase;
  secretFrom: readonly SecretSource[];
  conservation: ConservationMemory;
}

async function clusterTarget({
  loaded,
  kube,
  api,
  installed,
  sources,
  reach,
  database,
  secretFrom,
  conservation: memory,
}: ClusterTargetParts): Promise<Target> {
  const start = { installed, sources };
  // Each connection costs a WebSocket through the API server, so they are kept; not as long as a service keeps them
  // (5 s), or a question would now and then meet one that is just being closed.
  const agent = new Agent({ keepAlive: true, timeout: 2_000 });
  const ask = clusterAsk({ ask: createAsk(agent), reach, namespace: kube.namespace });
  const forwarders = APP_LABELS.map((label) => desiredView(start, { label, role: 'forwarder' }));
  const hubUrl = hubAddress(
    installed,
    forwarders.map(({ settings }) => settings['A8_URL'] ?? ''),
  );
  const environment = environmentOf(installed, sources);
  const readKey = operatorKey(sources, 'A8_READ_KEY');
  const key = operatorKey(sources, 'A8_OPERATIONS_KEY');
  const readRows: Target['readRows'] = (ids) => database.rows(ids);
  const conserve = createConservation({ ask, hubUrl, key, readRows, now: systemClock.now, memory });
  let seen: PlacementView = { installed, sources, hubUrl, secretFrom };
  const ownerOf = (label: ServedLabel) => {
    const workload = workloadOf(seen.installed, objectName(label));
    return workload === undefined ? {} : ownedBy(workload);
  };
  return {
    kind: 'cluster',
    environment,
    hubUrl,
    ask,
    apps: await addresses(installed, reach),
    secrets: {
      readKey,
      canaryKey: operatorKey(sources, 'CANARY_KEY'),
      stripeWebhookSecret: givenValue(
        start,
        { label: 'provider_register', role: 'app' },
        'STRIPE_WEBHOOK_SECRET',
      ),
      emitKeys: emitKeys(start),
    },
    gather: async () => {
      const { now } = systemClock;
      const look = async () => {
        const view = await readInstalled(kube);
        const read = { installed: view, sources: await readSources(kube, view, namesOf(secretFrom)) };
        const ways = { kube, api, reach, ask, now, environment, readKey, database, conserve };
        return { ...read, snapshot: await gatherCluster({ ...read, ...ways }) };
      };
      const steady = await steadyLook({ look, installedNow: () => readInstalled(kube), clock: systemClock });
      seen = { installed: steady.installed, sources: steady.sources, hubUrl, secretFrom };
      return withWanted(steady.snapshot, seen);
    },
    place: (judged) => heldByOthers(placed(judged, seen), { api, namespace: kube.namespace }),
    ledger: ledgerLeases(api, kube.namespace, { pods: kube.pods, ownerOf }),
    beginRepair: (label) =>
      beginClusterRepair({ kube, api, ask, clock: systemClock, view: () => seen, readRows }, label),
    emission: (label) => clusterEmission({ start, reach, hubUrl, namespace: kube.namespace }, label),
    orders: {
      operationsKey: key,
      forwardersOf: (label) => forwardersOf({ kube, ask, view: () => seen }, label),
    },
    operated: async () => {
      const [cluster, story] = await Promise.all([
        kube.pods().then((pods) => clusterTold(loaded, { api, pods })),
        readStory(database.history),
      ]);
      return { cluster, ...story };
    },
    readRows,
    readTraces: (of) => database.traces(of),
    recordVerdicts: (document) => postOperation({ ask, hubUrl, key, kind: 'verdicts', document }),
    recordRepair: (document) => postOperation({ ask, hubUrl, key, kind: 'repairs', document }),
    recordHeartbeat: (document) => postOperation({ ask, hubUrl, key, kind: 'heartbeats', document }),
    close: async () => {
      agent.destroy();
      await database.close();
      await reach.close();
    },
  };
}

function namesOf(secretFrom: readonly SecretSource[]): string[] {
  return secretFrom.map(({ secret }) => secret);
}

/** An app by its Service, its forwarder and its ops listener by the pod that the Service leads to. */
async function addresses(installed: Installed, reach: Reach): Promise<AppAddress[]> {
  return Promise.all(
    APP_LABELS.map(async (label): Promise<AppAddress> => {
      const name = objectName(label);
      const [intake, ops] = await Promise.all([
        reach.pod(name, POD_PORT.intake),
        reach.pod(name, POD_PORT.ops),
      ]);
      return {
        label,
        url: serviceUrl(installed, name),
        intake: `http://127.0.0.1:${intake.port}`,
        ops: `http://127.0.0.1:${ops.port}`,
      };
    }),
  );
}

function environmentOf(installed: Installed, sources: Sources): Environment {
  const { settings } = desiredView({ installed, sources }, { label: HUB_LABEL, role: 'app' });
  return settings['ENVIRONMENT'] === 'production' ? 'production' : 'staging';
}

function emitKeys(start: DesiredSource): Target['secrets']['emitKeys'] {
  const keys = APP_LABELS.map((label) => [label, emitKey(start, label)] as const);
  return Object.fromEntries(keys.filter(([, key]) => key !== undefined));
}

function operatorKey({ secrets }: Sources, key: string): string {
  const held = secrets[OPERATOR_SECRET];
  const value = held?.[key];
  if (value !== undefined && value !== '') return value;
  const what =
    held === undefined
      ? `There is no Secret ${OPERATOR_SECRET}`
      : `The Secret ${OPERATOR_SECRET} has no ${key}`;
  throw new CouldNotLook(
    `${what} in this namespace; without ${key} nothing can be proven. The charts make it.`,
  );
}
