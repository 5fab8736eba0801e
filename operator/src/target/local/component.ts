import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import { ask } from '../../gather/http-client.ts';

/**
 * One supervised process. It is always in one of these states:
 *
 *   stopped   nobody wants it to run
 *   starting  spawned, its /health has not answered yet
 *   running   /health answered 200 at least once since the spawn
 *   backoff   it died; the next start is due after a delay that grows with every death in a row
 *
 * `state` must only be changed through `enter`. A death in `running` or `starting` leads to `backoff`,
 * `stop()` leads from anywhere to `stopped`.
 */
export type ComponentState = 'stopped' | 'starting' | 'running' | 'backoff';

export interface ComponentStatus {
  name: string;
  state: ComponentState;
  pid: number | null;
  /** ISO time of the last change of state. */
  since: string;
  restarts: number;
  last_exit: string | null;
}

export interface Launch {
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  logFile: string;
  /** Answers 200 when the process is alive. */
  healthUrl: string;
}

export interface ComponentDeps {
  clock: Clock;
  random: () => number;
  /** Milliseconds between SIGTERM and SIGKILL. */
  stopTimeoutMs: number;
  onChange: (status: ComponentStatus) => void;
}

const RESTART_BASE_MS = 400;
const RESTART_CAP_MS = 8_000;
/** A process that lived this long had a good start: its next death counts as the first. */
const SETTLED_MS = 20_000;

export class Component {
  readonly name: string;
  readonly #launch: () => Launch;
  readonly #deps: ComponentDeps;
  #child: ChildProcess | undefined;
  #state: ComponentState = 'stopped';
  #since: number;
  #restarts = 0;
  #deathsInARow = 0;
  #lastExit: string | null = null;
  #wanted = false;
  #wake = new AbortController();
  #loop: Promise<void> | undefined;

  /** @param launch is asked anew at every start, so that a repaired configuration is picked up. */
  constructor(name: string, launch: () => Launch, deps: ComponentDeps) {
    this.name = name;
    this.#launch = launch;
    this.#deps = deps;
    this.#since = deps.clock.now();
  }

  status(): ComponentStatus {
    return {
      name: this.name,
      state: this.#state,
      pid: this.#child?.pid ?? null,
      since: new Date(this.#since).toISOString(),
      restarts: this.#restarts,
      last_exit: this.#lastExit,
    };
  }

  /** Keeps the process running until stop(); returns at once. */
  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#deathsInARow = 0;
    this.#wake = new AbortController();
    this.#loop = this.#keepRunning();
  }

  /** @returns true when /health answered within the time, false when it did not or the process is not wanted. */
  async healthy(timeoutMs: number): Promise<boolean> {
    const deadline = this.#deps.clock.monotonic() + timeoutMs;
    while (this.#wanted && this.#deps.clock.monotonic() < deadline) {
      if (this.#state === 'running') return true;
      if (this.#deathsInARow >= 3) return false;
      await this.#deps.clock.sleep(25);
    }
    return false;
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    this.#wake.abort();
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), this.#deps.stopTimeoutMs);
      await this.#loop;
      clearTimeout(kill);
    }
    await this.#loop;
    this.#enter('stopped');
  }

  async restart(): Promise<void> {
    await this.stop();
    this.start();
  }

  async #keepRunning(): Promise<void> {
    while (this.#wanted) {
      const started = this.#deps.clock.monotonic();
      await this.#runOnce();
      if (!this.#wanted) return;
      this.#deathsInARow = this.#deps.clock.monotonic() - started > SETTLED_MS ? 1 : this.#deathsInARow + 1;
      this.#restarts += 1;
      this.#enter('backoff');
      const attempt = this.#deathsInARow - 1;
      const spread = fullJitter({
        attempt,
        baseMs: RESTART_BASE_MS,
        capMs: RESTART_CAP_MS,
        random: this.#deps.random,
      });
      await this.#deps.clock.sleep(RESTART_BASE_MS / 2 + spread, this.#wake.signal).catch(() => undefined);
    }
  }

  async #runOnce(): Promise<void> {
    let exit: Promise<string>;
    try {
      exit = this.#spawn();
    } catch (cause) {
      this.#lastExit = cause instanceof Error ? cause.message : String(cause);
      return;
    }
    const gone = new AbortController();
    const watch = this.#awaitHealth(gone.signal);
    this.#lastExit = await exit;
    gone.abort();
    await watch;
    this.#child = undefined;
  }

  #spawn(): Promise<string> {
    const launch = this.#launch();
    const log = openSync(launch.logFile, 'a', 0o600);
    try {
      const child = spawn(launch.command, launch.args, {
        cwd: launch.cwd,
        env: launch.env,
        // Own session: a Ctrl-C in the terminal reaches the supervisor alone, which then stops in order.
        // stdin is a pipe: when the supervisor dies in whatever way, the child sees it close and stops.
        detached: true,
        stdio: ['pipe', log, log],
      });
      child.stdin?.on('error', () => undefined);
      this.#child = child;
      this.#enter('starting');
      return new Promise((resolve) => {
        child.once('error', (cause) => resolve(cause.message));
        child.once('exit', (code, signal) =>
          resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
        );
      });
    } finally {
      closeSync(log);
    }
  }

  async #awaitHealth(gone: AbortSignal): Promise<void> {
    const { healthUrl } = this.#launch();
    while (!gone.aborted) {
      if (await answers(healthUrl)) {
        if (!gone.aborted && this.#state === 'starting') this.#enter('running');
        return;
      }
      await this.#deps.clock.sleep(50, gone).catch(() => undefined);
    }
  }

  #enter(state: ComponentState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#since = this.#deps.clock.now();
    this.#deps.onChange(this.status());
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await ask({ url, timeoutMs: 2_000 })).status === 200;
  } catch {
    return false;
  }
}
