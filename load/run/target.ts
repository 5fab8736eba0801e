import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Where the load goes. */
export interface Target {
  url: string;
  key: string;
  readKey: string;
  /** What the webhook profile needs: A6_URL, STRIPE_WEBHOOK_SECRET and CANARY_KEY. */
  payments: Readonly<Record<(typeof PAYMENTS)[number], string>>;
  /** Of A8's role; undefined: rows are only looked at through A8. */
  databaseUrl: string | undefined;
  /** Process of A8 now; undefined where it is not ours to kill. */
  a8Pid: () => Promise<number | undefined>;
  /** Stops what was started for this run. */
  end: () => Promise<void>;
}

const PAYMENTS = ['A6_URL', 'STRIPE_WEBHOOK_SECRET', 'CANARY_KEY'] as const;

const statusSchema = z.object({
  running: z.boolean(),
  database_url: z.string(),
  a8: z.object({
    url: z.string(),
    pid: z.number().nullable(),
    key_file: z.string().nullable(),
    read_key_file: z.string(),
  }),
  apps: z.array(z.object({ label: z.string(), url: z.string() })),
});

const run = promisify(execFile);
const SCHOLAR = join(import.meta.dirname, '..', '..', 'operator', 'bin', 'scholar.js');
const START_TIMEOUT_MS = 180_000;

/** Env A8_URL with A8_KEY and A8_READ_KEY, or the local system, which is started when it does not run. */
export async function findTarget(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Target> {
  const { A8_URL: url, A8_KEY: key, A8_READ_KEY: readKey } = env;
  if (url !== undefined && url !== '') {
    if (!key || !readKey)
      throw new Error('with A8_URL, A8_KEY (may emit) and A8_READ_KEY (may read) are needed');
    const nothing = async () => undefined;
    const payments = Object.fromEntries(PAYMENTS.map((name) => [name, env[name] ?? '']));
    return {
      ...{ url, key, readKey, databaseUrl: env['DATABASE_URL'], a8Pid: nothing, end: nothing },
      payments: payments as Target['payments'],
    };
  }
  const state = env['STATE'] ?? '.scholar';
  const running = (await statusOf(state))?.running === true;
  const end = running ? async () => undefined : await startSystem(state, { env, signal });
  const status = await statusOf(state);
  if (status?.a8.key_file == null)
    throw new Error('the local system has no key for load: it simulates production. Use A8_URL');
  const secrets = dirname(dirname(status.a8.read_key_file));
  const secret = (...path: string[]): string => readFileSync(join(secrets, ...path), 'utf8').trim();
  return {
    url: status.a8.url,
    key: readFileSync(status.a8.key_file, 'utf8').trim(),
    readKey: readFileSync(status.a8.read_key_file, 'utf8').trim(),
    payments: {
      A6_URL: status.apps.find(({ label }) => label === 'provider_register')?.url ?? '',
      STRIPE_WEBHOOK_SECRET: secret('provider_register', 'STRIPE_WEBHOOK_SECRET'),
      CANARY_KEY: secret('supervisor', 'CANARY_KEY'),
    },
    databaseUrl: status.database_url,
    a8Pid: async () => (await statusOf(state))?.a8.pid ?? undefined,
    end,
  };
}

/** undefined: no such system was ever made. */
async function statusOf(state: string): Promise<z.output<typeof statusSchema> | undefined> {
  const args = [SCHOLAR, 'status', '--state', state, '-o', 'json'];
  const told = await run(process.execPath, args).catch((error: { stdout?: string }) => error);
  const parsed = statusSchema.safeParse(parse(told.stdout));
  return parsed.success ? parsed.data : undefined;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** @returns how to end it */
async function startSystem(
  state: string,
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<() => Promise<undefined>> {
  console.error('No system runs here; starting one …');
  const ports = env['PORT_BASE'] === undefined ? [] : ['--port-base', env['PORT_BASE']];
  const child = spawn(process.execPath, [SCHOLAR, 'up', '--state', state, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const ready = new Promise<void>((resolve) => {
    let told = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      if (told.includes('Stop with Ctrl-C')) resolve();
    });
  });
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
    return undefined;
  };
  const late = AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT_MS)]);
  const failed = new Promise<never>((_, reject) => {
    void ended.then((code) => reject(new Error(`\`scholar up\` ended with ${code}`)));
    late.addEventListener('abort', () => reject(new Error('the system did not start in time')), {
      once: true,
    });
  });
  try {
    await Promise.race([ready, failed]);
  } catch (error) {
    await end();
    throw error;
  }
  failed.catch(() => undefined);
  return end;
}
