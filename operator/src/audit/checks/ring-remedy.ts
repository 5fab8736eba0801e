import { HUB_LABEL } from '@scholar/contract';
import type { Judged } from '../judged.ts';
import type { Snapshot } from '../snapshot.ts';

/** The ring of a cluster belongs to Helm or to a SealedSecret, and no remedy of ours writes there. */
export function ringRemedy(target: Snapshot['target']): Pick<Judged, 'remedies' | 'advice'> {
  if (target === 'local') return { remedies: [{ kind: 'restore_key_ring', label: HUB_LABEL }] };
  return {
    remedies: [],
    advice: 'the ring of A8 is what disagrees: put an entry for the key into it (A8_KEYS_DIR)',
  };
}
