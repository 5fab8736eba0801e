import type { ContractEvent } from './catalogue.ts';

/** A `source` that begins like this marks a simulation; services never copy such a source from a user's input. */
export const CANARY_SOURCE_PREFIX = 'canary/';

/** True when no real user caused the event: `payload.simulated` is true, or its source begins with `canary/`. */
export function isSimulated(event: ContractEvent): boolean {
  return event.payload.simulated === true || event.source.startsWith(CANARY_SOURCE_PREFIX);
}
