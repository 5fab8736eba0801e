import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppLabel, HUB_LABEL, isAppLabel } from '@scholar/contract';
import type { DesiredProcess, DesiredState } from './desired.ts';
import { readText, writePrivateFile } from './json-file.ts';
import { portsFrom, type Role, SANDBOX_LABEL, type ServiceLabel, type StateLayout } from './layout.ts';
import type { Overrides } from './overrides.ts';

/** Everything that is needed to start one process of the local system. */
export interface ProcessSpec {
  /** As people read it: `scholar_auth`, `scholar_auth-forwarder`. */
  name: string;
  entry: string;
  env: Record<string, string>;
  ops: string;
}

export interface SpecInput {
  desired: DesiredState;
  overrides: Overrides;
  layout: StateLayout;
  root: string;
}

/** @returns the name that a process has in status, logs and messages. */
export function componentName(label: ServiceLabel, role: Role): string {
  return role === 'forwarder' ? `${label}-forwarder` : label;
}

/** A forwarder re-reads these from their files, so a change of them needs no restart. */
const FORWARDER_FILES = ['A8_URL'];

/** From `--set`, `A8_*` reaches a label's app and its forwarder, `OUTBOX_*` the forwarder alone, the rest the app alone. */
export function reaches(role: Role, key: string): boolean {
  if (key.startsWith('A8_')) return true;
  return key.startsWith('OUTBOX_') === (role === 'forwarder');
}

/** Pure but for the look at the file system for the built entry. @throws Error when the label is not of this system. */
export function processSpec(label: ServiceLabel, role: Role, input: SpecInput): ProcessSpec {
  const wanted = desiredProcess(input.desired, label, role);
  const { env, files } = split(wanted, role, input.overrides.settings[label] ?? {});
  for (const key of files) env[`${key}_FILE`] = input.layout.liveSecret(label, role, key);
  return {
    name: componentName(label, role),
    entry: entryOf(input.root, label, role),
    env,
    ops: `http://127.0.0.1:${opsPort(input.desired, label, role)}`,
  };
}

/** Where a process tells of itself: /health, /ready, /running, /metrics. */
export function opsPort(desired: DesiredState, label: ServiceLabel, role: Role): number {
  const ports = portsFrom(desired.port_base);
  return role === 'forwarder' ? ports.forwarderOps(label as AppLabel) : ports.ops(label);
}

/**
 * Writes the files that a process reads its secrets from: the desired value, or what an override says instead.
 * Written in place of a mounted Secret, atomically, so that a running process sees the old or the new value.
 */
export async function writeLiveFiles(label: ServiceLabel, role: Role, input: SpecInput): Promise<void> {
  const wanted = desiredProcess(input.desired, label, role);
  const overrides = input.overrides.settings[label] ?? {};
  for (const key of liveKeys(wanted, role)) {
    const override = reaches(role, key) ? overrides[key] : undefined;
    const desired = wanted.secrets.includes(key)
      ? await readText(input.layout.secret(label, key))
      : wanted.settings[key];
    const value = override === undefined ? desired : (override ?? undefined);
    const path = input.layout.liveSecret(label, role, key);
    if (value === undefined) await rm(path, { force: true });
    else if ((await readText(path)) !== value) await writePrivateFile(path, value);
  }
}

export function desiredProcess(desired: DesiredState, label: ServiceLabel, role: Role): DesiredProcess {
  const service = desired.services[label];
  const wanted = role === 'app' ? service?.app : service?.forwarder;
  if (wanted === undefined) throw new Error(`The desired state has no ${role} called ${label}.`);
  return wanted;
}

export interface ProcessName {
  label: ServiceLabel;
  role: Role;
}

/** Pure: the environment of a process without any override; what it reads from files is not in it. */
export function desiredEnvironment(
  desired: DesiredState,
  label: ServiceLabel,
  role: Role,
): Record<string, string> {
  return split(desiredProcess(desired, label, role), role, {}).env;
}

/** Every process of the system in the order of their start, PostgreSQL apart. */
export function processOrder(desired: DesiredState): ProcessName[] {
  const apps = Object.keys(desired.services).filter(isAppLabel);
  const hubs: ServiceLabel[] =
    desired.services[SANDBOX_LABEL] === undefined ? [HUB_LABEL] : [HUB_LABEL, SANDBOX_LABEL];
  return [
    ...hubs.map((label): ProcessName => ({ label, role: 'app' })),
    ...apps.map((label): ProcessName => ({ label, role: 'forwarder' })),
    ...apps.map((label): ProcessName => ({ label, role: 'app' })),
  ];
}

function liveKeys(wanted: DesiredProcess, role: Role): string[] {
  return role === 'forwarder' ? [...wanted.secrets, ...FORWARDER_FILES] : wanted.secrets;
}

function split(
  wanted: DesiredProcess,
  role: Role,
  overrides: Record<string, string | null>,
): { env: Record<string, string>; files: string[] } {
  const files = liveKeys(wanted, role);
  const env: Record<string, string> = { ...wanted.settings, SUPERVISED: '1' };
  for (const [key, value] of Object.entries(overrides)) {
    if (!reaches(role, key)) continue;
    if (value === null) delete env[key];
    else if (!files.includes(key)) env[key] = value;
  }
  for (const key of files) delete env[key];
  return { env, files };
}

function entryOf(root: string, label: ServiceLabel, role: Role): string {
  const folder = role === 'forwarder' ? 'sidecar' : join('services', label);
  const entry = join(root, folder, 'dist', 'main.js');
  if (!existsSync(entry)) throw new Error(`${entry} is not built yet; run \`make build\`.`);
  return entry;
}
