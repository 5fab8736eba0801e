import { z } from 'zod';
import { APP_LABELS } from '../apps.ts';

/** Most events that a drill may queue: what it leaves in A8, in memory and on disk stays small. */
export const MOST_DRILL_EVENTS = 2_000;

/** The last outage drill, as a truth table carries it: what was acknowledged during an outage, and what of it is a row. */
export const drillSummarySchema = z.strictObject({
  at: z.iso.datetime({ offset: true }),
  label: z.enum(APP_LABELS),
  /** Events that were to be queued. */
  events: z.int().min(1).max(MOST_DRILL_EVENTS),
  /** Events that the forwarder acknowledged, those that filled its disk among them. */
  queued: z.int().min(0),
  /** Events that it refused because its disk was full. */
  refused_full: z.int().min(0),
  /** Of `queued`: read back from the database by id. */
  rows: z.int().min(0),
  /** From the end of the outage until the last row was read back; null when one never was. */
  recovery_ms: z.number().min(0).nullable(),
  ok: z.boolean(),
});

export type DrillSummary = z.infer<typeof drillSummarySchema>;
