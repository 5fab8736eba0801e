import { type Examined, type Looked, unseen } from './examined.ts';

/** A forwarder's folder against what it may have. */
export interface OutboxUse {
  label: string;
  /** undefined = the forwarder does not tell. */
  use: { usedBytes: number; maxBytes: number } | undefined;
}

const WARN_SHARE = 0.8;
const FAIL_SHARE = 0.95;

/** Pure: is there room for events. */
export function outboxLine(seen: Looked<readonly OutboxUse[]>): Examined {
  const name = 'outboxes';
  if (seen.value === undefined) return unseen(name, seen.reason);
  const told = seen.value.flatMap(({ label, use }) =>
    use === undefined ? [] : [{ label, ...use, share: use.usedBytes / use.maxBytes }],
  );
  const silent = seen.value.filter(({ use }) => use === undefined).map(({ label }) => label);
  const full = told.filter(({ share }) => share >= WARN_SHARE);
  if (full.length > 0) {
    return {
      name,
      state: full.some(({ share }) => share >= FAIL_SHARE) ? 'fail' : 'warn',
      detail: full.map(useText).join(', '),
      todo: 'see what holds the queue (`scholar audit`), then give more: outbox.persistence.size and OUTBOX_MAX_BYTES',
    };
  }
  if (silent.length > 0) return unseen(name, `no answer from the forwarder of ${silent.join(', ')}`);
  const [most] = [...told].sort((a, b) => b.share - a.share);
  if (most === undefined) return unseen(name, 'there is no forwarder');
  return { name, state: 'ok', detail: `the fullest: ${useText(most)}` };
}

function useText({ label, usedBytes, maxBytes }: { label: string; usedBytes: number; maxBytes: number }) {
  const share = Math.round((100 * usedBytes) / maxBytes);
  return `${label} ${share} % of ${(maxBytes / 1e6).toFixed(0)} MB`;
}

/** A PersistentVolumeClaim as `kubectl get pvc` shows it. */
export interface Claim {
  name: string;
  phase: string;
  /** A pod names it. */
  used: boolean;
}

/** Pure: has every claim its volume. */
export function claimLine(seen: Looked<readonly Claim[]>): Examined {
  const name = 'volumes';
  if (seen.value === undefined)
    return unseen(name, seen.reason, 'a Role with list on persistentvolumeclaims tells it');
  const lost = seen.value.filter(({ phase }) => phase === 'Lost');
  const waiting = seen.value.filter(({ phase }) => phase !== 'Bound' && phase !== 'Lost');
  // A class that binds with the first pod leaves a claim that nobody uses pending; that is no fault.
  const stuck = waiting.filter(({ used }) => used);
  if (lost.length + stuck.length > 0) {
    return {
      name,
      state: 'fail',
      detail: [...lost, ...stuck].map(claimText).join(', '),
      todo: 'kubectl describe pvc says why; is there a StorageClass, and room?',
    };
  }
  if (waiting.length > 0) {
    return { name, state: 'warn', detail: waiting.map(claimText).join(', '), todo: 'no pod uses them yet' };
  }
  if (seen.value.length === 0) return { name, state: 'ok', detail: 'no claims in the namespace' };
  return { name, state: 'ok', detail: `${seen.value.length} claims, all Bound` };
}

function claimText({ name, phase }: Claim): string {
  return `${name} ${phase}`;
}
