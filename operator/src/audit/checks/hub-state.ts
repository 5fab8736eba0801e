import { HUB_LABEL } from '@scholar/contract';
import type { Check } from '../judged.ts';
import { ringRemedy } from './ring-remedy.ts';

/** Make sure that A8 tells what it sees, and that it accepts somebody's key at all. */
export const hubState: Check = ({ hub, target }) => {
  if (hub.health.status !== 200) return [];
  const emitKeys = hub.ring.filter(({ role }) => role === 'emit');
  if (emitKeys.length === 0) {
    return [
      {
        code: 'key_ring_empty',
        label: HUB_LABEL,
        severity: 'critical',
        summary: 'A8 accepts no key of any app: its ring has no entry to emit with.',
        evidence: [],
        ...ringRemedy(target),
      },
    ];
  }
  if (hub.observations !== undefined) return [];
  const advice = "look at A8's log and at its database";
  return [
    {
      code: 'observations_missing',
      label: HUB_LABEL,
      severity: 'major',
      summary: 'A8 answers, and does not tell what it has seen of the apps.',
      evidence: [`GET ${hub.url}/observations`],
      remedies: [],
      advice,
    },
  ];
};
