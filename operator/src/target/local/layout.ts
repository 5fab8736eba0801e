import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APP_LABELS, APPS, type AppLabel, HUB_LABEL } from '@scholar/contract';

/** The sandbox Stripe is a process of the trial system, not one of the eight services. */
export const SANDBOX_LABEL = 'stripe_sandbox';

export type ServiceLabel = AppLabel | typeof HUB_LABEL | typeof SANDBOX_LABEL;

export const SERVICE_LABELS: readonly ServiceLabel[] = [...APP_LABELS, HUB_LABEL, SANDBOX_LABEL];

/** @returns the label for `scholar_auth`, `A1` or `a1`; undefined when there is none. */
export function parseServiceLabel(text: string): ServiceLabel | undefined {
  const byLabel = SERVICE_LABELS.find((label) => label === text);
  if (byLabel !== undefined) return byLabel;
  const number = text.toUpperCase();
  if (number === 'A8') return HUB_LABEL;
  return APP_LABELS.find((label) => APPS[label].number === number);
}

/** TCP ports of the local system, all on 127.0.0.1 (architecture: processes and ports). */
export interface Ports {
  control: number;
  public: (label: ServiceLabel) => number;
  ops: (label: ServiceLabel) => number;
  intake: (label: AppLabel) => number;
  forwarderOps: (label: AppLabel) => number;
  postgres: number;
  prometheus: number;
}

/** @param base the first of seventy consecutive ports that the local system uses; 4100 unless told. */
export function portsFrom(base: number): Ports {
  return {
    control: base,
    public: (label) => base + indexOf(label),
    ops: (label) => base + 60 + indexOf(label),
    intake: (label) => base + 20 + indexOf(label),
    forwarderOps: (label) => base + 40 + indexOf(label),
    postgres: base + 50,
    prometheus: base + 51,
  };
}

function indexOf(label: ServiceLabel): number {
  return SERVICE_LABELS.indexOf(label) + 1;
}

/** Where everything of one local system lies. Nothing outside this folder is written, but PostgreSQL's files as root. */
export interface StateLayout {
  dir: string;
  desired: string;
  running: string;
  supervisor: string;
  processes: string;
  keyRing: string;
  serviceClients: string;
  postgres: string;
  sandbox: string;
  prometheus: string;
  logs: string;
  log: (name: string) => string;
  /** What the owner wants a process to read: the source of every repair of a secret. */
  secret: (label: ServiceLabel | 'supervisor', key: string) => string;
  /** What the process really reads, as a pod reads its mounted Secret. */
  liveSecret: (label: ServiceLabel, role: Role, key: string) => string;
  outbox: (label: AppLabel) => string;
  lastDrill: string;
}

export type Role = 'app' | 'forwarder';

export function stateLayout(stateDir: string): StateLayout {
  const dir = resolve(stateDir);
  const at = (...parts: string[]) => join(dir, ...parts);
  return {
    dir,
    desired: at('desired.json'),
    running: at('running.json'),
    supervisor: at('supervisor.json'),
    processes: at('processes.json'),
    keyRing: at('a8-keys'),
    serviceClients: at('service-clients'),
    postgres: at('postgres'),
    sandbox: at('sandbox'),
    prometheus: at('prometheus'),
    logs: at('logs'),
    log: (name) => at('logs', `${name}.log`),
    secret: (label, key) => at('secrets', label, key),
    liveSecret: (label, role, key) => at('live', label, role, key),
    outbox: (label) => at('outbox', label),
    lastDrill: at('last-drill.json'),
  };
}

/** The checkout that this command belongs to: the folder with the workspaces' package.json. */
export function repositoryRoot(from: string = fileURLToPath(import.meta.url)): string {
  for (let dir = dirname(from); dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'sidecar', 'package.json')) && existsSync(join(dir, 'contract'))) return dir;
  }
  throw new Error(`No scholar checkout above ${from}; run this command from inside the clone.`);
}

/** Where the generated pages of this checkout lie. */
export function docsFolder(): string {
  return join(repositoryRoot(), 'docs');
}
