import type { Running } from '@scholar/contract';
import { type GivenSetting, givenSettings } from '@scholar/runtime/config';
import type { ConfigView } from '../audit/snapshot.ts';

/** What an environment would give to a process now; undefined for a value that only the running pod could tell. */
export type WouldGive = Iterable<readonly [string, string | undefined]>;

/**
 * Pure: the settings that a process was started with, against those that it would be given now. The names that count are
 * those that the process itself knows, and how each is read it tells, too.
 * @returns undefined where it does not tell, as releases before this did not.
 */
export function configView(running: Running | undefined, wouldGive: WouldGive): ConfigView | undefined {
  if (running?.config === undefined) return undefined;
  const unknown = new Set<string>();
  const given: GivenSetting[] = [];
  for (const [key, raw] of wouldGive) {
    const kind = running.settings[key]?.kind;
    if (raw === undefined) unknown.add(key);
    // An empty value counts as none.
    else if (raw !== '' && isKind(kind)) given.push({ key, kind, raw });
  }
  const wanted = givenSettings(given);
  const told = running.config;
  const names = [...new Set([...Object.keys(told.settings), ...Object.keys(wanted.settings)])].sort();
  const differing = names.filter(
    (name) => !unknown.has(name) && told.settings[name] !== wanted.settings[name],
  );
  return { told: told.hash, wanted: wanted.hash, differing };
}

const KINDS: readonly string[] = ['string', 'int', 'url', 'oneOf', 'boolean', 'secret', 'duration'];

function isKind(kind: string | undefined): kind is GivenSetting['kind'] {
  return kind !== undefined && KINDS.includes(kind);
}
