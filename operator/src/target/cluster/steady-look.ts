import type { Clock } from '@scholar/runtime/clock';
import { judge } from '../../audit/audit.ts';
import type { DriftCode } from '../../audit/drifts/drifts.ts';
import type { Snapshot } from '../../audit/snapshot.ts';
import type { Installed } from './installed.ts';
import { nameOf } from './pod-choice.ts';

/** What a look can find in a healthy system when an upgrade begins in the middle of it: half is of before, half of after. */
const DOUBTFUL: ReadonlySet<DriftCode> = new Set<DriftCode>([
  'a8_url_drift',
  'build_differs',
  'config_differs',
  'config_hash_differs',
  'image_differs',
  'image_tag_moved',
  'secret_differs',
  'setting_drift',
  'settings_outdated',
  'version_differs',
]);

/** Helm changes a ConfigMap first and the workload that reads it up to some seconds later. */
const APPLIED_MS = 3_000;
const LOOKS = 3;

export interface Look {
  snapshot: Snapshot;
  /** The objects that the look began with. */
  installed: Installed;
}

export interface SteadyDeps<T extends Look> {
  look: () => Promise<T>;
  installedNow: () => Promise<Installed>;
  clock: Pick<Clock, 'sleep'>;
}

/**
 * Looks, and looks again when it found what a change under way may have made and there was one. What is found in a system
 * that nobody changes is found by the first look.
 */
export async function steadyLook<T extends Look>({ look, installedNow, clock }: SteadyDeps<T>): Promise<T> {
  for (let left = LOOKS; ; left -= 1) {
    const seen = await look();
    if (left <= 1 || !judge(seen.snapshot).some(({ code }) => DOUBTFUL.has(code))) return seen;
    await clock.sleep(APPLIED_MS);
    if (versionOf(seen.installed) === versionOf(await installedNow())) return seen;
  }
}

/** Equal as long as nobody changed a workload and no pod came or went. */
function versionOf({ workloads, pods }: Installed): string {
  return JSON.stringify([
    workloads.map(({ kind, name, generation }) => `${kind}/${name}/${generation}`).sort(),
    pods.map((pod) => `${nameOf(pod)}/${pod.metadata?.uid}/${pod.metadata?.deletionTimestamp}`).sort(),
  ]);
}
