import type { Running } from '@scholar/contract';
import { everyProcess, type SeenProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import { type ProcessRole, processName, type ServedLabel } from '../remedy.ts';
import type { DesiredProcessView } from '../snapshot.ts';

/** Judged by checks of their own, with better words. */
export const KNOWN = new Set(['A8_URL', 'EMIT_MODE', 'EVENT_NAMES', 'APP_LABEL']);
export const HARMLESS = new Set(['LOG_LEVEL']);

/** Make sure that no other setting of a running process differs from the desired one: the net under the named checks. */
export const settingDrift: Check = (snapshot) => everyProcess(snapshot).flatMap(judge);

/** @returns names of settings that this check has a finding for. */
export function settingsThatDrift(seen: SeenProcess): string[] {
  return judge(seen).flatMap(({ remedies }) =>
    remedies.flatMap((remedy) => (remedy.kind === 'reset_setting' ? [remedy.key] : [])),
  );
}

function judge({ label, role, desired, running, build }: SeenProcess): Judged[] {
  if (running === undefined) return [];
  const keys = new Set([...Object.keys(desired.settings), ...explicitlySet(running, desired)]);
  const visible = [...keys].flatMap((key) => {
    const has = running.settings[key];
    const wanted = desired.settings[key];
    if (KNOWN.has(key) || has === undefined || has.value === wanted) return [];
    const is = has.set ? (has.value ?? 'set') : 'not set';
    return [drift({ label, role, key, source: has.source, is, wanted: wanted ?? 'not to set it' })];
  });
  const unread = desired.deviating
    .filter((key) => running.settings[key] === undefined)
    .map((key) =>
      drift({
        label,
        role,
        key,
        source: 'its configuration',
        is: 'set, and the process does not know it',
        wanted: 'not to set it',
      }),
    );
  const config = build?.replicas.find(({ speaks }) => speaks)?.config;
  const hashes = config === undefined ? [] : [`config ${config.told}, wanted ${config.wanted}`];
  return [...visible, ...unread].map((each) => ({ ...each, evidence: [...each.evidence, ...hashes] }));
}

interface Drift {
  label: ServedLabel;
  role: ProcessRole;
  key: string;
  source: string;
  is: string;
  wanted: string;
}

function drift({ label, role, key, source, is, wanted }: Drift): Judged {
  const name = processName({ label, role });
  return {
    code: 'setting_drift',
    label,
    severity: HARMLESS.has(key) ? 'minor' : 'major',
    summary: `${key} of ${name} is ${is}; desired is ${wanted}.`,
    evidence: [`/running of ${name}: ${key} from ${source}`],
    remedies: [{ kind: 'reset_setting', label, role, key, restart: true }],
  };
}

/** Keys that somebody gave the process and that the desired state does not know. */
function explicitlySet(running: Running, desired: DesiredProcessView): string[] {
  return Object.entries(running.settings)
    .filter(
      ([key, has]) =>
        has.set && (has.source === 'env' || has.source === 'file') && !(key in desired.settings),
    )
    .map(([key]) => key)
    .filter((key) => !(key in desired.secrets) && key !== 'SUPERVISED');
}
