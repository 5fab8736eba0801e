import type { AppLabel } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import type { Remedy, ServedLabel } from '../../../audit/remedy.ts';
import type { Ask } from '../../../gather/http-client.ts';
import type { KubeApi } from '../../../kube/api-call.ts';
import type { Kube } from '../../../kube/kube-client.ts';
import { RepairRefused } from '../../../remedy/ledger.ts';
import type { RepairSession } from '../../../remedy/session.ts';
import { replayDead, replayToRows } from '../../replay.ts';
import { removeAbandoned } from '../claims/drain-claim.ts';
import { type DrainClaimsDeps, drainClaims, tryDrains } from '../claims/drain-claims.ts';
import { type Workload, workloadOf } from '../installed.ts';
import { NAME_LABEL, objectName } from '../names.ts';
import { ownedBy } from '../owned-by.ts';
import { forwardersOf } from './forwarder-control.ts';
import { type Placement, type PlacementView, placementOf, repairName } from './placement.ts';
import {
  CONFIG_MAPS,
  type DataBefore,
  type DataObject,
  type RepairObjectAt,
  readRepairObject,
  restoreRepairObject,
  SECRETS,
  writeRepairObject,
} from './repair-object.ts';
import { awaitOthers, awaitOurs, type RolloutDeps } from './wait-rollout.ts';
import { annotateTemplate, REPAIR_ANNOTATION } from './workload-restart.ts';

export interface ClusterRepairDeps {
  kube: Kube;
  api: KubeApi;
  ask: Ask;
  clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  readRows: DrainClaimsDeps['readRows'];
  /** As it was looked at last. */
  view: () => PlacementView;
}

/** What `<app>-repair` and the pod template held before the first change. */
interface Before {
  configMap: DataBefore;
  secret: DataBefore;
  annotation: string | undefined;
}

interface Wanted {
  configMap: Record<string, string>;
  secret: Record<string, string>;
  restart: boolean;
}

/**
 * A repair of one app of a cluster. It writes to `<app>-repair` and to one annotation, and undoes no more than that.
 * @throws RepairRefused when the app is not installed, another hand holds `<app>-repair`, or a rollout is in progress.
 */
export async function beginClusterRepair(
  deps: ClusterRepairDeps,
  label: ServedLabel,
): Promise<RepairSession> {
  const workload = workloadOf(deps.view().installed, objectName(label));
  if (workload === undefined) throw new RepairRefused(`${objectName(label)} is not installed`);
  const at = objectsOf(deps, label, workload);
  const [configMap, secret] = await Promise.all([
    readRepairObject(at.configMap),
    readRepairObject(at.secret),
  ]);
  const rollout: RolloutDeps = { kube: deps.kube, clock: deps.clock, workload };
  await removeAbandoned(deps, workload.name);
  await awaitOthers(rollout);
  const annotation = workload.template.metadata?.annotations?.[REPAIR_ANNOTATION];
  const before: Before = { configMap: configMap?.data, secret: secret?.data, annotation };
  const restartOf = { api: deps.api, namespace: deps.kube.namespace, workload };
  // Told apart from "as before" at once: what failed half-way has to be undone as well.
  const touched = { configMap: false, secret: false, annotation: false };
  return {
    dryRun: async (remedies) => {
      const wanted = wantedOf(remedies.map((remedy) => placedOrThrow(remedy, deps.view())));
      if (Object.keys(wanted.configMap).length > 0)
        await addData({ ...at.configMap, dryRun: 'All' }, wanted.configMap);
      if (Object.keys(wanted.secret).length > 0)
        await addData({ ...at.secret, dryRun: 'All' }, wanted.secret);
      if (wanted.restart) await annotateTemplate(restartOf, new Date(deps.clock.now()).toISOString(), 'All');
      await tryDrains(deps, remedies);
    },
    apply: async (remedies) => {
      const placements = remedies.map((remedy) => placedOrThrow(remedy, deps.view()));
      const wanted = wantedOf(placements);
      if (Object.keys(wanted.configMap).length > 0) {
        touched.configMap = true;
        await addData(at.configMap, wanted.configMap);
      }
      if (Object.keys(wanted.secret).length > 0) {
        touched.secret = true;
        await addData(at.secret, wanted.secret);
      }
      if (wanted.restart) {
        touched.annotation = true;
        const value = new Date(deps.clock.now()).toISOString();
        await annotateTemplate(restartOf, value);
        await awaitOurs(rollout, value);
      }
      const replayed = await replayAll(deps, remedies);
      const drained = await drainClaims(deps, remedies);
      return [...placements.flatMap((each) => inWords(each, label)), ...replayed, ...drained];
    },
    undo: async () => {
      if (touched.configMap) await restoreRepairObject(at.configMap, before.configMap);
      if (touched.secret) await restoreRepairObject(at.secret, before.secret);
      if (touched.annotation) {
        await annotateTemplate(restartOf, before.annotation);
        await awaitOurs(rollout, before.annotation).catch(() => undefined);
      }
      return undoneInWords(label, touched, before);
    },
  };
}

