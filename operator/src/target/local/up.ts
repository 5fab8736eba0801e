import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Environment } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import type { ComponentStatus, Launch } from './component.ts';
import { runningSupervisor, type SupervisorRecord } from './control-client.ts';
import { type ControlServer, startControlServer } from './control-server.ts';
import { type DesiredState, desiredState, loadDesired, saveDesired } from './desired.ts';
import { endLeftovers } from './down.ts';
import { writeJson } from './json-file.ts';
import { portsFrom, repositoryRoot, type StateLayout } from './layout.ts';
import { findPrometheus, type PrometheusSearch } from './monitoring/find-prometheus.ts';
import { preparePrometheus } from './monitoring/prepare-prometheus.ts';
import type { Overrides } from './overrides.ts';
import { processStart } from './process-record.ts';
import { ensureSecrets, type GivenSecrets } from './secrets.ts';
import { inStateFolder, StartFailure } from './start-failure.ts';
import { Supervisor } from './supervisor.ts';

export interface UpOptions {
  layout: StateLayout;
  /** Unset = as the last time, else staging and 4100. */
  environment: Environment | undefined;
  portBase: number | undefined;
  overrides: Overrides;
  given: GivenSecrets;
  a6PublicUrl: string | undefined;
  /** Where every process sends its spans; undefined = nowhere. */
  otlpEndpoint: string | undefined;
  /** Where a Prometheus may be found; undefined = none is started. */
  monitoring: PrometheusSearch | undefined;
  onChange: (status: ComponentStatus) => void;
}

export interface LocalSystem {
  desired: DesiredState;
  supervisor: Supervisor;
  /** Resolves when somebody asked by the control door for the system's end. */
  shutdownAsked: Promise<void>;
  stop: () => Promise<void>;
}

const DEFAULT_PORT_BASE = 4100;

/**
 * Brings the whole local system up in this process, which is its supervisor from then on.
 * @throws StartFailure when one runs already, a port is taken, or a component does not start; nothing is left running then.
 */
export async function bringUp(options: UpOptions): Promise<LocalSystem> {
  const { layout } = options;
  const { desired, prometheus } = await inStateFolder(layout, () => prepareState(options));
  const supervisor = new Supervisor({
    layout,
    desired,
    overrides: options.overrides,
    prometheus,
    root: repositoryRoot(),
    nodePath: process.execPath,
    clock: systemClock,
    random: Math.random,
    onChange: options.onChange,
  });
  return run(supervisor, desired, layout);
}

async function prepareState(
  options: UpOptions,
): Promise<{ desired: DesiredState; prometheus: Launch | undefined }> {
  const { layout, monitoring } = options;
  await refuseSecond(layout);
  const program = monitoring && findPrometheus(monitoring, repositoryRoot());
  await mkdir(layout.logs, { recursive: true, mode: 0o700 });
  await endLeftovers(layout);
  const desired = await decide(options);
  await refuseTakenPorts(desired, program !== undefined);
  await saveDesired(layout, desired);
  await ensureSecrets(layout, desired, options.given);
  const root = repositoryRoot();
  const prometheus =
    program === undefined ? undefined : await preparePrometheus({ program, desired, layout, root });
  return { desired, prometheus };
}

async function run(supervisor: Supervisor, desired: DesiredState, layout: StateLayout): Promise<LocalSystem> {
  const token = randomBytes(24).toString('base64url');
  const asked = Promise.withResolvers<void>();
  let control: ControlServer | undefined;
  const abandon = () => supervisor.abandon();
  process.once('exit', abandon);
  const stop = async (): Promise<void> => {
    await supervisor.stop();
    process.off('exit', abandon);
    await control?.close();
    await rm(layout.supervisor, { force: true });
    await rm(layout.processes, { force: true });
  };
  try {
    control = await startControlServer({
      port: portsFrom(desired.port_base).control,
      token,
      supervisor,
      onShutdown: asked.resolve,
    });
    const record = supervisorRecord(control.url, token);
    await writeJson(layout.supervisor, record);
    await supervisor.start();
    await writeJson(layout.supervisor, { ...record, ready: true });
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { desired, supervisor, shutdownAsked: asked.promise, stop };
}

function supervisorRecord(url: string, token: string): SupervisorRecord {
  return {
    pid: process.pid,
    started: processStart(process.pid),
    since: new Date().toISOString(),
    url,
    token,
    ready: false,
  };
}

async function refuseSecond(layout: StateLayout): Promise<void> {
  const other = await runningSupervisor(layout);
  if (other === undefined) return;
  throw new StartFailure(
    `A local system runs already for ${layout.dir} (pid ${other.pid}, since ${other.since}).\nStop it with \`scholar down\`, or start a second one with another --state and --port-base.`,
  );
}

async function decide(options: UpOptions): Promise<DesiredState> {
  const before = await loadDesired(options.layout);
  return desiredState(
    {
      environment: options.environment ?? before?.environment ?? 'staging',
      portBase: options.portBase ?? before?.port_base ?? DEFAULT_PORT_BASE,
      realStripe: options.given.stripeSecretKey !== undefined,
      a6PublicUrl: options.a6PublicUrl,
      otlpEndpoint: options.otlpEndpoint,
      before,
    },
    options.layout,
  );
}

/** Looks at the ports before anything starts, so that the message names the component and not a stack. */
async function refuseTakenPorts(desired: DesiredState, monitored: boolean): Promise<void> {
  const base = desired.port_base;
  const ports = portsFrom(base);
  const wanted: [string, number][] = [
    ['the supervisor', ports.control],
    ['PostgreSQL', ports.postgres],
  ];
  if (monitored) wanted.push(['Prometheus', ports.prometheus]);
  for (const [label, service] of Object.entries(desired.services)) {
    wanted.push(
      [label, Number(service.app.settings['PORT'])],
      [label, Number(service.app.settings['OPS_PORT'])],
    );
    const forwarder = service.forwarder?.settings;
    if (forwarder === undefined) continue;
    wanted.push(
      [`${label}-forwarder`, Number(forwarder['INTAKE_PORT'])],
      [`${label}-forwarder`, Number(forwarder['OPS_PORT'])],
    );
  }
  const taken: string[] = [];
  for (const [name, port] of wanted) if (!(await canListen(port))) taken.push(`  ${port}  wanted by ${name}`);
  if (taken.length === 0) return;
  throw new StartFailure(
    `These ports of 127.0.0.1 are in use:\n${taken.join('\n')}\nLikely cause: another scholar system runs here with another --state. Stop it with \`scholar down --state DIR\`, or take other ports: \`scholar up --port-base ${base + 100}\` (\`make up PORT_BASE=${base + 100}\`).`,
  );
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
