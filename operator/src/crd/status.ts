import { APP_LABELS, ROW_VERDICTS } from '@scholar/contract';
import { z } from 'zod';
import { conditionSchema } from './conditions.ts';
import { instant, listMap, wholeMs } from './fields.ts';

const text = z.string().max(1024);

const row = z.strictObject({
  label: z.enum(APP_LABELS).describe('The x-app-label.'),
  app: z.enum(['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7']).describe('Its number.'),
  verdict: z
    .enum(ROW_VERDICTS)
    .describe('Green needs evidence that has not expired; unknown is never green.'),
  config: z
    .strictObject({
      ok: z.boolean().describe('Everything required is there and as desired.'),
      missing: z.array(text).max(32).optional().describe('Names of what is absent or wrong; never a value.'),
    })
    .optional()
    .describe('Column 1: config present?'),
  reachable: z
    .strictObject({
      health: z.boolean().describe('/health answered 200.'),
      ready: z.boolean().describe('/ready answered 200.'),
      p95Ms: wholeMs.optional().describe('P95 of /health, milliseconds.'),
    })
    .optional()
    .describe('Column 2: endpoint reachable?'),
  event: z
    .strictObject({
      eventId: z.string().max(36).optional().describe('The canary.'),
      requestId: z.string().max(128).optional().describe("The request id of A8's receipt."),
      sentAt: instant.optional().describe('When the app was asked.'),
      persisted: z.boolean().optional().describe('A8 answered persisted:true.'),
      row: z.boolean().optional().describe('The row was read back by its id; absent = nobody could look.'),
      rowAt: instant.optional().describe("The row's received_at."),
      p95WriteMs: wholeMs.optional().describe('P95 of its writes, from the POST to A8 until the receipt.'),
      retries: z.int().min(0).optional().describe('Attempts after the first.'),
    })
    .optional()
    .describe('Column 3: test event received by A8?'),
  hops: z
    .strictObject({
      appMs: wholeMs.optional().describe('Until the app answered 2xx.'),
      forwarderMs: wholeMs.optional().describe('Until the forwarder had it on disk, by its clock.'),
      hubMs: wholeMs.optional().describe("Until the forwarder had A8's receipt, by its clock."),
      rowMs: wholeMs.optional().describe('Until the row was read back.'),
    })
    .optional()
    .describe('Milliseconds since the canary was sent; absent where two clocks disagree by more.'),
  expiresAt: instant.optional().describe('From then on this row is unknown, whatever its verdict says.'),
  reasons: z.array(text).max(16).optional().describe('Why it is not green.'),
});

const repairDone = z.strictObject({
  at: instant.describe('When it was applied.'),
  app: z.string().max(64).describe('Label of the app.'),
  finding: z.string().max(128).describe('Code of the finding.'),
  remedy: text.describe('What was done.'),
  ok: z.boolean().describe('An event proved it.'),
  eventId: z.string().max(36).optional().describe('The proof.'),
  detail: text.optional().describe('What a person should know.'),
});

const drillDone = z.strictObject({
  at: instant.describe('When it began.'),
  app: z.enum(APP_LABELS).describe('Label of the app in whose name it was.'),
  ok: z
    .boolean()
    .describe('Every acknowledged event was exactly one row, through outage, kill -9 and a full disk.'),
  events: z.int().min(1).describe('Events that waited out the outage.'),
  queued: z.int().min(0).describe('Events that were acknowledged, those that filled the disk among them.'),
  refusedFull: z.int().min(0).describe('Events that were refused because the disk was full.'),
  rows: z.int().min(0).describe('Of `queued`: read back by their ids.'),
  recoveryMs: wholeMs
    .optional()
    .describe('From the end of the outage until the last row; absent = some never came.'),
});

const guardsTried = z.strictObject({
  at: instant.describe('When the last try began.'),
  kept: z
    .int()
    .min(0)
    .describe('Guards that were kept: answered as the contract says, with the trace that it says.'),
  failed: z.int().min(0).describe('Guards that were not.'),
  unknown: z.int().min(0).describe('Guards that could not be tried.'),
  guards: listMap(
    z
      .array(
        z.strictObject({
          name: z.string().max(64).describe('What was sent, e.g. wrong_key.'),
          verdict: z.enum(['kept', 'failed', 'unknown']).describe('unknown is never kept.'),
          got: text.describe('What A8 answered: status and problem code.'),
          eventId: z.string().max(36).optional().describe('The id that was sent; absent = not sent.'),
          reasons: z.array(text).max(4).optional().describe('Why it is not kept.'),
        }),
      )
      .max(16),
    'name',
  ).describe('One by one.'),
  findings: listMap(
    z
      .array(
        z.strictObject({
          code: z.string().max(64).describe('Its page is docs/drifts/CODE.md.'),
          summary: text.describe('What is wrong.'),
        }),
      )
      .max(8),
    'code',
  )
    .optional()
    .describe('What is wrong, where guards were not kept.'),
});

/** `status` of a TruthTable: what was seen, with the evidence it rests on. */
export const statusSchema = z
  .strictObject({
    observedGeneration: z.int().min(0).optional().describe('The generation that everything below speaks of.'),
    conditions: listMap(z.array(conditionSchema).max(8), 'type')
      .optional()
      .describe('Ready, Progressing and Degraded.'),
    verifiedAt: instant.optional().describe('When the last verification ended.'),
    expiresAt: instant.optional().describe('The earliest time at which a row expires.'),
    summary: z
      .strictObject({
        green: z.int().min(0).describe('Rows that are green.'),
        red: z.int().min(0).describe('Rows that are red.'),
        unknown: z.int().min(0).describe('Rows that nobody could look at, or whose evidence expired.'),
      })
      .optional()
      .describe('Counts of the rows.'),
    p95WriteMs: wholeMs.optional().describe('P95 of the writes of all apps, milliseconds.'),
    rows: listMap(z.array(row).max(APP_LABELS.length), 'label')
      .optional()
      .describe('A row for each of A1 to A7.'),
    repairs: z
      .array(repairDone)
      .max(20)
      .optional()
      .describe('The last repairs, newest first; all are stored in A8.'),
    guards: guardsTried.optional().describe('The last try of what A8 must refuse.'),
    lastDrill: drillDone.optional().describe('The last outage drill.'),
  })
  .meta({
    description: 'What was seen, with the evidence it rests on. Written by the operator alone.',
    // Until the operator has written a status, `kubectl wait` and Helm must wait: an object without conditions counts as done there.
    default: {
      conditions: ['Ready', 'Progressing', 'Degraded'].map((type) => ({
        type,
        status: 'Unknown',
        lastTransitionTime: '1970-01-01T00:00:00Z',
        reason: 'Pending',
        message: 'Waiting for the operator.',
      })),
    },
  });

export type TruthTableStatus = z.infer<typeof statusSchema>;
export type StatusRow = z.infer<typeof row>;
