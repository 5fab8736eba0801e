import type { Got } from 'got';

/** An answer whose body is read as it comes. Who stops reading before its end ends the request. */
export type Streamed = { contentType: string; body: AsyncIterable<Uint8Array> };

/** The answer was none of 2xx; its body was not read. */
export class UnexpectedStatus extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number) {
    super(`the answer has status ${status}`);
    this.status = status;
    this.code = `HTTP_${status}`;
  }
}

/**
 * POST of JSON whose answer is read piece by piece: no faster than the caller takes it.
 * @param request.withinMs the most that the whole may take. Its size is for the reader to bound.
 * @throws UnexpectedStatus; RequestError of got when nobody answers or the signal aborts.
 */
export function postForStream(
  client: Pick<Got, 'stream'>,
  url: string,
  request: { json: unknown; headers: Record<string, string>; signal: AbortSignal; withinMs: number },
): Promise<Streamed> {
  const { json, headers, signal, withinMs } = request;
  const stream = client.stream.post(url, {
    json,
    headers,
    signal,
    timeout: { request: withinMs },
    // The library would read the whole body of a refusal, however long it is.
    throwHttpErrors: false,
  });
  return new Promise((resolve, reject) => {
    // It stays: an error that comes before the caller reads on must find a listener.
    stream.on('error', reject);
    stream.once('response', ({ statusCode, headers: got }) => {
      if (statusCode >= 200 && statusCode < 300) {
        resolve({ contentType: got['content-type'] ?? '', body: stream });
        return;
      }
      reject(new UnexpectedStatus(statusCode));
      stream.destroy();
    });
  });
}
