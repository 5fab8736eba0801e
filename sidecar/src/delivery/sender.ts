/// <reference path="./undici-pool.d.ts" />
// Not the index: that loads a hundred files (fetch, WebSocket, cache, …) of which nothing is used, some 10 MB a process.
import Pool from 'undici/lib/dispatcher/pool.js';
import { Exchange, errorCode, type Sent } from './exchange.ts';

export type { Sent };
export type Outgoing = { origin: string; path: string; headers: Record<string, string>; body: Buffer };

export interface Sender {
  /** One attempt. Never rejects: whatever happens is an answer, or the lack of one. */
  send(outgoing: Outgoing): Promise<Sent>;
  close(): Promise<void>;
}

/** An answer of A8 has some 300 bytes; a proxy's error page need not fit, its status says enough. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Keep-alive connections to A8. Redirects are never followed (undici follows none by itself): a key must not go
 * where a redirect points. No HTTP/2: measured at 0.4 of HTTP/1.1 for small requests.
 */
export function createSender(options: { connections: number; timeoutMs: number }): Sender {
  const { connections, timeoutMs } = options;
  let pool: Pool | undefined;
  let poolOrigin = '';

  function poolFor(origin: string): Pool {
    if (pool && poolOrigin === origin) return pool;
    // The old one finishes what it has in flight; nobody waits for it.
    void pool?.close();
    poolOrigin = origin;
    pool = new Pool(origin, {
      connections,
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: MAX_ANSWER_BYTES,
      allowH2: false,
    });
    return pool;
  }

  return {
    send: ({ origin, path, headers, body }) =>
      new Promise((done) => {
        const request = { method: 'POST', path, headers, body } as const;
        try {
          poolFor(origin).dispatch(request, new Exchange({ bodyTimeoutMs: timeoutMs, done }));
        } catch (error) {
          done({ unreachable: errorCode(error) });
        }
      }),
    async close() {
      await pool?.destroy();
    },
  };
}
