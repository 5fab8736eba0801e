import { mkdir } from 'node:fs/promises';
import { isAppLabel } from '@scholar/contract';
import type { Clock } from '@scholar/runtime/clock';
import { Component, type ComponentStatus, type Launch } from './component.ts';
import { prepareDatabase } from './database.ts';
import type { DesiredState } from './desired.ts';
import type { Role, ServiceLabel, StateLayout } from './layout.ts';
import { type Overrides, saveOverrides, withoutSetting } from './overrides.ts';
import { PostgresComponent } from './postgres-component.ts';
import { rememberProcesses } from './process-record.ts';
import { componentName, processOrder, processSpec, type SpecInput, writeLiveFiles } from './process-spec.ts';
import { explainFailure, StartFailure } from './start-failure.ts';

export interface SupervisorDeps {
  layout: StateLayout;
  desired: DesiredState;
  overrides: Overrides;
  /** How Prometheus is started; undefined where nobody asked for one. */
  prometheus: Launch | undefined;
  root: string;
  nodePath: string;
  clock: Clock;
  random: () => number;
  /** Told of every change of a component's state, for the screen. */
  onChange: (status: ComponentStatus) => void;
}

/** What one label is made to differ in, and which of its processes have to notice. */
export interface LabelOverrides {
  settings: Record<string, string | null>;
  stopped: boolean;
  restart: readonly Role[];
}

/** Name of the component that watches the others. Nothing of the system needs it. */
export const PROMETHEUS = 'prometheus';

const START_TIMEOUT_MS = 60_000;
/** What differs from the desired state may never answer; `up` does not wait a minute for what the audit will name. */
const OVERRIDDEN_START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 12_000;

