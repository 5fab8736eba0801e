import type { ProblemDocument } from '@scholar/contract';
import { type Logger, type Mention, onceAMinute } from '@scholar/runtime/log';
import type { Transition } from './machine.ts';

/**
 * What delivery says in the log: changes of state, dead letters; never one line per event that goes well. A8 may come and
 * go all night, so each of them is mentioned once a minute at most.
 */
export class Announcer {
  readonly #log: Logger;
  readonly #warn: Mention;

  constructor(log: Logger, nowMs: () => number) {
    this.#log = log;
    this.#warn = onceAMinute((fields, message) => log.warn(fields, message), nowMs);
  }

  transition({ from, to, why }: Transition): void {
    if (to === 'held')
      this.#warn({ why }, 'delivery is held; every event is kept', `held ${why.split(':', 1)[0]}`);
    else if (from === 'held') this.#log.info({ why, state: to }, 'the hold is over');
    else if (to === 'retrying') this.#warn({ why }, 'A8 does not take events now; retrying');
    else this.#log.debug({ from, to, why }, 'delivery');
  }

  dead(eventId: string, problem: ProblemDocument): void {
    const { code, pointer, expected, got } = problem;
    this.#warn(
      { event_id: eventId, code, pointer, expected, got },
      'A8 refused an event for good; it is kept as a dead letter',
      `dead ${code}`,
    );
  }

  disk(error: unknown, doing: string): void {
    this.#warn({ err: error }, `the outbox failed while ${doing}; trying again`);
  }
}
