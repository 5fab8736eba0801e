import type { Answer } from '@scholar/contract';
import type { Dispatcher } from 'undici';

/** `unreachable` names why there is no answer: a code such as ECONNREFUSED, never a text with an address in it. */
export type Sent = { answer: Answer } | { unreachable: string };

type Controller = Dispatcher.DispatchController;
type Headers = Record<string, string | string[] | undefined>;

const INFORMATIONAL_BELOW = 200;

/**
 * One request as undici's `dispatch` reports on it. An answer whose body is too long, too slow or torn counts as one without a body: then
 * no receipt is in it, and the status alone decides.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #done: (sent: Sent) => void;
  readonly #bodyTimeoutMs: number;
  #head: { status: number; headers: Headers } | undefined;
  #chunks: Buffer[] = [];
  #tooSlow: NodeJS.Timeout | undefined;

  /** `done` hears once. `bodyTimeoutMs` from the head of the answer to its end. */
  constructor(o: { bodyTimeoutMs: number; done: (sent: Sent) => void }) {
    this.#bodyTimeoutMs = o.bodyTimeoutMs;
    this.#done = o.done;
  }

  onRequestStart(): void {}

  onResponseStart(controller: Controller, status: number, headers: Headers): void {
    if (status < INFORMATIONAL_BELOW) return;
    this.#head = { status, headers };
    const abort = (): void => controller.abort(new Error('the answer does not end'));
    this.#tooSlow = setTimeout(abort, this.#bodyTimeoutMs);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [only] = this.#chunks;
    const body = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#finish(body.toString());
  }

  onResponseError(_controller: Controller | undefined, error: unknown): void {
    if (this.#head === undefined) this.#done({ unreachable: errorCode(error) });
    else this.#finish('');
  }

  #finish(body: string): void {
    clearTimeout(this.#tooSlow);
    if (this.#head === undefined) return;
    const { status, headers } = this.#head;
    const contentType = first(headers['content-type']);
    this.#done({ answer: { status, contentType, retryAfter: first(headers['retry-after']), body } });
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** What a socket or undici calls it. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
