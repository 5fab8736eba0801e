import { fullJitter } from '@scholar/runtime/backoff';
import type { Clock } from '@scholar/runtime/clock';
import { type RunningPostgres, startPostgres } from '@scholar/runtime/postgres';
import type { ComponentState, ComponentStatus } from './component.ts';
import type { DesiredState } from './desired.ts';
import { portsFrom, type StateLayout } from './layout.ts';
import { superuserPassword } from './secrets.ts';
import { lastLines, likelyCause, StartFailure } from './start-failure.ts';

export interface PostgresDeps {
  layout: StateLayout;
  desired: DesiredState;
  clock: Clock;
  random: () => number;
  onChange: (status: ComponentStatus) => void;
}

const NAME = 'postgres';
/** The server writes its own log file; what the launcher would add is on the screen already. */
const QUIET = { info: () => undefined, warn: () => undefined };
const RESTART_BASE_MS = 500;
const RESTART_CAP_MS = 5_000;

/** The embedded PostgreSQL as a supervised component: started again, with growing delays, until stop(). */
export class PostgresComponent {
  readonly #deps: PostgresDeps;
  #server: RunningPostgres | undefined;
  #state: ComponentState = 'stopped';
  #since: number;
  #restarts = 0;
  #lastExit: string | null = null;
  #wanted = false;
  #wake = new AbortController();
  #watch: Promise<void> = Promise.resolve();
  #adminUrl = '';

  constructor(deps: PostgresDeps) {
    this.#deps = deps;
    this.#since = deps.clock.now();
  }

  /** @throws StartFailure when the server does not come up the first time. */
  async start(): Promise<void> {
    this.#wanted = true;
    this.#enter('starting');
    try {
      this.#server = await this.#launch();
    } catch (cause) {
      throw new StartFailure(await this.#explain(cause), { cause });
    }
    this.#adminUrl = this.#server.url;
    this.#enter('running');
    this.#watch = this.#keepRunning();
  }

  /** URL of the superuser on the database `postgres`. */
  adminUrl(): string {
    return this.#adminUrl;
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    this.#wake.abort();
    await this.#server?.stop();
    await this.#watch;
    this.#enter('stopped');
  }

  status(): ComponentStatus {
    return {
      name: NAME,
      state: this.#state,
      pid: this.#server?.pid ?? null,
      since: new Date(this.#since).toISOString(),
      restarts: this.#restarts,
      last_exit: this.#lastExit,
    };
  }

  async #keepRunning(): Promise<void> {
    for (let attempt = 0; this.#wanted; ) {
      if (this.#server !== undefined) {
        this.#lastExit = `exit ${String(await this.#server.exited)}`;
        this.#server = undefined;
        if (!this.#wanted) return;
        this.#restarts += 1;
        attempt = 0;
      }
      this.#enter('backoff');
      const spread = fullJitter({
        attempt,
        baseMs: RESTART_BASE_MS,
        capMs: RESTART_CAP_MS,
        random: this.#deps.random,
      });
      await this.#deps.clock.sleep(RESTART_BASE_MS + spread, this.#wake.signal).catch(() => undefined);
      if (!this.#wanted) return;
      attempt += 1;
      await this.#tryAgain();
    }
  }

  async #tryAgain(): Promise<void> {
    this.#enter('starting');
    try {
      this.#server = await this.#launch();
      if (this.#wanted) this.#enter('running');
      else await this.#server.stop();
    } catch (cause) {
      this.#lastExit = cause instanceof Error ? cause.message : String(cause);
    }
  }

  async #launch(): Promise<RunningPostgres> {
    const { layout, desired } = this.#deps;
    return startPostgres({
      dataDir: layout.postgres,
      port: portsFrom(desired.port_base).postgres,
      password: await superuserPassword(layout),
      logFile: layout.log(NAME),
      log: QUIET,
    });
  }

  async #explain(cause: unknown): Promise<string> {
    const message = cause instanceof Error ? cause.message : String(cause);
    const file = this.#deps.layout.log(NAME);
    const lines = await lastLines(file, 12);
    return [
      `PostgreSQL did not start: ${message}`,
      ...(lines.length === 0 ? [] : ['Its last log lines:', ...lines.map((line) => `    ${line}`)]),
      `Log file: ${file}`,
      `Likely cause: ${likelyCause(`${message}\n${lines.join('\n')}`) ?? 'not one that is known here; the lines above are the best lead'}`,
    ].join('\n');
  }

  #enter(state: ComponentState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#since = this.#deps.clock.now();
    this.#deps.onChange(this.status());
  }
}
