import { APP_LABELS, EVENT_TYPES, type EventType } from '@scholar/contract';
import { z } from 'zod';
import { parseCursor } from './cursor.ts';

/** Simulated events stay out unless asked for: no number of the business may contain them by accident. */
const SIMULATED = { exclude: false, false: false, include: null, true: null, only: true } as const;

/** A position that an earlier answer gave. */
export const cursorSchema = z.string().transform((text, context) => {
  const parsed = parseCursor(text);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: 'expected a cursor from an earlier answer' });
  return z.NEVER;
});

/** A cursor that is passed on as it is. */
export const cursorText = z
  .string()
  .refine((text) => parseCursor(text) !== undefined, 'expected a cursor from an earlier answer');

export const MAX_LIMIT = 500;

/** Only such (true), none such (false), or both (null). */
export const simulatedWord = z
  .enum(['exclude', 'false', 'include', 'true', 'only'])
  .default('exclude')
  .transform((word) => SIMULATED[word]);

/** Which events: shared by the list, the live tail and the first page. */
export const eventFilterSchema = z.object({
  app: z.enum(APP_LABELS).optional(),
  type: z.enum(EVENT_TYPES as [EventType, ...EventType[]]).optional(),
  simulated: simulatedWord,
});

export type EventFilter = z.output<typeof eventFilterSchema>;

export const eventQuerySchema = eventFilterSchema.extend({
  since: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  cursor: cursorSchema.optional(),
  order: z.enum(['asc', 'desc']).default('asc'),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100),
});

export type EventQuery = z.output<typeof eventQuerySchema>;
