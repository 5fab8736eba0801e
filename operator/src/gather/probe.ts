import { type Running, runningSchema } from '@scholar/contract';
import { z } from 'zod';
import type { ForwarderStatusView, ObservationView, ProbeView } from '../audit/snapshot.ts';
import { type Ask, jsonOf } from './http-client.ts';

const readySchema = z.object({
  checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string().optional() })),
});

/** Asks a /health or /ready. Never throws: no answer is an answer too. */
export async function probe(ask: Ask, url: string): Promise<ProbeView> {
  const { url: asked, status, detail } = await timedProbe(ask, url);
  return { url: asked, status, detail };
}

/** As `probe`, with the milliseconds that the answer took; null = no answer. */
export async function timedProbe(ask: Ask, url: string): Promise<ProbeView & { tookMs: number | null }> {
  try {
    const reply = await ask({ url, timeoutMs: 3_000 });
    return { url, status: reply.status, detail: failingChecks(jsonOf(reply)), tookMs: reply.tookMs };
  } catch (cause) {
    return { url, status: null, detail: reasonOf(cause), tookMs: null };
  }
}

/** @returns what a process says it runs with; undefined when it does not answer or answers something else. */
export async function askRunning(ask: Ask, opsUrl: string): Promise<Running | undefined> {
  const parsed = runningSchema.safeParse(await askJson(ask, `${opsUrl}/running`));
  return parsed.success ? parsed.data : undefined;
}

const statusSchema = z.object({
  state: z.string(),
  hold: z.object({ reason: z.string(), detail: z.string().default(''), since: z.string() }).nullable(),
  queue: z.object({ depth: z.number(), oldest_age_s: z.number().nullable() }),
  dead: z.object({ contract: z.number(), system: z.number() }),
  quarantine: z.object({ records: z.number() }),
  pii_refused_1h: z.number().optional(),
});

/** @returns a forwarder's /status; undefined when it does not answer. */
export async function askForwarderStatus(ask: Ask, opsUrl: string): Promise<ForwarderStatusView | undefined> {
  const parsed = statusSchema.safeParse(await askJson(ask, `${opsUrl}/status`));
  if (!parsed.success) return undefined;
  const { state, hold, queue, dead, quarantine, pii_refused_1h: refusedPii } = parsed.data;
  return {
    state,
    hold,
    depth: queue.depth,
    oldestAgeSeconds: queue.oldest_age_s,
    dead,
    quarantined: quarantine.records,
    refusedPii,
  };
}

const observationsSchema = z.object({
  apps: z.record(
    z.string(),
    z.object({
      last_event_at: z.string().nullable(),
      events_1h: z.number(),
      p95_write_ms: z.number().nullable(),
      legacy_endpoint_hits: z.number(),
      legacy_alias_events: z.number(),
      rejected_1h: z.number(),
      last_legacy_at: z.string().nullable().optional(),
    }),
  ),
  keys: z.array(z.object({ id: z.string(), fingerprint: z.string().nullable() })).default([]),
});

/** What the running A8 tells of others. */
export interface HubReport {
  observations: Record<string, ObservationView> | undefined;
  /** By the id of the entry: what A8 has learnt of keys since they were first used. */
  fingerprints: ReadonlyMap<string, string>;
}

/** @returns no observations when A8 does not tell. */
export async function askHubReport(ask: Ask, hubUrl: string, readKey: string): Promise<HubReport> {
  const body = await askJson(ask, `${hubUrl}/observations`, { authorization: `Bearer ${readKey}` });
  const parsed = observationsSchema.safeParse(body);
  if (!parsed.success) return { observations: undefined, fingerprints: new Map() };
  const entries = Object.entries(parsed.data.apps).map(([label, seen]) => [
    label,
    {
      lastEventAt: seen.last_event_at,
      eventsLastHour: seen.events_1h,
      p95WriteMs: seen.p95_write_ms,
      legacyEndpointHits: seen.legacy_endpoint_hits,
      legacyAliasEvents: seen.legacy_alias_events,
      rejectedLastHour: seen.rejected_1h,
      lastLegacyAt: seen.last_legacy_at ?? null,
    },
  ]);
  const known = parsed.data.keys.flatMap(({ id, fingerprint }) =>
    fingerprint === null ? [] : [[id, fingerprint] as const],
  );
  return { observations: Object.fromEntries(entries), fingerprints: new Map(known) };
}

async function askJson(ask: Ask, url: string, headers?: Record<string, string>): Promise<unknown> {
  try {
    return jsonOf(await ask({ url, timeoutMs: 3_000, ...(headers === undefined ? {} : { headers }) }));
  } catch {
    return undefined;
  }
}

function failingChecks(body: unknown): string {
  const parsed = readySchema.safeParse(body);
  if (!parsed.success) return '';
  const failing = Object.entries(parsed.data.checks).filter(([, check]) => !check.ok);
  return failing
    .map(([name, check]) => (check.detail === undefined ? name : `${name}: ${check.detail}`))
    .join('; ');
}

function reasonOf(cause: unknown): string {
  const code = (cause as { code?: unknown }).code;
  if (code === 'ECONNREFUSED') return 'connection refused: nothing listens there';
  return typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause);
}
