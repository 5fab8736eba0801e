import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });

/** `POST /operations/repairs`: one drift, the change that ended it, and the event that proves it. */
export const repairRecordSchema = z.strictObject({
  at: instant,
  target: z.string().min(1),
  finding: z.strictObject({ code: z.string().min(1), app: z.string(), summary: z.string() }),
  remedy: z.string(),
  before: z.string(),
  after: z.string(),
  /** False for a dry run, and where only a person may act. */
  applied: z.boolean(),
  proof: z.strictObject({ event_id: z.string(), row_at: instant }).nullable(),
  ok: z.boolean(),
  detail: z.string(),
  /** 1 for the first repair of this app within an hour; absent where nothing was applied. */
  attempt: z.int().min(1).optional(),
  /** True where the proof failed and what had been changed was put back. */
  rolled_back: z.boolean().optional(),
  /** When each step ended, by the clock of whoever repaired; absent = it was not taken, or not seen. */
  steps: z
    .strictObject({
      /** The look that found it. */
      found_at: instant.optional(),
      /** The change was tried without being made. */
      dry_run_at: instant.optional(),
      /** The app ran with the change. */
      applied_at: instant.optional(),
      /** The row of the proof was read back. */
      proven_at: instant.optional(),
    })
    .optional(),
});

export type RepairRecord = z.infer<typeof repairRecordSchema>;