/** Starts the local system in order, keeps it running, applies changes of its configuration, stops it in reverse. */
export class Supervisor {
  readonly #deps: SupervisorDeps;
  readonly #postgres: PostgresComponent;
  readonly #components = new Map<string, Component>();
  #overrides: Overrides;

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
    this.#overrides = deps.overrides;
    this.#postgres = new PostgresComponent({ ...deps, onChange: (status) => this.#changed(status) });
    for (const { label, role } of processOrder(deps.desired)) {
      const name = componentName(label, role);
      this.#components.set(name, new Component(name, () => this.#launch(label, role), this.#componentDeps()));
    }
    const { prometheus } = deps;
    if (prometheus !== undefined)
      this.#components.set(PROMETHEUS, new Component(PROMETHEUS, () => prometheus, this.#componentDeps()));
  }

  /** @throws StartFailure naming the component that did not start, its last lines and the likely cause. */
  async start(): Promise<void> {
    await mkdir(this.#deps.layout.logs, { recursive: true, mode: 0o700 });
    await saveOverrides(this.#deps.layout, this.#overrides);
    await this.#postgres.start();
    await prepareDatabase(this.#postgres.adminUrl(), this.#deps.layout, this.#deps.desired);
    const [hub, ...rest] = processOrder(this.#deps.desired);
    if (hub !== undefined) await this.#startOne(hub.label, hub.role);
    await inParallel(rest, 6, ({ label, role }) => this.#startOne(label, role));
    await this.#startPrometheus();
  }

  async stop(): Promise<void> {
    const groups = [...this.#components.values()].reverse();
    const apps = groups.filter((component) => isAppLabel(component.name));
    await Promise.all(apps.map((component) => component.stop()));
    await Promise.all(
      groups.filter((component) => !apps.includes(component)).map((component) => component.stop()),
    );
    await this.#postgres.stop();
  }

  /**
   * For an end that waits for nothing: PostgreSQL and Prometheus, which notice no supervisor's death, get their fast stop,
   * everything else sees its stdin close. Synchronous, as a handler of `exit` must be.
   */
  abandon(): void {
    const strangers = [this.#postgres.status(), this.#components.get(PROMETHEUS)?.status()];
    for (const stranger of strangers) {
      if (stranger?.pid == null) continue;
      try {
        process.kill(stranger.pid, 'SIGINT');
      } catch {
        // It is gone already, which is what was wanted.
      }
    }
  }

  status(): ComponentStatus[] {
    return [
      this.#postgres.status(),
      ...[...this.#components.values()].map((component) => component.status()),
    ];
  }

  overrides(): Overrides {
    return this.#overrides;
  }

  /** Ends an override and makes the processes of the label read the desired value again. */
  async resetSetting(label: ServiceLabel, key: string): Promise<void> {
    await this.#setOverrides(withoutSetting(this.#overrides, label, key));
    for (const role of this.#rolesOf(label)) await writeLiveFiles(label, role, this.#specInput());
  }

  /** Makes a label differ from the desired state again, in exactly this; processes that ran with something else begin anew. */
  async override(label: ServiceLabel, { settings, stopped, restart }: LabelOverrides): Promise<void> {
    const others = withoutSetting(this.#overrides, label);
    await this.#setOverrides({
      settings:
        Object.keys(settings).length === 0 ? others.settings : { ...others.settings, [label]: settings },
      stopped: [...others.stopped.filter((other) => other !== label), ...(stopped ? [label] : [])],
    });
    for (const role of this.#rolesOf(label)) await writeLiveFiles(label, role, this.#specInput());
    for (const role of restart) {
      const component = this.#component(label, role);
      await (stopped && role === 'app' ? component.stop() : component.restart());
    }
  }

  /** Starts or restarts a process that should run; a stopped label is wanted again afterwards. */
  async restart(label: ServiceLabel, role: Role): Promise<boolean> {
    const component = this.#component(label, role);
    if (role === 'app' && this.#overrides.stopped.includes(label)) {
      const stopped = this.#overrides.stopped.filter((other) => other !== label);
      await this.#setOverrides({ ...this.#overrides, stopped });
    }
    await writeLiveFiles(label, role, this.#specInput());
    await component.restart();
    return component.healthy(START_TIMEOUT_MS);
  }

  async #startOne(label: ServiceLabel, role: Role): Promise<void> {
    await writeLiveFiles(label, role, this.#specInput());
    if (role === 'app' && this.#overrides.stopped.includes(label)) return;
    const component = this.#component(label, role);
    component.start();
    // A label that was broken on purpose may fail: the audit is what names it then.
    const mayFail = this.#overrides.settings[label] !== undefined;
    if ((await component.healthy(mayFail ? OVERRIDDEN_START_TIMEOUT_MS : START_TIMEOUT_MS)) || mayFail)
      return;
    throw new StartFailure(await explainFailure(component.status(), this.#deps.layout));
  }

  /** Last, so that its first look finds everything there. Whoever asked for it is told when it cannot be had. */
  async #startPrometheus(): Promise<void> {
    const component = this.#components.get(PROMETHEUS);
    if (component === undefined) return;
    component.start();
    if (await component.healthy(START_TIMEOUT_MS)) return;
    throw new StartFailure(await explainFailure(component.status(), this.#deps.layout));
  }

  #launch(label: ServiceLabel, role: Role): Launch {
    const spec = processSpec(label, role, this.#specInput());
    return {
      command: this.#deps.nodePath,
      args: ['--enable-source-maps', spec.entry],
      env: spec.env,
      cwd: this.#deps.layout.dir,
      logFile: this.#deps.layout.log(spec.name),
      healthUrl: `${spec.ops}/health`,
    };
  }

  #componentDeps() {
    return {
      clock: this.#deps.clock,
      random: this.#deps.random,
      stopTimeoutMs: STOP_TIMEOUT_MS,
      onChange: (status: ComponentStatus) => this.#changed(status),
    };
  }

  #changed(status: ComponentStatus): void {
    rememberProcesses(this.#deps.layout, this.status());
    this.#deps.onChange(status);
  }

  #component(label: ServiceLabel, role: Role): Component {
    const component = this.#components.get(componentName(label, role));
    if (component === undefined) throw new Error(`This system runs no ${role} called ${label}.`);
    return component;
  }

  #rolesOf(label: ServiceLabel): Role[] {
    return (['app', 'forwarder'] as const).filter((role) => this.#components.has(componentName(label, role)));
  }

  #specInput(): SpecInput {
    return {
      desired: this.#deps.desired,
      overrides: this.#overrides,
      layout: this.#deps.layout,
      root: this.#deps.root,
    };
  }

  async #setOverrides(overrides: Overrides): Promise<void> {
    this.#overrides = overrides;
    await saveOverrides(this.#deps.layout, overrides);
  }
}

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
