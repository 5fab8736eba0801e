import { z } from 'zod';
import { ENVIRONMENTS } from '../apps.ts';

export const RUNNING_ROLES = ['app', 'forwarder', 'hub', 'sandbox', 'operator'] as const;

const settingSchema = z.object({
  set: z.boolean(),
  source: z.string(),
  /** How its text is read: string, int, url, oneOf, boolean, duration or secret; absent where that is not known. */
  kind: z.string().optional(),
  /** Only of what is no secret. */
  value: z.string().optional(),
  /** Only of what is a secret. */
  fingerprint: z.string().optional(),
});

/** What a process was built from. */
const buildStampSchema = z.object({
  version: z.string(),
  /** null = it is not known. */
  commit: z.string().nullable(),
  committed_at: z.iso.datetime({ offset: true }).nullable(),
  /** SHA-256 (hex) of the files that run, as the process found them at its start. */
  digest: z.string(),
  /** The digest that the build of the image wrote down, only where the files are others now. */
  built_digest: z.string().optional(),
});

export type BuildStamp = z.infer<typeof buildStampSchema>;

/** What the process was given at its start, of what is no secret: two hashes are equal exactly when the settings are. */
const configSchema = z.object({
  /** 12 hex over `settings`. */
  hash: z.string(),
  /** 12 hex for each name that an environment or a file gave. */
  settings: z.record(z.string(), z.string()),
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
  /** Absent in releases that did not tell it yet, as is `build`. */
  config: configSchema.optional(),
  build: buildStampSchema.optional(),
  settings: z.record(z.string(), settingSchema),
  /** Names of secrets that are required and absent. */
  missing: z.array(z.string()),
  findings: z.array(z.string()).optional(),
});

export type Running = z.infer<typeof runningSchema>;
