import { HUB_LABEL, keyDigest, keyFingerprint } from '@scholar/contract';
import type { RingKeyView } from '../../audit/snapshot.ts';
import { ringKeyView } from '../../gather/ring-key.ts';
import { type DesiredSource, givenValue, wantedProcess } from './desired-view.ts';
import { mountedFolder, type Sources } from './mounted-file.ts';

/**
 * Pure: A8's ring as the Secret that is mounted at its A8_KEYS_DIR holds it. A chart cannot compute a fingerprint, so an
 * entry may leave it open; it is filled in for the keys that lie in Secrets of the namespace.
 */
export function ringOf(source: DesiredSource): RingKeyView[] {
  const hub = { label: HUB_LABEL, role: 'app' } as const;
  const wanted = wantedProcess(source, hub);
  const folder = givenValue(source, hub, 'A8_KEYS_DIR');
  if (wanted === undefined || folder === undefined) return [];
  const digests = Object.entries(digestsOf(source.sources));
  const fingerprints = new Map(digests.map(([fingerprint, digest]) => [digest, fingerprint]));
  return Object.entries(mountedFolder(folder, wanted)).flatMap(([file, text]) => {
    if (!file.endsWith('.json')) return [];
    return ringKeyView({ id: file.slice(0, -'.json'.length), text }, fingerprints) ?? [];
  });
}

/** Pure: SHA-256 by fingerprint of everything that lies in a Secret of the namespace, the keys of the apps among it. */
export function digestsOf({ secrets }: Sources): Record<string, string> {
  const values = Object.values(secrets).flatMap((held) => Object.values(held ?? {}));
  return Object.fromEntries(values.map((value) => [keyFingerprint(value), keyDigest(value)]));
}
