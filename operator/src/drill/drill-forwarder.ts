import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonOf, type Reply } from '../gather/http-client.ts';
import type { DrillDeps } from './drill-deps.ts';
import type { DrillEvent } from './drill-events.ts';
import { type ForwarderProcess, startForwarder } from './forwarder-process.ts';

const statusSchema = z.object({
  queue: z.object({ depth: z.number() }),
  hold: z.object({ reason: z.string(), detail: z.string().nullish() }).nullable(),
  totals: z.object({ dead: z.number() }),
});

export type DrillStatus = z.infer<typeof statusSchema>;

/** An fsync of a slow disk may take long. */
const ANSWER_MS = 10_000;

const eventSchema = z.object({ state: z.string() });

/** The drill's own forwarder with a folder that outlives its process; `end` leaves nothing of either. */
export interface DrillForwarder {
  /** Starts it, anew after a kill, on the same disk. @throws Error when it does not start. */
  start: () => Promise<void>;
  kill: () => Promise<void>;
  post: (event: DrillEvent) => Promise<Reply>;
  /** What it says of an event: `queued`, `held`, `delivered`, `dead`, …; `unknown` when it knows none. */
  stateOf: (id: string) => Promise<string>;
  status: () => Promise<DrillStatus>;
  end: () => Promise<void>;
}

export interface DrillForwarderInput {
  deps: DrillDeps;
  label: string;
  hubUrl: string;
  quotaBytes: number;
  signal: AbortSignal;
}

export async function makeDrillForwarder(input: DrillForwarderInput): Promise<DrillForwarder> {
  const { deps, signal } = input;
  // mkdtemp makes it for this user alone: a key lies in it.
  const folder = await mkdtemp(join(tmpdir(), 'scholar-drill-'));
  let running: ForwarderProcess | undefined;
  const kill = async (): Promise<void> => {
    await running?.kill();
    running = undefined;
  };
  const now = (): ForwarderProcess => {
    if (running === undefined) throw new Error("The drill's forwarder does not run.");
    return running;
  };
  const end = async (): Promise<void> => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeFile(join(folder, 'A8_KEY'), deps.key, { mode: 0o600 });
  } catch (cause) {
    await end();
    throw cause;
  }
  return {
    start: async () => {
      const env = environment(input, folder);
      running = await startForwarder(deps.spawn, { program: deps.program, env, clock: deps.clock, signal });
    },
    kill,
    post: ({ headers, body }) =>
      deps.ask({ url: `${now().intake}/events`, method: 'POST', headers, body, timeoutMs: ANSWER_MS }),
    stateOf: async (id) => {
      const reply = await deps.ask({ url: `${now().intake}/events/${id}`, timeoutMs: ANSWER_MS });
      return eventSchema.safeParse(jsonOf(reply)).data?.state ?? 'unknown';
    },
    status: async () =>
      statusSchema.parse(jsonOf(await deps.ask({ url: `${now().ops}/status`, timeoutMs: ANSWER_MS }))),
    end,
  };
}

function environment({ deps, label, hubUrl, quotaBytes }: DrillForwarderInput, folder: string) {
  return {
    ...deps.settings,
    APP_LABEL: label,
    ENVIRONMENT: deps.environment,
    FORWARDER_ID: `${label}@drill`,
    A8_URL: hubUrl,
    A8_KEY_FILE: join(folder, 'A8_KEY'),
    OUTBOX_DIR: join(folder, 'outbox'),
    OUTBOX_MAX_BYTES: String(quotaBytes),
    INTAKE_PORT: '0',
    OPS_HOST: '127.0.0.1',
    OPS_PORT: '0',
    LOG_LEVEL: 'info',
  };
}
