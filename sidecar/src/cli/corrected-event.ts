import { randomUUID } from 'node:crypto';
import { admit, eventHeaders, isAppLabel } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import type { NewEvent } from '../outbox/index.ts';
import { Refused } from './outbox-access.ts';

/** The corrected event under a fresh id, after the same checks as at the intake. @throws Refused with what is wrong */
export function correctedEvent(label: string, text: string): NewEvent {
  const headers = eventHeaders({ label, eventId: randomUUID() });
  const body = Buffer.from(text);
  const admission = admit(
    { method: 'POST', path: '/events', headers, body },
    {
      side: 'forwarder',
      ownLabel: isAppLabel(label) ? label : undefined,
      legacyAliases: 'accept',
      environment: 'staging',
      now: systemClock.now,
    },
  );
  if (admission.ok) return { eventId: admission.eventId, headers, body };
  const { code, pointer, detail } = admission.problem;
  throw new Refused(`the corrected event is refused: ${code} ${pointer ?? ''} ${detail ?? ''}`);
}
