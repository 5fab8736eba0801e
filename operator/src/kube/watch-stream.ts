import type { Clock } from '@scholar/runtime/clock';
import type { ApiCall, KubeApi, KubeObject } from './api-call.ts';

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeObject & { code?: number; message?: string };
}

/** Nothing was heard for longer than a living server is silent. */
export class WatchSilent extends Error {}

/** The server ended the watch with a status, e.g. 410 when it no longer has what came after our version. */
export class WatchRefused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface WatchOptions {
  api: KubeApi;
  call: Omit<ApiCall, 'verb' | 'signal'>;
  /** Silence after which the connection counts as dead; a server sends a bookmark about every minute. */
  idleMs: number;
  clock: Clock;
  signal: AbortSignal;
  onEvent: (event: WatchEvent) => void;
}

/**
 * One watch from its begin to its end. Resolves when the server ends it, as it does every few minutes.
 * @throws WatchSilent, WatchRefused, KubeError, SyntaxError (a line that is no JSON: nothing is skipped in silence).
 */
export async function watchOnce({ api, call, idleMs, clock, signal, onEvent }: WatchOptions): Promise<void> {
  const ended = new AbortController();
  const life = AbortSignal.any([signal, ended.signal]);
  let heardAt = clock.monotonic();
  let silent = false;
  const guard = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(heardAt + idleMs - clock.monotonic(), life);
      if (life.aborted) return;
      if (clock.monotonic() - heardAt >= idleMs) break;
    }
    silent = true;
    ended.abort();
  };
  const guarding = guard();
  try {
    const lines = await api.stream({ ...call, verb: 'watch', signal: life });
    heardAt = clock.monotonic();
    for await (const line of lines) {
      heardAt = clock.monotonic();
      const event: WatchEvent = JSON.parse(line);
      if (event.type === 'ERROR') {
        throw new WatchRefused(event.object.code ?? 500, event.object.message ?? 'the watch failed');
      }
      onEvent(event);
    }
  } catch (cause) {
    if (silent) throw new WatchSilent(`nothing was heard for ${idleMs} ms`, { cause });
    throw cause;
  } finally {
    ended.abort();
    await guarding;
  }
}
