import { ringEntrySchema } from '@scholar/contract';
import type { RingKeyView } from '../audit/snapshot.ts';

/** The text of one file of A8's ring. */
export interface RingFile {
  /** The file's name without `.json`. */
  id: string;
  text: string;
}

/**
 * Pure. @returns the entry as an audit sees it; undefined when the text is none.
 * @param fingerprints by the SHA-256 of a known key, for entries that leave theirs open (a chart cannot compute it).
 */
export function ringKeyView(
  { id, text }: RingFile,
  fingerprints: ReadonlyMap<string, string> = new Map(),
): RingKeyView | undefined {
  const parsed = ringEntrySchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { sha256, labels, role, not_after } = parsed.data;
  const fingerprint = parsed.data.fingerprint ?? fingerprints.get(sha256) ?? null;
  return { id, sha256, fingerprint, labels, role, notAfter: not_after };
}

/** Pure: entries that leave their fingerprint open get the one that A8 has learnt, by their id. */
export function withLearnt(
  ring: readonly RingKeyView[],
  fingerprints: ReadonlyMap<string, string>,
): RingKeyView[] {
  return ring.map((key) => ({ ...key, fingerprint: key.fingerprint ?? fingerprints.get(key.id) ?? null }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
