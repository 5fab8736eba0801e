import { canaryEventId } from '@scholar/contract';
import { canaryIdOf } from '../scenarios/parts/canary.ts';
import { eventIdOf } from '../scenarios/parts/event-id-of.ts';

/** Ids of the events of a run's first `count` iterations. @param canaryKey where A6 makes the events, whose ids follow from it */
export function idsOfRun(o: { profile: string; run: string; count: number; canaryKey: string }): string[] {
  const { profile, run, count, canaryKey: key } = o;
  return Array.from({ length: count }, (_, iteration) =>
    profile === 'webhook'
      ? canaryEventId({
          ...{ key, canaryId: canaryIdOf(run, iteration) },
          ...{ label: 'provider_register', eventType: 'PaymentSuccess' },
        })
      : eventIdOf(run, iteration),
  );
}
