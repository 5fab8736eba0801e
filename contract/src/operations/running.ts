import { z } from 'zod';
import { ENVIRONMENTS } from '../apps.ts';

export const RUNNING_ROLES = ['app', 'forwarder', 'hub', 'sandbox', 'operator'] as const;

const settingSchema = z.object({
  set: z.boolean(),
  source: z.string(),
  /** Only of what is no secret. */
  value: z.string().optional(),
  /** Only of what is a secret. */
  fingerprint: z.string().optional(),
});

/** The `/running` document: what a process really uses now, never a secret. A newer process may say more. */
export const runningSchema = z.object({
  label: z.string(),
  role: z.enum(RUNNING_ROLES),
  version: z.string(),
  protocol: z.string(),
  pid: z.int(),
  started_at: z.iso.datetime({ offset: true }),
  /** The clock of the process as it answers; absent in releases that did not tell it yet. */
  now: z.iso.datetime({ offset: true }).optional(),
  environment: z.enum(ENVIRONMENTS),
  /** The URL that events are really POSTed to. */
  endpoint: z.string().nullable(),
  emit_mode: z.enum(['forwarder', 'direct', 'console']).nullable(),
  event_names: z.enum(['v3.5.1', 'legacy']).nullable(),
  sends_authorization: z.boolean().nullable(),
  /** 12 hex digits. */
  config_hash: z.string(),
  settings: z.record(z.string(), settingSchema),
  /** Names of secrets that are required and absent. */
  missing: z.array(z.string()),
  findings: z.array(z.string()).optional(),
});

export type Running = z.infer<typeof runningSchema>;
