import { type Clock, systemClock } from '../clock/index.ts';
import { processEnv } from '../config/env.ts';
import { describeError, type Logger } from '../log/index.ts';

import { type ProcessLike, wireSignals } from './signals.ts';

/**
 * The life of a process. It is always in one of these states, and only `enter` changes the state:
 *
 *   idle      components are being added; nothing runs.
 *   starting  components start one after another, in the order in which they were added. The first that fails ends
 *             the start: what runs already is stopped, the failing component is named, exit code 1 (or the
 *             `exitCode` that the error carries).
 *   running   everything is up. Left only by `stop`.
 *   stopping  what was started is stopped in reverse order. Each step gets an equal share of the time that is left of
 *             `stopTimeoutMs`; a step that overruns its share or throws is logged and left behind. A stop during
 *             `starting` waits (within its share) for the step that is under way and starts nothing more.
 *   stopped   final. Exit code 0 when every step ended well, else 1.
 *
 * SIGTERM and SIGINT mean `stop`. A second signal means that somebody has lost patience: the process exits at once
 * with 130 (SIGINT) or 143 (SIGTERM). Under a supervisor (SUPERVISED=1) a closed stdin means the supervisor died.
 */
type State = 'idle' | 'starting' | 'running' | 'stopping' | 'stopped';

export type Component = { start?: () => unknown; stop?: () => unknown };

export interface Lifecycle {
  readonly state: State;
  /** Adds a component; they start in this order and stop in the reverse. Only before `start`. */
  add(name: string, component: Component): void;
  /** Starts everything. Rejects with the error of the failing component after stopping the others. */
  start(): Promise<void>;
  /** Stops everything, once; further calls wait for the same stop. Never rejects. */
  stop(reason: string): Promise<void>;
  /** Wires signals (and stdin when supervised) to `stop` followed by exit. */
  onSignal(): void;
  /** `onSignal`, then `start`; a failing start ends the process with its exit code. */
  run(): Promise<void>;
}

export type LifecycleOptions = {
  log: Logger;
  clock?: Clock;
  /** The most a stop may take, in milliseconds; 10000 by default. */
  stopTimeoutMs?: number;
  /** Stop when stdin closes; by default where the environment has SUPERVISED=1. */
  supervised?: boolean;
  /** The process to listen to and to exit; tests pass their own. */
  process?: ProcessLike;
};

type Named = { name: string; component: Component };

/** Creates the lifecycle of a process; see the states above. */
export function createLifecycle(options: LifecycleOptions): Lifecycle {
  return new ProcessLifecycle(options);
}

class ProcessLifecycle implements Lifecycle {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #stopTimeoutMs: number;
  readonly #supervised: boolean;
  readonly #process: ProcessLike;
  readonly #components: Named[] = [];
  readonly #started: Named[] = [];
  #state: State = 'idle';
  #step: Promise<unknown> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  #clean = true;

  constructor(options: LifecycleOptions) {
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
    this.#stopTimeoutMs = options.stopTimeoutMs ?? 10_000;
    this.#supervised = options.supervised ?? processEnv()['SUPERVISED'] === '1';
    this.#process = options.process ?? process;
  }

  get state(): State {
    return this.#state;
  }

  add(name: string, component: Component): void {
    if (this.#state !== 'idle') {
      throw new Error(`${name} was added after the start: add components before start()`);
    }
    this.#components.push({ name, component });
  }

  async start(): Promise<void> {
    this.#enter('starting');
    const since = this.#clock.monotonic();
    for (const entry of this.#components) {
      // A stop that came meanwhile owns what is started; nothing more may start behind its back.
      if (this.#state !== 'starting') return;
      await this.#startOne(entry);
    }
    if (this.#state !== 'starting') return;
    this.#enter('running');
    this.#log.info({ took_ms: Math.round(this.#clock.monotonic() - since) }, 'started');
  }

  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#stopAll(reason);
    return this.#stopping;
  }

  onSignal(): void {
    const stop = (reason: string) => void this.#stopAndExit(reason);
    wireSignals({ host: this.#process, supervised: this.#supervised, stop });
  }

  async run(): Promise<void> {
    this.onSignal();
    try {
      await this.start();
    } catch (error) {
      this.#process.exit(exitCodeOf(error));
    }
  }

  #enter(next: State): void {
    this.#state = next;
    this.#log.debug({ state: next }, 'lifecycle');
  }

  async #startOne(entry: Named): Promise<void> {
    const { name, component } = entry;
    // Counted as started before it is: a start that fails half way may hold something that its stop lets go.
    this.#started.push(entry);
    const running = callAsync(() => component.start?.());
    this.#step = running.catch(() => undefined);
    try {
      await running;
    } catch (error) {
      // Being stopped, a half-started component may well fail; that is no failing start.
      if (this.#state !== 'starting') return;
      this.#log.fatal({ err: error, component: name }, `${name} did not start: ${describeError(error)}`);
      await this.stop(`${name} did not start`);
      throw error;
    }
  }

  async #stopAll(reason: string): Promise<void> {
    const deadline = this.#clock.monotonic() + this.#stopTimeoutMs;
    const interrupted = this.#state === 'starting';
    this.#enter('stopping');
    this.#log.info({ reason }, 'stopping');
    if (interrupted) await this.#bounded('the start under way', this.#step, deadline);
    for (let entry = this.#started.pop(); entry; entry = this.#started.pop()) {
      await this.#bounded(
        entry.name,
        callAsync(() => entry.component.stop?.()),
        deadline,
      );
    }
    this.#enter('stopped');
    this.#log.info({ reason, clean: this.#clean }, 'stopped');
  }

  /** Waits for one step, at most for its share of what is left until the deadline. Never rejects. */
  async #bounded(name: string, work: Promise<unknown>, deadline: number): Promise<void> {
    const left = Math.max(0, deadline - this.#clock.monotonic());
    const shareMs = left / (this.#started.length + 1);
    const cancel = new AbortController();
    const late = this.#clock.sleep(shareMs, cancel.signal).then(() => {
      if (!cancel.signal.aborted) throw new Error(`it did not end within its ${Math.round(shareMs)} ms`);
    });
    try {
      await Promise.race([work, late]);
    } catch (error) {
      this.#clean = false;
      this.#log.warn({ err: error, component: name }, `${name} did not stop well: ${describeError(error)}`);
    } finally {
      cancel.abort();
    }
  }

  async #stopAndExit(reason: string): Promise<void> {
    await this.stop(reason);
    this.#process.exit(this.#clean ? 0 : 1);
  }
}

/** Calls a step so that one that throws at once and one that rejects look the same. */
async function callAsync(step: () => unknown): Promise<void> {
  await step();
}

function exitCodeOf(error: unknown): number {
  const code =
    typeof error === 'object' && error !== null && 'exitCode' in error ? error.exitCode : undefined;
  return typeof code === 'number' ? code : 1;
}
