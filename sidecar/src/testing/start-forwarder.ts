import { randomUUID } from 'node:crypto';
import { type AppLabel, eventHeaders } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { secretFile, staticSecret } from '@scholar/runtime/config';
import { type Logger, silentLogger } from '@scholar/runtime/log';
import { tempDir } from '@scholar/runtime/testing';
import { createForwarder, type Forwarder, type ForwarderDeps } from '../app.ts';
import { sameEvent } from '../intake/same-event.ts';
import { type Outbox, type OutboxOptions, openOutbox } from '../outbox/index.ts';

export const CONTROL_TOKEN = 'control-token';
export const KEY = 'key-of-scholar-auth';

export type TestForwarder = {
  forwarder: Forwarder;
  outbox: Outbox;
  dir: string;
  intakeUrl: string;
  /** Hands an event in; the id is fresh unless given. */
  post(options?: {
    id?: string;
    body?: string | Buffer;
    headers?: Record<string, string>;
  }): Promise<PostAnswer>;
  get(path: string): Promise<PostAnswer>;
  control(method: string, path: string, body?: string): Promise<PostAnswer>;
};
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type PostAnswer = { id: string; status: number; headers: Headers; body: any };

export type StartOptions = {
  /** Default: scholar_auth. */
  label?: AppLabel;
  url?: string | undefined;
  urlFile?: string;
  keyFile?: string;
  key?: string | undefined;
  canaryKeyFile?: string;
  controlTokenFile?: string;
  dir?: string;
  outbox?: Partial<OutboxOptions>;
  pacing?: ForwarderDeps['pacing'];
  log?: Logger;
  /** Where its spans go. Default: nowhere. */
  otlpEndpoint?: string;
};

/** Quick enough for a test, with every relation between the numbers as in real life. */
const TEST_PACING = {
  retryBaseMs: 5,
  retryCapMs: 60,
  holdProbeMs: 60,
  drainMs: 1_000,
  attemptTimeoutMs: 2_000,
};
const RELOAD_MS = 20;

const started = new Set<Forwarder>();

/** A forwarder in this process, on free ports, with an outbox in an empty folder. */
export async function startForwarder(options: StartOptions = {}): Promise<TestForwarder> {
  const { label = 'scholar_auth', dir = await tempDir('outbox') } = options;
  const outbox = await openOutbox({
    ...{ dir, name: `${label}@test`, clock: systemClock, sameContent: sameEvent },
    ...options.outbox,
  });
  const forwarder = createForwarder({
    label,
    environment: 'staging',
    outbox,
    url: options.urlFile ? secretFile(options.urlFile, { intervalMs: RELOAD_MS }) : staticSecret(options.url),
    key: options.keyFile
      ? secretFile(options.keyFile, { intervalMs: RELOAD_MS })
      : staticSecret('key' in options ? options.key : KEY),
    controlToken: options.controlTokenFile
      ? secretFile(options.controlTokenFile, { name: 'CONTROL_TOKEN', intervalMs: RELOAD_MS })
      : staticSecret(CONTROL_TOKEN),
    canaryKey: options.canaryKeyFile
      ? secretFile(options.canaryKeyFile, { name: 'CANARY_KEY', intervalMs: RELOAD_MS })
      : staticSecret(undefined),
    pacing: { ...TEST_PACING, ...options.pacing },
    log: options.log ?? silentLogger(),
    otlpEndpoint: options.otlpEndpoint,
  });
  const { port } = await forwarder.start({ host: '127.0.0.1', port: 0 });
  started.add(forwarder);
  const intakeUrl = `http://127.0.0.1:${port}`;
  return { forwarder, outbox, dir, intakeUrl, ...client(intakeUrl) };
}

/** For afterEach: leaves no port, no lock and no timer behind. */
export async function stopForwarders(): Promise<void> {
  await Promise.all([...started].map((forwarder) => stopForwarder(forwarder)));
}

export async function stopForwarder(forwarder: Forwarder): Promise<{ delivered: number; left: number }> {
  started.delete(forwarder);
  return forwarder.stop();
}

export function client(intakeUrl: string): Pick<TestForwarder, 'post' | 'get' | 'control'> {
  async function call(path: string, init: RequestInit, id = ''): Promise<PostAnswer> {
    const response = await fetch(`${intakeUrl}${path}`, init);
    const text = await response.text();
    return {
      id,
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }
  return {
    post: ({ id = randomUUID(), body = newUser(), headers = {} } = {}) =>
      call(
        '/events',
        {
          method: 'POST',
          body: body as string,
          headers: { ...eventHeaders({ label: 'scholar_auth', eventId: id }), ...headers },
        },
        id,
      ),
    get: (path) => call(path, {}),
    control: (method, path, body) =>
      call(path, {
        method,
        headers: { authorization: `Bearer ${CONTROL_TOKEN}` },
        ...(body ? { body } : {}),
      }),
  };
}

/** A valid event; `details` makes it distinguishable. */
export function newUser(details = 'test'): string {
  return JSON.stringify({
    event_type: 'NewUser',
    occurred_at: '2026-01-01T00:00:00Z',
    actor_id: 'user-1',
    source: 'test',
    payload: { details },
  });
}
