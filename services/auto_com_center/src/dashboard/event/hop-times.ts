import type { Hops } from '@scholar/contract';

export type Hop = { what: string; at: Date | null; clock: string; sincePreviousMs: number | null };

/** Pure: where an event was when. Three clocks take part, so a step between two of them may come out negative. */
export function hopTimes(event: { occurred_at: Date; received_at: Date }, hops: Hops | undefined): Hop[] {
  const steps: Omit<Hop, 'sincePreviousMs'>[] = [
    { what: 'it happened, says the app', at: event.occurred_at, clock: 'the app' },
    ...(hops === undefined
      ? []
      : [
          { what: 'the canary went to the app', at: dateOf(hops.sent_at), clock: 'the operator' },
          { what: 'the app answered', at: dateOf(hops.answered_at), clock: 'the operator' },
          { what: "on the forwarder's disk", at: dateOf(hops.queued_at), clock: 'the forwarder' },
        ]),
    { what: 'A8 made the row', at: event.received_at, clock: "A8's database" },
    ...(hops === undefined
      ? []
      : [
          { what: 'the forwarder had the receipt', at: dateOf(hops.receipt_at), clock: 'the forwarder' },
          { what: 'read back by its id', at: dateOf(hops.read_at), clock: 'the operator' },
        ]),
  ];
  let previous: Date | null = null;
  return steps.map((step) => {
    const sincePreviousMs =
      previous === null || step.at === null ? null : step.at.getTime() - previous.getTime();
    previous = step.at ?? previous;
    return { ...step, sincePreviousMs };
  });
}

function dateOf(at: string | null): Date | null {
  return at === null ? null : new Date(at);
}
