import { APP_LABELS, keyDigest, keyFingerprint } from '@scholar/contract';
import type { RingKeyView } from '../../audit/snapshot.ts';
import { ringKeyView } from '../../gather/ring-key.ts';
import type { Sources } from './mounted-file.ts';
import { objectName, SECRET } from './names.ts';

/**
 * Pure: A8's ring as its Secret holds it. A chart cannot compute a fingerprint, so an entry may leave it open; it is
 * filled in for the keys that lie in the Secrets of the apps.
 */
export function ringOf(secrets: Sources['secrets']): RingKeyView[] {
  const fingerprints = new Map(
    APP_LABELS.flatMap((label) => {
      const key = secrets[`${objectName(label)}-a8`]?.['A8_KEY'];
      return key === undefined ? [] : [[keyDigest(key), keyFingerprint(key)] as const];
    }),
  );
  return Object.entries(secrets[SECRET.ring] ?? {}).flatMap(([file, text]) => {
    if (!file.endsWith('.json')) return [];
    return ringKeyView({ id: file.slice(0, -'.json'.length), text }, fingerprints) ?? [];
  });
}
