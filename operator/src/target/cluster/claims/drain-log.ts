import { z } from 'zod';

/** What the two tools of a drain's pod said, each in its last line that is JSON. */
const lookSchema = z.object({
  events: z.array(z.object({ event_id: z.string() })),
  totals: z.object({ queued: z.number() }),
});

const drainSchema = z.object({
  left: z.number(),
  dead: z.number(),
  quarantined: z.number(),
  hold: z.object({ reason: z.string(), detail: z.string().default('') }).nullable(),
});

export interface Looked {
  /** Of the oldest undelivered events. */
  ids: string[];
  queued: number;
}

/** @returns undefined when it did not say. */
export function lookedIn(lines: readonly string[]): Looked | undefined {
  const said = lastJson(lines, lookSchema);
  return said && { ids: said.events.map(({ event_id }) => event_id), queued: said.totals.queued };
}

export interface Drained {
  left: number;
  dead: number;
  quarantined: number;
  /** Why some are left, as far as the forwarder knows; empty when none is. */
  why: string;
}

/** @returns undefined when it did not say. */
export function drainedIn(lines: readonly string[]): Drained | undefined {
  const said = lastJson(lines, drainSchema);
  if (said === undefined) return undefined;
  const { left, dead, quarantined, hold } = said;
  const held =
    hold === null ? 'A8 did not take all of them in time' : `held: ${hold.reason} ${hold.detail}`.trim();
  return { left, dead, quarantined, why: left === 0 ? '' : held };
}

function lastJson<T>(lines: readonly string[], schema: z.ZodType<T>): T | undefined {
  for (const line of lines.toReversed()) {
    try {
      const parsed = schema.safeParse(JSON.parse(line));
      if (parsed.success) return parsed.data;
    } catch {
      // A line for people.
    }
  }
  return undefined;
}
