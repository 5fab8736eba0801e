import type { Clock } from '../clock/index.ts';
import type { Span } from './span.ts';

/** Sends spans away. Rejects when the endpoint did not take them; they are not sent again. */
export type ExportSpans = (spans: readonly Span[]) => Promise<void>;

export type SpanOutcome = 'exported' | 'dropped' | 'failed';

export type SpanQueueOptions = {
  exportSpans: ExportSpans;
  /** Told of each span once. */
  count: (outcome: SpanOutcome, spans: number) => void;
  /** Told when exporting begins to fail, and when it works again. */
  onFault: (error: unknown) => void;
  onRecovery: () => void;
  clock: Pick<Clock, 'sleep'>;
  /** Spans that may wait; beyond them new ones are dropped. */
  capacity?: number;
  batch?: number;
  /** Longest wait before what is there goes out, ms. */
  delayMs?: number;
};

/**
 * Keeps what an endpoint costs away from the work that is traced: a span is put into a bounded list, one request
 * at a time empties it, and what has no room is dropped and counted.
 */
export class SpanQueue {
  readonly #options: Required<SpanQueueOptions>;
  #spans: Span[] = [];
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #failing = false;

  constructor(options: SpanQueueOptions) {
    this.#options = { capacity: 2_048, batch: 512, delayMs: 1_000, ...options };
  }

  push(span: Span): void {
    const { capacity, batch, delayMs, count } = this.#options;
    if (this.#closed || this.#spans.length >= capacity) {
      count('dropped', 1);
      return;
    }
    this.#spans.push(span);
    if (this.#spans.length >= batch) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), delayMs).unref();
  }

  /** Takes nothing more, and gives what is there so long to leave; the rest is dropped. Never rejects. */
  async close(withinMs: number): Promise<void> {
    this.#closed = true;
    const ended = new AbortController();
    const emptied = this.#emptied().finally(() => ended.abort());
    await Promise.race([emptied, this.#options.clock.sleep(withinMs, ended.signal)]);
    clearTimeout(this.#timer);
    this.#options.count('dropped', this.#spans.splice(0).length);
  }

  async #emptied(): Promise<void> {
    this.#flush();
    while (this.#flushing !== undefined) await this.#flushing;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#flushing !== undefined || this.#spans.length === 0) return;
    this.#flushing = this.#send(this.#spans.splice(0, this.#options.batch)).finally(() => {
      this.#flushing = undefined;
      const { batch, delayMs } = this.#options;
      if (this.#spans.length >= batch || this.#closed) this.#flush();
      else if (this.#spans.length > 0) this.#timer ??= setTimeout(() => this.#flush(), delayMs).unref();
    });
  }

  async #send(spans: readonly Span[]): Promise<void> {
    const { exportSpans, count, onFault, onRecovery } = this.#options;
    try {
      await exportSpans(spans);
      count('exported', spans.length);
      if (this.#failing) onRecovery();
      this.#failing = false;
    } catch (error) {
      count('failed', spans.length);
      if (!this.#failing) onFault(error);
      this.#failing = true;
    }
  }
}
