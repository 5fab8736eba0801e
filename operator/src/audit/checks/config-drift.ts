import { everyProcess, processSubject, type SeenProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import { processName } from '../remedy.ts';
import type { ReplicaView } from '../snapshot.ts';
import { HARMLESS, KNOWN, settingsThatDrift } from './setting-drift.ts';

/**
 * Make sure that each process was started with the settings that it would be given now: the hash that it tells, against
 * that of the pod template or of the desired state. Of the replica that speaks for its app other checks name the settings
 * that they can see, with a remedy for each; here is what is left, and every other replica.
 */
export const configDrift: Check = (snapshot) => everyProcess(snapshot).flatMap(judge);

function judge(seen: SeenProcess): Judged[] {
  if (seen.build === undefined || seen.build.moving) return [];
  const found = seen.build.replicas.flatMap((replica) => {
    const names = leftToTell(seen, replica);
    return names.length === 0 ? [] : [{ replica, names }];
  });
  if (found.length === 0) return [];
  const { label, role } = seen;
  const names = [...new Set(found.flatMap((each) => each.names))].sort();
  const summary = `${processSubject(seen)} was started with other settings than it would be given now: ${names.join(', ')}.`;
  const evidence = found.map(
    ({ replica, names: differing }) =>
      `/running of ${processName(seen)} in ${replica.pod}: config ${replica.config?.told}, wanted ${replica.config?.wanted}; ${differing.join(', ')}`,
  );
  const severity = names.every((name) => HARMLESS.has(name)) ? 'minor' : 'major';
  const remedies = [{ kind: 'restart' as const, label, role }];
  return [{ code: 'config_differs', label, severity, summary, evidence, remedies }];
}

function leftToTell(seen: SeenProcess, replica: ReplicaView): string[] {
  const differing = replica.config?.differing ?? [];
  if (!replica.speaks) return differing;
  const told = new Set(settingsThatDrift(seen));
  return differing.filter((name) => !KNOWN.has(name) && !told.has(name));
}
