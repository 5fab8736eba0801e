import type { ServerResponse } from 'node:http';

export const SSE_MEDIA_TYPE = 'text/event-stream';

/** Sends the head of a stream of server-sent events, which nobody on the way may keep or hold back. */
export function beginMessages(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': `${SSE_MEDIA_TYPE}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  // A reader shall know at once that it is heard, also where the first message takes its time.
  response.flushHeaders();
}

/** A message as HTML's living standard has it, section 9.2.6; JSON has no line breaks in it. */
export function formatMessage(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Resolves when the client can take more, or is gone. */
export async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted || response.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
