import type { AppLabel, Simulation, TruthRow, TruthTable } from '@scholar/contract';
import { judge } from '../audit/audit.ts';
import { WRITE_P95_BOUND_MS } from '../audit/checks/write-latency.ts';
import type { Judged } from '../audit/judged.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import type { Ask } from '../gather/http-client.ts';
import { probe, timedProbe } from '../gather/probe.ts';
import type { AppAddress, StoredRow, Target } from '../target/target.ts';
import { type CanaryProbe, canaryProbe, OWN_EVENT } from './canary-probe.ts';
import { type Followed, followEvent } from './follow-event.ts';
import { percentile } from './percentile.ts';
import { type PostedCanary, postCanaries } from './posted-canaries.ts';
import { send } from './send.ts';
import { simulate } from './simulations.ts';
import { truthRow } from './truth-row.ts';
import type { VerifyDeps } from './verify-deps.ts';
import { sampleWrites } from './write-samples.ts';

export interface VerifyOptions {
  /** Writes per app that its P95 is taken from, the canary on its own path among them. */
  samples: number;
  /** Play a lead, a sign-up and a payment through; only ever in staging. */
  simulations: boolean;
  /** Beside simulations, the brief's three canaries straight to A8. */
  post?: boolean;
}

/** Everything a verification saw: the table as the world gets it, and the rows and answers behind it. */
export interface Verification {
  table: TruthTable;
  rows: StoredRow[];
  /** What the audit found in the same look. */
  judged: Judged[];
  answers: { label: AppLabel; eventId: string; status: number | null; followed: Followed }[];
  /** The same of each simulation, whose path has more than one step. */
  played: { label: AppLabel; eventId: string; followed: Followed }[];
  /** Sent to A8 itself; none unless asked for, and none in production. */
  posted: PostedCanary[];
  /** Milliseconds of each sampled write. */
  writes: { label: AppLabel; samplesMs: number[] }[];
  tookMs: number;
}

const FOLLOW_TIMEOUT_MS = 10_000;
const REACH_SAMPLES = 10;

/**
 * Phase 3 of the brief: one canary per app on its own path, read back from the database by id. Never throws for a red
 * app. Records nothing: the caller decides which table is worth keeping (Target.recordVerdicts).
 */
export async function verify(deps: VerifyDeps, options: VerifyOptions): Promise<Verification> {
  const started = deps.clock.monotonic();
  const at = new Date(deps.clock.now()).toISOString();
  const { target } = deps;
  const snapshot = await target.gather();
  const judged = judge(snapshot);
  const canaries = await Promise.all(target.apps.map((address) => sendCanary(deps, address)));
  // One app after the other: seven at once would measure how they crowd this machine.
  const seen: Watched[] = [];
  for (const canary of canaries) seen.push(await withSamples(deps, canary, options.samples));
  const mayPlay = options.simulations && target.environment === 'staging';
  const simulated = mayPlay ? await simulate(deps, snapshot.stripe?.real === false) : [];
  const posted = mayPlay && options.post === true ? await postCanaries(deps) : [];
  const rows = await readRows(target, [
    ...seen.map(({ sent }) => sent.eventId),
    ...[...simulated, ...posted].map(({ eventId }) => eventId),
  ]);
  const table = seen.map((each) => rowOf(each, { judged, snapshot, rows, boundMs: deps.writeBoundMs }));
  const simulations = simulated.map(
    ({ eventId, simulation }): Simulation => ({
      ...simulation,
      row: rows?.some(({ event_id }) => event_id === eventId) ?? false,
    }),
  );
  const p95 = percentile(
    seen.flatMap(({ writes }) => writes.samples),
    0.95,
  );
  const ok =
    table.every(({ verdict }) => verdict === 'green') &&
    simulations.every(({ row, persisted }) => row && persisted);
  const lastDrill = await target.lastDrill?.();
  const truth: TruthTable = {
    at,
    environment: target.environment,
    target: target.kind,
    p95_write_ms: p95 === null ? null : Math.round(p95 * 100) / 100,
    ok,
    table: table.sort((a, b) => a.app.localeCompare(b.app)),
    simulations,
    ...(lastDrill === undefined ? {} : { last_drill: lastDrill }),
  };
  const answers = seen.map(({ sent, status, followed }) => ({
    label: sent.label,
    eventId: sent.eventId,
    status,
    followed,
  }));
  return {
    table: truth,
    rows: rows ?? [],
    judged,
    answers,
    played: simulated.map(({ label, eventId, followed }) => ({ label, eventId, followed })),
    posted,
    writes: seen.map(({ sent, writes }) => ({ label: sent.label, samplesMs: writes.samples })),
    tookMs: deps.clock.monotonic() - started,
  };
}

