import { readFile } from 'node:fs/promises';
import {
  CannotLook,
  type Listing,
  NoSuchEvent,
  NotRunning,
  type OutboxAccess,
  Refused,
  type Shown,
} from './outbox-access.ts';

export type DrainState = {
  state: string;
  hold: { reason: string; detail: string } | null;
  queue: { depth: number; in_flight: number };
  dead: { contract: number; system: number };
  quarantine: { records: number };
};
export type RemoteOutbox = OutboxAccess & {
  /** Asks for delivery now. */
  drain(): Promise<DrainState>;
  /** Looks how far it got. */
  drained(): Promise<DrainState>;
};

const TIMEOUT_MS = 10_000;
/** An erasure reads everything that is kept. */
const ERASE_TIMEOUT_MS = 600_000;

/** The outbox of a running forwarder, by its control routes. */
export async function remoteOutbox(options: { intake: string; tokenFile: string }): Promise<RemoteOutbox> {
  const token = await readToken(options.tokenFile);
  const base = options.intake.replace(/\/+$/, '');

  async function call<T>(method: string, path: string, body?: string, timeoutMs = TIMEOUT_MS): Promise<T> {
    const eventId = /[0-9a-f-]{36}/i.exec(path)?.[0] ?? '';
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    }).catch((error: unknown) => {
      throw new NotRunning(`the forwarder at ${base} does not answer: ${causeOf(error)}`);
    });
    const answer = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
    if (response.ok) return answer as T;
    const said = `the forwarder answered ${response.status}: ${answer.detail ?? answer.title ?? 'without a reason'}`;
    if (response.status === 404 && eventId) throw new NoSuchEvent(eventId);
    if (response.status === 401 || response.status === 403 || response.status === 404)
      throw new CannotLook(said);
    throw new Refused(said);
  }

  return {
    list: ({ state, limit }) => call<Listing>('GET', `/outbox?state=${state}&limit=${limit}`),
    show: (eventId) => call<Shown>('GET', `/outbox/${eventId}`),
    replay: (eventId, body) => call<{ event_id: string }>('POST', `/events/${eventId}/replay`, body),
    discard: (eventId) => call('POST', `/events/${eventId}/discard`),
    erase: (actorId, { dryRun }) =>
      call('POST', '/erase', JSON.stringify({ actor_id: actorId, dry_run: dryRun }), ERASE_TIMEOUT_MS),
    drain: () => call<DrainState>('POST', '/drain'),
    drained: () => call<DrainState>('GET', '/drain'),
  };
}

async function readToken(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new CannotLook(`the token file cannot be read: ${causeOf(error)}`);
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? (error.message || error.name);
}
