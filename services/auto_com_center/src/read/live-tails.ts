import type { ServerResponse } from 'node:http';
import type { Clock } from '@scholar/runtime/clock';
import { beginMessages, write } from '@scholar/runtime/sse';

/** What is followed. A position is text that only its source understands; it is the `id` of a message. */
export type TailSource = {
  /** Where a tail starts that has seen nothing. */
  start(): Promise<string>;
  /** What came after a position, oldest first, at most a page; `full` where there may be more at once. */
  after(position: string): Promise<TailPage>;
};

export type TailPage = {
  messages: readonly { id: string; data: unknown }[];
  position: string;
  full: boolean;
};

export type LiveTailOptions = {
  clock: Clock;
  /** How often a tail looks for more, milliseconds. */
  pollMs: number;
  /** The place is sent when nothing else was for this long: proxies see life, and who reconnects does not begin far behind. */
  heartbeatMs: number;
  /** Tails at once, of all clients. */
  maxTails: number;
  onCount: (open: number) => void;
};

/**
 * Live tails as server-sent events. Each polls the cursor for itself and writes its next page only when the client
 * has taken the last one: a slow client costs a query now and then, not memory. No NOTIFY: what commits while
 * nobody listens would be lost, the cursor loses nothing.
 */
export class LiveTails {
  readonly #options: LiveTailOptions;
  readonly #open = new Set<AbortController>();

  constructor(options: LiveTailOptions) {
    this.#options = options;
  }

  get full(): boolean {
    return this.#open.size >= this.#options.maxTails;
  }

  /** Serves one client until it goes away or `close` is called. `from` resumes after what it has seen. */
  async serve(response: ServerResponse, source: TailSource, from: string | undefined): Promise<void> {
    const ended = new AbortController();
    response.once('close', () => ended.abort());
    this.#open.add(ended);
    this.#options.onCount(this.#open.size);
    try {
      const start = from ?? (await source.start());
      beginMessages(response);
      await this.#follow({ response, source, start, signal: ended.signal });
    } finally {
      this.#open.delete(ended);
      this.#options.onCount(this.#open.size);
      if (response.headersSent) response.end();
    }
  }

  /** Ends every tail; their clients reconnect to another replica and resume. */
  close(): void {
    for (const ended of this.#open) ended.abort();
  }

  async #follow(tail: {
    response: ServerResponse;
    source: TailSource;
    start: string;
    signal: AbortSignal;
  }): Promise<void> {
    const { response, source, start, signal } = tail;
    const { clock, pollMs, heartbeatMs } = this.#options;
    let position = start;
    let spokenMs = clock.monotonic();
    await write(response, `retry: 2000\nid: ${start}\n\n`, signal);
    while (!signal.aborted) {
      // A database that is away is a silent tail, not the end of it: the next look may find everything.
      const page = await source.after(position).catch(() => undefined);
      if (page !== undefined && page.messages.length > 0) {
        const text = page.messages.map(({ id, data }) => message(id, data)).join('');
        await write(response, text, signal);
        spokenMs = clock.monotonic();
      } else if (clock.monotonic() - spokenMs >= heartbeatMs) {
        await write(response, heartbeat(position), signal);
        spokenMs = clock.monotonic();
      }
      position = page?.position ?? position;
      if (!page?.full) await clock.sleep(pollMs, signal);
    }
  }
}

/** A filter that lets nothing through for days would otherwise be resumed from days ago. */
function heartbeat(position: string): string {
  return `: heartbeat\nid: ${position}\nevent: place\ndata: ${position}\n\n`;
}

function message(id: string, data: unknown): string {
  return `id: ${id}\nevent: event\ndata: ${JSON.stringify(data)}\n\n`;
}
