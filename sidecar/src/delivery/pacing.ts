/** The numbers of delivery; milliseconds unless said otherwise. Defaults beside each, tests shrink them. */
export interface Pacing {
  /** Most events in flight to A8 at once, and connections to it. */
  maxInFlight: number;
  retryBaseMs: number;
  /**
   * The longest wait between two attempts while A8 is unreachable, and of one event that A8 keeps failing.
   * Seven forwarders asking once in ten seconds do not hurt an A8 that is coming back; a longer wait would make
   * every outage longer by that much.
   */
  retryCapMs: number;
  /** Between two probes of a hold. A hold waits for a person or an operator: seldom enough to bother nobody. */
  holdProbeMs: number;
  /** So many different events refused in a row mean that our contract and A8's differ, not that events are bad. */
  refusalsBeforeHold: number;
  /** One write to A8 from the first byte to the last of the answer. */
  attemptTimeoutMs: number;
  /** At SIGTERM: how long one last attempt may take. */
  drainMs: number;
}

/** After a disk that could not be read: soon enough to notice that it can be again, seldom enough not to spin, ms. */
export const DISK_RETRY_MS = 1_000;

export const DEFAULT_PACING: Pacing = {
  maxInFlight: 32,
  retryBaseMs: 100,
  retryCapMs: 10_000,
  holdProbeMs: 15_000,
  refusalsBeforeHold: 50,
  attemptTimeoutMs: 10_000,
  drainMs: 3_000,
};
