import type { IncomingMessage } from 'node:http';

/**
 * A sender of up to this much is read to the end (and thrown away), so that it hears the 413 instead of a reset
 * connection; a longer one is cut off.
 */
const MAX_DISCARDED_BYTES = 8 * 1024 * 1024;

/**
 * Reads a body into memory up to `maxBytes`. Resolves `too_large` beyond that, and undefined when the sender went
 * away. How long a sender may take is the listener's concern (requestTimeout).
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | 'too_large' | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (size > MAX_DISCARDED_BYTES) {
        request.pause();
        resolve('too_large');
      }
    });
    request.on('end', () => {
      if (size > maxBytes) resolve('too_large');
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', () => resolve(undefined));
    request.on('close', () => resolve(undefined));
  });
}
