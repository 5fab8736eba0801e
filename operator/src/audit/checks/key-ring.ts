import type { Check, Judged } from '../judged.ts';
import type { AppSnapshot, RingKeyView, Snapshot } from '../snapshot.ts';
import { ringRemedy } from './ring-remedy.ts';

/** Make sure that the key of the *running* forwarder is one that A8 accepts for its label, and name who disagrees. */
export const keyRing: Check = (snapshot) =>
  snapshot.apps.flatMap((app) => {
    const judged = judge(app, snapshot);
    return judged === undefined ? [] : [judged];
  });

function judge(app: AppSnapshot, { hub, at, target }: Snapshot): Judged | undefined {
  const running = app.forwarder.running?.settings['A8_KEY']?.fingerprint;
  if (running === undefined) return undefined;
  const digest = hub.digests?.[running];
  const entry = hub.ring.find(
    ({ fingerprint, sha256 }) => fingerprint === running || (digest !== undefined && sha256 === digest),
  );
  const untold = digest === undefined && hub.ring.some((key) => mayBeTheKeyOf(app.label, key));
  if (entry === undefined && untold) return undefined;
  const fault = faultOf(entry, app.label, at);
  if (fault === undefined) return undefined;
  const desired = app.forwarder.desired.secrets['A8_KEY'];
  const rings = hub.ring
    .filter(({ labels }) => labels.includes(app.label))
    .map(({ id, fingerprint }) => `${id} ${fingerprint ?? 'not told'}`);
  const evidence = [
    `running forwarder ${running}`,
    `desired ${desired ?? 'none'}`,
    `ring of A8 for ${app.label}: ${rings.join(', ') || 'nothing'}`,
  ];
  const summary = `A8 will not accept the key of the running forwarder of ${app.label}: ${fault}.`;
  if (desired === running) {
    return {
      code: 'key_not_in_ring',
      label: app.label,
      severity: 'critical',
      summary,
      evidence,
      ...ringRemedy(target),
    };
  }
  const remedies = [
    {
      kind: 'reset_setting' as const,
      label: app.label,
      role: 'forwarder' as const,
      key: 'A8_KEY',
      restart: false,
    },
  ];
  return { code: 'key_not_accepted', label: app.label, severity: 'critical', summary, evidence, remedies };
}

/** An entry without a fingerprint cannot speak against a key; whether A8 takes it is told by its answers. */
function mayBeTheKeyOf(label: string, { fingerprint, role, labels }: RingKeyView): boolean {
  return fingerprint === null && role === 'emit' && labels.includes(label);
}

function faultOf(entry: RingKeyView | undefined, label: string, at: string): string | undefined {
  if (entry === undefined) return 'its ring has no such fingerprint';
  if (entry.role !== 'emit') return `in its ring the key has the role ${entry.role}`;
  if (!entry.labels.includes(label)) return `in its ring the key is for ${entry.labels.join(', ')}`;
  if (entry.notAfter !== null && entry.notAfter <= at)
    return `in its ring the key ended at ${entry.notAfter}`;
  return undefined;
}
