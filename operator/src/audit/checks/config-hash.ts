import { everyProcess, type SeenProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import { processName } from '../remedy.ts';
import type { ConfigView } from '../snapshot.ts';

/** Make sure that all replicas of a process run with one configuration, and with the present one, not that of an older template. */
export const configHash: Check = (snapshot) =>
  everyProcess(snapshot)
    .filter(({ build }) => build?.moving !== true)
    .flatMap((seen) => [...outdated(seen), ...unequal(seen)]);

function outdated({ label, role, build }: SeenProcess): Judged[] {
  const old = (build?.replicas ?? []).filter(({ settings }) => settings !== build?.settings);
  // App and forwarder share a pod: it is told once.
  if (role === 'forwarder' || build?.settings === undefined || old.length === 0) return [];
  const summary = `${old.length} of ${build.replicas.length} pods of ${label} were made before its settings were changed, and still run with the old ones.`;
  const evidence = [
    `settings of the template ${short(build.settings)}`,
    ...old.map(
      ({ pod, settings, config }) =>
        `${pod} ${settings === undefined ? 'tells none' : short(settings)}${differingNames(config)}`,
    ),
  ];
  return [
    {
      code: 'settings_outdated',
      label,
      severity: 'major',
      summary,
      evidence,
      remedies: [{ kind: 'restart', label, role }],
    },
  ];
}

function unequal({ label, role, build }: SeenProcess): Judged[] {
  const told = (build?.replicas ?? []).filter((replica) => replica.configHash !== undefined);
  if (new Set(told.map((replica) => replica.configHash)).size < 2) return [];
  // Where it is known what a replica should have, the names of its settings say more (config_differs).
  if (told.some(({ config }) => (config?.differing.length ?? 0) > 0)) return [];
  const name = processName({ label, role });
  const summary = `Replicas of ${name} run with different configurations: which one a request meets is chance.`;
  const evidence = told.map((replica) => `/running of ${replica.pod}: config_hash ${replica.configHash}`);
  return [
    {
      code: 'config_hash_differs',
      label,
      severity: 'major',
      summary,
      evidence,
      remedies: [{ kind: 'restart', label, role }],
    },
  ];
}

function differingNames(config: ConfigView | undefined): string {
  return config === undefined || config.differing.length === 0
    ? ''
    : `, differs in ${config.differing.join(', ')}`;
}

function short(checksum: string): string {
  return checksum.slice(0, 12);
}
