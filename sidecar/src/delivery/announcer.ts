import type { ProblemDocument } from '@scholar/contract';
import type { Logger } from '@scholar/runtime/log';
import type { Transition } from './machine.ts';

/** A8 may come and go all night: one line a minute says as much as a thousand. */
const QUIET_MS = 60_000;

/** What delivery says in the log: changes of state, dead letters; never one line per event that goes well. */
export class Announcer {
  readonly #log: Logger;
  readonly #nowMs: () => number;
  readonly #last = new Map<string, { atMs: number; muted: number }>();

  constructor(log: Logger, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  transition({ from, to, why }: Transition): void {
    if (to === 'held')
      this.#warn(`held ${why.split(':', 1)[0]}`, { why }, 'delivery is held; every event is kept');
    else if (from === 'held') this.#log.info({ why, state: to }, 'the hold is over');
    else if (to === 'retrying') this.#warn('retrying', { why }, 'A8 does not take events now; retrying');
    else this.#log.debug({ from, to, why }, 'delivery');
  }

  dead(eventId: string, problem: ProblemDocument): void {
    const { code, pointer, expected, got } = problem;
    this.#warn(
      `dead ${code}`,
      { event_id: eventId, code, pointer, expected, got },
      'A8 refused an event for good; it is kept as a dead letter',
    );
  }

  disk(error: unknown, doing: string): void {
    this.#warn(`disk ${doing}`, { err: error }, `the outbox failed while ${doing}; trying again`);
  }

  #warn(topic: string, fields: object, message: string): void {
    const nowMs = this.#nowMs();
    const last = this.#last.get(topic);
    if (last && nowMs - last.atMs < QUIET_MS) {
      last.muted += 1;
      return;
    }
    this.#last.set(topic, { atMs: nowMs, muted: 0 });
    this.#log.warn({ ...fields, ...(last?.muted ? { muted: last.muted } : {}) }, message);
  }
}