/** What was seen of one app before the database was asked. */
interface Watched {
  sent: Pick<CanaryProbe, 'label' | 'eventId'>;
  sentAt: string;
  answeredAt: string | null;
  readAt: string | null;
  status: number | null;
  refused: string | undefined;
  followed: Followed;
  reachable: { health: boolean; ready: boolean; p95Ms: number | null };
  writes: { samples: number[]; failed: number };
}

type Unsampled = Omit<Watched, 'writes'> & { address: AppAddress; token: string };

async function sendCanary(deps: VerifyDeps, address: AppAddress): Promise<Unsampled> {
  const reachable = await reach(deps.ask, address);
  const now = (): string => new Date(deps.clock.now()).toISOString();
  const sentAt = now();
  const canary = canaryProbe(address, deps.target.secrets, deps.clock.now());
  const { eventId } = canary;
  const { status, refused } =
    canary.question === undefined
      ? { status: null, refused: canary.whyNot }
      : await send(deps.ask, canary.question);
  const answeredAt = refused === undefined ? now() : null;
  // An app that refused the request emits nothing; waiting the whole time for it would only be slow.
  const timeoutMs = refused === undefined ? FOLLOW_TIMEOUT_MS : 500;
  const followed = await followEvent(deps, { intake: address.intake, eventId, timeoutMs });
  // The samples that follow take their time; the last hop ends here, and the verdict looks once more after them.
  const rows = followed.state === 'delivered' ? await readRows(deps.target, [eventId]) : undefined;
  const readAt = rows?.length === 1 ? now() : null;
  return {
    address,
    token: canary.token,
    sent: canary,
    sentAt,
    answeredAt,
    readAt,
    status,
    refused,
    followed,
    reachable,
  };
}

async function withSamples(deps: VerifyDeps, canary: Unsampled, samples: number): Promise<Watched> {
  const { address, token, ...watched } = canary;
  const { writeMs, state } = watched.followed;
  const sampled = await sampleWrites(deps, {
    label: address.label,
    intake: address.intake,
    eventType: OWN_EVENT[address.label],
    canaryToken: token,
    count: state === 'delivered' ? samples - 1 : 0,
  });
  const own = writeMs === null ? [] : [writeMs];
  return { ...watched, writes: { samples: [...own, ...sampled.writesMs], failed: sampled.failed } };
}

function rowOf(
  { sent, writes, ...watched }: Watched,
  context: {
    judged: Judged[];
    snapshot: Snapshot;
    rows: StoredRow[] | undefined;
    boundMs: number | undefined;
  },
): TruthRow {
  const app = context.snapshot.apps.find(({ label }) => label === sent.label);
  return truthRow({
    ...watched,
    label: sent.label,
    eventId: sent.eventId,
    judged: context.judged.filter(({ label }) => label === sent.label),
    told: app?.running !== undefined,
    forwarder: app?.forwarder.status,
    minimumPerHour: app?.minimumEventsPerHour,
    row:
      context.rows === undefined
        ? undefined
        : (context.rows.find(({ event_id }) => event_id === sent.eventId) ?? null),
    writes: {
      p95Ms: percentile(writes.samples, 0.95),
      failed: writes.failed,
      boundMs: context.boundMs ?? WRITE_P95_BOUND_MS,
    },
    lost: (context.snapshot.lost ?? []).filter(({ label }) => label === sent.label),
  });
}

async function reach(ask: Ask, { url }: AppAddress): Promise<Watched['reachable']> {
  const times: number[] = [];
  let health = false;
  for (let sample = 0; sample < REACH_SAMPLES; sample += 1) {
    const seen = await timedProbe(ask, `${url}/health`);
    health = seen.status === 200;
    if (!health || seen.tookMs === null) break;
    times.push(seen.tookMs);
  }
  const ready = await probe(ask, `${url}/ready`);
  const p95 = health ? percentile(times, 0.95) : null;
  return { health, ready: ready.status === 200, p95Ms: p95 === null ? null : Math.round(p95 * 100) / 100 };
}

async function readRows(target: Target, ids: string[]): Promise<StoredRow[] | undefined> {
  try {
    return await target.readRows(ids);
  } catch {
    return undefined;
  }
}
