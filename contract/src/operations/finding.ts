import { z } from 'zod';

/** Worst first: the order in which findings are shown. */
export const SEVERITIES = ['critical', 'major', 'minor', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One drift that the audit found. `app` is a label; evidence never holds a secret. */
export const findingSchema = z.strictObject({
  code: z.string().min(1),
  app: z.string(),
  severity: z.enum(SEVERITIES),
  summary: z.string(),
  evidence: z.array(z.string()),
  remedy: z.string(),
});

export type Finding = z.infer<typeof findingSchema>;
