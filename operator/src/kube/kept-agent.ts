import type { RequestContext } from '@kubernetes/client-node';

/** What sends a request; the client does not export its type. */
type Agent = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** Certificates and authorities that were renewed on disk are in use after this time. */
const KEPT_MS = 600_000;

/**
 * One pool of connections for many requests. The client makes a pool for each request, so that each opens a connection
 * with a handshake of its own and leaves it behind.
 */
export class KeptAgent {
  readonly #monotonic: () => number;
  #kept: { agent: Agent; at: number } | undefined;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Puts the kept pool in the place of the one that the client has just made, or keeps that one. */
  use(context: RequestContext): void {
    const made = context.getDispatcher();
    if (made === undefined) return;
    if (this.#kept !== undefined && this.#monotonic() - this.#kept.at > KEPT_MS) this.forget();
    this.#kept ??= { agent: made, at: this.#monotonic() };
    context.setDispatcher(this.#kept.agent);
  }

  /** The next request opens connections anew; what is under way on the old ones may end. */
  forget(): void {
    const old = this.#kept?.agent;
    this.#kept = undefined;
    old?.close().catch(() => undefined);
  }
}
