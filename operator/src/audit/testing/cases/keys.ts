import type { AppSnapshot, Snapshot } from '../../snapshot.ts';
import type { AuditCase } from '../audit-case.ts';
import { appOf, fingerprint, healthyCluster, told } from '../healthy-snapshot.ts';

const LABEL = 'scholar_auth';

/** Puts a key into each of the four places; what is left out keeps the healthy one. */
function place(
  snapshot: Snapshot,
  places: { secret?: string; pod?: string | null; running?: string; ring?: string },
) {
  const { forwarder }: AppSnapshot = appOf(snapshot, LABEL);
  const { secret, pod, running, ring } = places;
  if (secret !== undefined) forwarder.desired.secrets = { A8_KEY: fingerprint(secret) };
  if (pod !== undefined) forwarder.givenKey = pod === null ? null : fingerprint(pod);
  if (running !== undefined)
    told(forwarder.running).settings['A8_KEY'] = {
      set: true,
      source: 'file',
      fingerprint: fingerprint(running),
    };
  if (ring !== undefined)
    snapshot.hub.ring.push({
      id: 'new',
      fingerprint: fingerprint(ring),
      labels: [LABEL],
      role: 'emit',
      notAfter: null,
    });
}

/** The four places of a key: Secret, pod, running forwarder, A8's ring. */
export const KEY_CASES: readonly AuditCase[] = [
  {
    says: 'where Secret, pod and process hold a key that A8 never saw, the ring disagrees',
    change: (s) => place(s, { secret: 'new', pod: 'new', running: 'new' }),
    finds: ['A1 key_not_in_ring'],
  },
  {
    says: 'where only the process holds a key that A8 refuses, the process disagrees and is restarted',
    change: (s) => place(s, { running: 'wrong' }),
    finds: ['A1 key_not_accepted'],
  },
  {
    says: 'where pod and process hold a key that A8 refuses, the pod disagrees with its Secret',
    change: (s) => place(s, { pod: 'wrong', running: 'wrong' }),
    finds: ['A1 key_not_accepted'],
  },
  {
    says: 'where the Secret alone was changed to a key that A8 does not know, the Secret disagrees',
    change: (s) => place(s, { secret: 'new' }),
    finds: ['A1 key_secret_differs'],
  },
  {
    says: 'in a cluster too, where nobody writes over a Secret',
    of: healthyCluster,
    change: (s) => place(s, { secret: 'new', pod: 'new' }),
    finds: ['A1 key_secret_differs'],
  },
  {
    says: 'a Secret that lost its key is named while the process still has it',
    change: (s) => {
      appOf(s, LABEL).forwarder.desired.secrets = { A8_KEY: undefined };
    },
    finds: ['A1 key_secret_differs'],
  },
  {
    says: 'a rotated key that A8 knows and the process has not read yet is stale, not refused',
    change: (s) => place(s, { secret: 'new', pod: 'new', ring: 'new' }),
    finds: ['A1 key_stale'],
  },
  {
    says: 'a pod that is given another key than its Secret holds is named before the process reads it',
    change: (s) => place(s, { pod: 'wrong' }),
    finds: ['A1 key_pod_differs'],
  },
  {
    says: 'a pod from which the key was taken away is named before the process reads that',
    change: (s) => place(s, { pod: null }),
    finds: ['A1 key_pod_differs'],
  },
  {
    says: 'a pod that nobody could look at is not judged',
    change: (s) => {
      appOf(s, LABEL).forwarder.givenKey = undefined;
    },
    finds: [],
  },
  {
    says: 'a rotation that has reached all four places is no finding, though the ring still holds the former key',
    change: (s) => place(s, { secret: 'new', pod: 'new', running: 'new', ring: 'new' }),
    finds: [],
  },
];
