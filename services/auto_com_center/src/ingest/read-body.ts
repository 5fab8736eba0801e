import type { IncomingMessage } from 'node:http';

export type Body = Buffer | 'too_large';

/** Of a body over the limit this much more is read and thrown away, so that a client that writes first and reads later gets its answer. */
const DRAIN_BYTES = 4 * 1024 * 1024;

/**
 * Reads a body up to `limit` bytes. `done` is called once, or never when the client goes away first.
 * A larger body is drained within bounds and reported as `too_large`; its bytes are not kept.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  done: (body: Body, size: number) => void,
): void {
  const declared = Number(request.headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  let size = 0;
  let finished = false;
  const finish = (body: Body): void => {
    if (finished) return;
    finished = true;
    done(body, Math.max(size, Number.isFinite(declared) ? declared : 0));
  };
  if (declared > limit + DRAIN_BYTES) {
    finish('too_large');
    return;
  }
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (size > limit + DRAIN_BYTES) finish('too_large');
  });
  request.on('end', () => {
    if (size > limit) finish('too_large');
    else finish(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size));
  });
}
