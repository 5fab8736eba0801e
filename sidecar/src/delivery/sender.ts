import type { Answer } from '@scholar/contract';
import { Pool } from 'undici';

/** `unreachable` names why there is no answer: a code such as ECONNREFUSED, never a text with an address in it. */
export type Sent = { answer: Answer } | { unreachable: string };
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
  let pool: Pool | undefined;
  let poolOrigin = '';

  function poolFor(origin: string): Pool {
    if (pool && poolOrigin === origin) return pool;
    // The old one finishes what it has in flight; nobody waits for it.
    void pool?.close();
    poolOrigin = origin;
    pool = new Pool(origin, {
      connections: options.connections,
      connect: { timeout: options.timeoutMs },
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      maxResponseSize: MAX_ANSWER_BYTES,
      allowH2: false,
    });
    return pool;
  }

  return {
    async send({ origin, path, headers, body }) {
      try {
        const response = await poolFor(origin).request({ method: 'POST', path, headers, body });
        return {
          answer: {
            status: response.statusCode,
            contentType: first(response.headers['content-type']),
            retryAfter: first(response.headers['retry-after']),
            body: await readBody(response.body, options.timeoutMs),
          },
        };
      } catch (error) {
        return { unreachable: errorCode(error) };
      }
    },
    async close() {
      await pool?.destroy();
    },
  };
}

/** A body that is too long, too slow or torn counts as empty: then no receipt is in it, and the status alone decides. */
async function readBody(
  body: { text(): Promise<string>; destroy(): unknown },
  timeoutMs: number,
): Promise<string> {
  const timer = setTimeout(() => body.destroy(), timeoutMs);
  try {
    return await body.text();
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