function objectsOf(
  { api, kube }: ClusterRepairDeps,
  label: ServedLabel,
  workload: Workload,
): { configMap: RepairObjectAt; secret: RepairObjectAt } {
  const labels = { [NAME_LABEL]: objectName(label), 'app.kubernetes.io/part-of': 'scholar' };
  const common = { api, namespace: kube.namespace, name: repairName(label), labels, ...ownedBy(workload) };
  return { configMap: { ...common, resource: CONFIG_MAPS }, secret: { ...common, resource: SECRETS } };
}

function placedOrThrow(remedy: Remedy, view: PlacementView): Placement {
  const placement = placementOf(remedy, view);
  if (placement.to === 'person') throw new RepairRefused(placement.advice);
  return placement;
}

/** Every setting is read at a start, so each change asks for one; all of them together for a single one. */
function wantedOf(placements: readonly Placement[]): Wanted {
  const wanted: Wanted = { configMap: {}, secret: {}, restart: false };
  for (const placement of placements) {
    wanted.restart ||= placement.to !== 'forwarders' && placement.to !== 'drain';
    if (placement.to === 'configMap') wanted.configMap[placement.key] = placement.value;
    if (placement.to === 'secret') {
      wanted.secret[placement.key] = Buffer.from(placement.value).toString('base64');
      // The chart names a file for it; a process takes no setting from two places.
      wanted.configMap[`${placement.key}_FILE`] = '';
    }
  }
  return wanted;
}

/** What earlier repairs put there stays. */
async function addData(at: RepairObjectAt, data: Record<string, string>): Promise<void> {
  const now: DataObject | undefined = await readRepairObject(at);
  await writeRepairObject(at, { ...now?.data, ...data }, now);
}

async function replayAll(deps: ClusterRepairDeps, remedies: readonly Remedy[]): Promise<string[]> {
  const done: string[] = [];
  for (const remedy of remedies) {
    if (remedy.kind !== 'replay' && remedy.kind !== 'replay_dead') continue;
    done.push(
      await withForwarders(deps, remedy.label, async (forwarders) => {
        const of = { label: remedy.label, forwarders };
        return remedy.kind === 'replay'
          ? replayToRows(of, remedy.eventIds, deps)
          : `${await replayDead(of)} dead letters handed to A8 again`;
      }),
    );
  }
  return done;
}

async function withForwarders<T>(
  deps: ClusterRepairDeps,
  label: AppLabel,
  work: (forwarders: Awaited<ReturnType<typeof forwardersOf>>['forwarders']) => Promise<T>,
): Promise<T> {
  const { forwarders, close } = await forwardersOf(deps, label);
  try {
    return await work(forwarders);
  } finally {
    await close();
  }
}

function inWords(placement: Placement, label: ServedLabel): string[] {
  const name = repairName(label);
  switch (placement.to) {
    case 'configMap':
      return [`${placement.key}=${placement.value} in the ConfigMap ${name}`];
    case 'secret':
      return [
        `${placement.key} in the Secret ${name}, copied from ${placement.from.secret}#${placement.from.secretKey}`,
      ];
    case 'restart':
      return [`${objectName(label)} restarted`];
    default:
      return [];
  }
}

function undoneInWords(
  label: ServedLabel,
  touched: { configMap: boolean; secret: boolean; annotation: boolean },
  before: Before,
): string[] {
  const name = repairName(label);
  const back = (kind: string, data: DataBefore) =>
    data === undefined ? `no ${kind} ${name}` : `${kind} ${name}`;
  return [
    ...(touched.configMap ? [`${back('ConfigMap', before.configMap)} as before`] : []),
    ...(touched.secret ? [`${back('Secret', before.secret)} as before`] : []),
    ...(touched.annotation ? [`pod template of ${objectName(label)} as before, with a restart`] : []),
  ];
}
