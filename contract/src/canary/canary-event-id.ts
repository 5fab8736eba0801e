import { createHmac } from 'node:crypto';
import { uuidV4FromBytes } from '../ids.ts';

export type CanaryEvent = { key: string; canaryId: string; label: string; eventType: string };

/** The id (v4-shaped) of the event that a canary causes in one app: the prober knows it before it sends. */
export function canaryEventId({ key, canaryId, label, eventType }: CanaryEvent): string {
  const message = `scholar canary event v1\n${canaryId}\n${label}\n${eventType}`;
  return uuidV4FromBytes(createHmac('sha256', key).update(message).digest());
}
