import { z } from 'zod';
import { APP_LABELS, ENVIRONMENTS } from '../apps.ts';
import { drillSummarySchema } from './drill-summary.ts';

const instant = z.iso.datetime({ offset: true });
const milliseconds = z.number().min(0);

/** `unknown` is never green: it means that nobody could look. */
export const ROW_VERDICTS = ['green', 'red', 'unknown'] as const;
export type RowVerdict = (typeof ROW_VERDICTS)[number];

/** Hours for which an event that a truth table rests on is looked for again; simulated rows may expire from then on. */
export const EVIDENCE_HOURS = 24;

/**
 * When the canary of a row was where, ISO-8601; null = not seen there. Three clocks: the operator's (sent, answered,
 * read), the forwarder's (queued, receipt) and that of A8's database (received).
 */
export const hopsSchema = z.strictObject({
  /** The request went to the app. */
  sent_at: instant.nullable(),
  /** The app answered 2xx or 3xx. */
  answered_at: instant.nullable(),
  /** The forwarder had it on disk. */
  queued_at: instant.nullable(),
  /** A8 made the row. */
  received_at: instant.nullable(),
  /** The forwarder had A8's receipt, which is given after COMMIT. */
  receipt_at: instant.nullable(),
  /** The row was first read back by its id. */
  read_at: instant.nullable(),
});

/** What the forwarder of an app owed A8 when it was looked at, before the canary was sent. */
export const owedSchema = z.strictObject({
  /** Of /status of the forwarder, as it says it. */
  state: z.string(),
  /** Acknowledged events that have no receipt of A8 yet. */
  depth: z.int().min(0),
  /** Seconds that the oldest of them has waited; null where none waits. */
  oldest_s: z.number().min(0).nullable(),
  /** Why it holds all of them; null = it does not. */
  held: z.string().nullable(),
});

/** One app's row: is it configured, can it be reached, and was its event read back from the database. */
export const truthRowSchema = z.strictObject({
  app: z.enum(['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7']),
  label: z.enum(APP_LABELS),
  config: z.strictObject({ ok: z.boolean(), missing: z.array(z.string()) }),
  reachable: z.strictObject({ health: z.boolean(), ready: z.boolean(), p95_ms: milliseconds.nullable() }),
  event: z.strictObject({
    event_id: z.string().nullable(),
    request_id: z.string().nullable(),
    at: instant.nullable(),
    persisted: z.boolean().nullable(),
    /** True when the row was read back by its id. */
    row: z.boolean().nullable(),
    row_at: instant.nullable(),
    /** From the sender's POST to A8 until the receipt. */
    write_ms: milliseconds.nullable(),
    retries: z.int().min(0).nullable(),
  }),
  /** Absent where it was not followed. */
  hops: hopsSchema.optional(),
  /** null = the forwarder did not tell. Absent where nobody asked. */
  owed: owedSchema.nullable().optional(),
  /** Real events an hour that are declared as its least; 0 = none is. Absent where nobody asked. */
  minimum_per_hour: z.int().min(0).optional(),
  verdict: z.enum(ROW_VERDICTS),
  reasons: z.array(z.string()),
});

/** A lead, a sign-up or a payment that was played through in staging. */
export const simulationSchema = z.strictObject({
  name: z.enum(['lead', 'auth', 'payment']),
  event_id: z.string().nullable(),
  persisted: z.boolean(),
  row: z.boolean(),
  retries: z.int().min(0).nullable(),
  duration_ms: milliseconds.nullable(),
});

/** What `scholar verify -o json` prints and `POST /operations/verdicts` takes (architecture, section 7). */
export const truthTableSchema = z.strictObject({
  at: instant,
  environment: z.enum(ENVIRONMENTS),
  target: z.string().min(1),
  p95_write_ms: milliseconds.nullable(),
  ok: z.boolean(),
  table: z.array(truthRowSchema).max(7),
  simulations: z.array(simulationSchema).max(20),
  /** Only where an outage drill was done. */
  last_drill: drillSummarySchema.optional(),
});

export type Owed = z.infer<typeof owedSchema>;
export type Hops = z.infer<typeof hopsSchema>;
export type TruthRow = z.infer<typeof truthRowSchema>;
export type Simulation = z.infer<typeof simulationSchema>;
export type TruthTable = z.infer<typeof truthTableSchema>;
