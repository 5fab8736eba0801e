import type { Remedy, ServedLabel } from '../../../audit/remedy.ts';
import { type DrainRemedy, drainOf, ordinalOf } from '../claims/drain-of.ts';
import { NotDrainable } from '../claims/drain-pod.ts';
import { givenValues } from '../desired-process.ts';
import { containerOf, type DesiredSource, wantedProcess } from '../desired-view.ts';
import { workloadOf } from '../installed.ts';
import { objectName } from '../names.ts';
import { carriedSetting, fixedSettings, type ProcessId } from './fixed-settings.ts';
import { type SecretSource, sourceOf } from './secret-from.ts';

/** What a remedy is in this cluster: something for `<app>-repair`, a restart, a question to forwarders, or a person's. */
export type Placement =
  | { to: 'configMap'; key: string; value: string }
  | { to: 'secret'; key: string; value: string; from: SecretSource }
  | { to: 'restart' }
  | { to: 'forwarders' }
  /** A pod of its own, for a claim that no replica has. */
  | { to: 'drain' }
  | { to: 'person'; advice: string };

export interface PlacementView extends DesiredSource {
  hubUrl: string;
  secretFrom: readonly SecretSource[];
}

/** The one ConfigMap, and the one Secret, of an app that remedies are written to. */
export function repairName(label: ServedLabel): string {
  return `${objectName(label)}-repair`;
}

/** Pure: where a remedy goes. Fields that Helm or a SealedSecret owns are a person's, with the command to run. */
export function placementOf(remedy: Remedy, view: PlacementView): Placement {
  switch (remedy.kind) {
    case 'replay':
    case 'replay_dead':
      return { to: 'forwarders' };
    case 'drain_claim':
      return drainPlacement(remedy, view);
    case 'restore_key_ring':
      return person(
        `the ring lies in a Secret that Helm or a SealedSecret owns; write it anew with ${commandOf(view, 'helm upgrade')}`,
      );
    case 'restart':
    case 'start':
      return startOf(remedy, view);
    case 'reset_setting':
      return settingOf(remedy, remedy.key, view);
  }
}

function drainPlacement(remedy: DrainRemedy, view: PlacementView): Placement {
  try {
    drainOf(remedy, view);
    return { to: 'drain' };
  } catch (cause) {
    if (!(cause instanceof NotDrainable)) throw cause;
    const at = `statefulset/${objectName(remedy.label)}`;
    return person(
      `${cause.message}; its own replica sends what lies on ${remedy.claim}: ${commandOf(view, 'kubectl')} scale ${at} --replicas=${ordinalOf(remedy.claim) + 1}, and down again when \`scholar audit\` tells no backlog`,
    );
  }
}

function startOf(id: ProcessId, view: PlacementView): Placement {
  const name = objectName(id.label);
  const workload = workloadOf(view.installed, name);
  if (workload === undefined) return person(`${name} is not installed: ${commandOf(view, 'helm upgrade')}`);
  const at = `${workload.kind.toLowerCase()}/${name}`;
  if (workload.replicas === 0)
    return person(
      `somebody has scaled it to 0, which Helm owns: ${commandOf(view, 'kubectl')} scale ${at} --replicas=1`,
    );
  if (workload.trouble !== undefined)
    return person(`its pods are refused: ${commandOf(view, 'kubectl')} describe ${at}`);
  if (containerOf(view, id) === undefined)
    return person(`its pod template has no such container: ${commandOf(view, 'helm upgrade')}`);
  return { to: 'restart' };
}

function settingOf(id: ProcessId, key: string, view: PlacementView): Placement {
  const from = sourceOf(view.secretFrom, { label: id.label, key });
  if (from !== undefined) return secretOf(id, from, view);
  const given = givenTo(id, key, view);
  // The process was not started with what it is given now.
  const right = fixedSettings(id, view.hubUrl)[key];
  if (given?.secret === true || right === undefined || given?.value === right) return { to: 'restart' };
  const value = carriedSetting(id, key, view.hubUrl);
  const name = repairName(id.label);
  if (value === undefined)
    return person(
      `${name} is read by app and forwarder, which need ${key} at different values: ${commandOf(view, 'kubectl')} edit configmap, back to ${right}`,
    );
  const after = withData(view, { configMap: { [name]: { [key]: value } } });
  if (givenTo(id, key, after)?.value === value) return { to: 'configMap', key, value };
  return person(outOfReach(id, key, view));
}

function secretOf(id: ProcessId, from: SecretSource, view: PlacementView): Placement {
  const { key, secret, secretKey } = from;
  const held = view.sources.secrets[secret];
  const value = held?.[secretKey];
  if (value === undefined || value === '') {
    const what =
      held === undefined ? `there is no Secret ${secret}` : `the Secret ${secret} has no ${secretKey}`;
    return person(`${what} to copy ${key} from`);
  }
  if (givenTo(id, key, view)?.value === value) return { to: 'restart' };
  const name = repairName(id.label);
  const after = withData(view, {
    configMap: { [name]: { [`${key}_FILE`]: '' } },
    secret: { [name]: { [key]: value } },
  });
  if (givenTo(id, key, after)?.value === value) return { to: 'secret', key, value, from };
  return person(outOfReach(id, key, view));
}

function outOfReach(id: ProcessId, key: string, view: PlacementView): string {
  const workload = workloadOf(view.installed, objectName(id.label));
  const container = containerOf(view, id);
  const set = container?.env?.some(({ name }) => name === key || name === `${key}_FILE`);
  const at = `${workload?.kind.toLowerCase()}/${workload?.name}`;
  return set === true
    ? `${key} is set in the pod template itself, over everything that a repair may write: ${commandOf(view, 'kubectl')} set env ${at} -c ${container?.name} ${key}-`
    : `the pod template does not read ${repairName(id.label)}, so nothing can be put right through it: ${commandOf(view, 'helm upgrade')} with the chart of this release`;
}

function commandOf({ installed }: PlacementView, program: 'kubectl' | 'helm upgrade'): string {
  return `${program} -n ${installed.namespace}`;
}

function givenTo(id: ProcessId, key: string, view: DesiredSource) {
  const wanted = wantedProcess(view, id);
  return wanted === undefined ? undefined : givenValues(wanted).get(key);
}

type Data = Record<string, Record<string, string>>;

/** What templates would give if objects held this as well. */
function withData(
  { installed, sources }: DesiredSource,
  { configMap = {}, secret = {} }: { configMap?: Data; secret?: Data },
): DesiredSource {
  return {
    installed,
    sources: {
      configMaps: added(sources.configMaps, configMap),
      secrets: added(sources.secrets, secret),
    },
  };
}

function added(
  before: Readonly<Record<string, Record<string, string> | undefined>>,
  data: Data,
): Record<string, Record<string, string> | undefined> {
  const changed = Object.entries(data).map(([name, more]) => [name, { ...before[name], ...more }] as const);
  return { ...before, ...Object.fromEntries(changed) };
}

function person(advice: string): Placement {
  return { to: 'person', advice };
}
