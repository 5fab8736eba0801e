import type { RingKeyView, Snapshot } from '../snapshot.ts';

/** @returns why A8 will not take this key for this label; undefined when it will, or when nobody can tell. */
export function faultOf(fingerprint: string, label: string, snapshot: Snapshot): string | undefined {
  const { entry, untold } = entryOf(fingerprint, label, snapshot);
  if (entry === undefined) return untold ? undefined : 'its ring has no such fingerprint';
  if (entry.role !== 'emit') return `in its ring the key has the role ${entry.role}`;
  if (!entry.labels.includes(label)) return `in its ring the key is for ${entry.labels.join(', ')}`;
  if (entry.notAfter !== null && entry.notAfter <= snapshot.at)
    return `in its ring the key ended at ${entry.notAfter}`;
  return undefined;
}

/** True unless the ring speaks against the key. */
export function mayAccept(fingerprint: string, label: string, snapshot: Snapshot): boolean {
  return faultOf(fingerprint, label, snapshot) === undefined;
}

/** @returns the entries of a label by name and fingerprint, for evidence. */
export function ringLine(label: string, { hub }: Snapshot): string {
  const rings = hub.ring
    .filter(({ labels }) => labels.includes(label))
    .map(({ id, fingerprint }) => `${id} ${fingerprint ?? 'not told'}`);
  return rings.join(', ') || 'nothing';
}

function entryOf(fingerprint: string, label: string, { hub }: Snapshot) {
  const digest = hub.digests?.[fingerprint];
  const entry = hub.ring.find(
    (key) => key.fingerprint === fingerprint || (digest !== undefined && key.sha256 === digest),
  );
  return { entry, untold: digest === undefined && hub.ring.some((key) => mayBeTheKeyOf(label, key)) };
}

/** An entry without a fingerprint cannot speak against a key; whether A8 takes it is told by its answers. */
function mayBeTheKeyOf(label: string, { fingerprint, role, labels }: RingKeyView): boolean {
  return fingerprint === null && role === 'emit' && labels.includes(label);
}
