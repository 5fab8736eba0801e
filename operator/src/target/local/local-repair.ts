import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppLabel } from '@scholar/contract';
import type { ProcessRole, Remedy, ServedLabel } from '../../audit/remedy.ts';
import { ask } from '../../gather/http-client.ts';
import type { RepairSession } from '../../remedy/session.ts';
import { type AskControl, type RowProof, replayDead, replayToRows } from '../replay.ts';
import type { ControlClient } from './control-client.ts';
import type { DesiredState } from './desired.ts';
import { readText, writePrivateFile } from './json-file.ts';
import { portsFrom, type StateLayout } from './layout.ts';
import type { Overrides } from './overrides.ts';
import { desiredSecret, writeKeyRing } from './secrets.ts';

export interface LocalRepairParts {
  layout: StateLayout;
  desired: DesiredState;
  control: Pick<ControlClient, 'state' | 'command'>;
  /** How events that were sent again are seen to be rows. */
  proof: RowProof;
}

/** What there was before anything was changed. */
interface Before {
  overrides: Overrides;
  ring: Map<string, string>;
}

/** A repair of one app of this machine. It puts back overrides and the ring; what somebody wrote over a live file is kept nowhere. */
export async function beginLocalRepair(label: ServedLabel, parts: LocalRepairParts): Promise<RepairSession> {
  const before: Before = {
    overrides: (await parts.control.state()).overrides,
    ring: await ringFiles(parts.layout),
  };
  const restarted = new Set<ProcessRole>();
  let resets = false;
  let ring = false;
  return {
    apply: async (remedies) => {
      const done: string[] = [];
      for (const remedy of remedies) {
        resets ||= remedy.kind === 'reset_setting';
        ring ||= remedy.kind === 'restore_key_ring';
        if (remedy.kind === 'restart' || remedy.kind === 'start') restarted.add(remedy.role);
        done.push(await applyLocally(remedy, parts));
      }
      return done;
    },
    undo: async () => [
      ...(ring ? await restoreRing(parts.layout, before.ring) : []),
      ...(resets || restarted.size > 0 ? await restoreOverrides(label, { parts, before, restarted }) : []),
    ],
  };
}

async function applyLocally(remedy: Remedy, parts: LocalRepairParts): Promise<string> {
  const { control } = parts;
  const of = (label: AppLabel) => ({ label, forwarders: [controlOf(label, parts)] });
  switch (remedy.kind) {
    case 'reset_setting':
      await control.command({ do: 'reset', label: remedy.label, key: remedy.key });
      return `${remedy.key} has its desired value`;
    case 'restart':
    case 'start':
      await mustRestart(control, remedy.label, remedy.role);
      return 'process started with the desired settings';
    case 'replay':
      return replayToRows(of(remedy.label), remedy.eventIds, parts.proof);
    case 'replay_dead':
      return `the forwarder sends ${await replayDead(of(remedy.label))} dead letters again`;
    case 'drain_claim':
      throw new Error(
        'On a machine each label has one folder, and its forwarder always runs: there are no claims.',
      );
    case 'restore_key_ring':
      await writeKeyRing(parts.layout, parts.desired);
      return 'the ring holds the desired keys';
  }
}

export function controlOf(
  label: AppLabel,
  { layout, desired }: Pick<LocalRepairParts, 'layout' | 'desired'>,
): AskControl {
  return async ({ path, ...question }) => {
    const token = await desiredSecret(layout, label, 'CONTROL_TOKEN');
    const url = `http://127.0.0.1:${portsFrom(desired.port_base).intake(label)}${path}`;
    return ask({ ...question, url, headers: { authorization: `Bearer ${token}` } });
  };
}

async function mustRestart(
  control: Pick<ControlClient, 'command'>,
  label: string,
  role: ProcessRole,
): Promise<void> {
  if (await control.command({ do: 'restart', label, role })) return;
  throw new Error(
    `The ${role} of ${label} was started and does not answer /health; its log in the state folder says why.`,
  );
}

/** Processes that were restarted run with their former overrides again; the others only hold them again. */
async function restoreOverrides(
  label: ServedLabel,
  {
    parts,
    before,
    restarted,
  }: { parts: LocalRepairParts; before: Before; restarted: ReadonlySet<ProcessRole> },
): Promise<string[]> {
  const settings = before.overrides.settings[label] ?? {};
  const stopped = before.overrides.stopped.includes(label);
  const roles = [...restarted];
  const unchanged = Object.keys(settings).length === 0 && !stopped;
  // Nothing differed from the desired state, so there is nothing to go back to.
  if (unchanged) return [];
  await parts.control.command({ do: 'override', label, settings, stopped, restart: roles });
  const keys = Object.keys(settings).join(', ');
  return [
    ...(keys === '' ? [] : [`${keys} of ${label} as before`]),
    ...(stopped ? [`${label} stopped as before`] : []),
  ];
}

async function ringFiles({ keyRing }: StateLayout): Promise<Map<string, string>> {
  const names = await readdir(keyRing).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => [name, (await readText(join(keyRing, name))) ?? ''] as const),
  );
  return new Map(files);
}

async function restoreRing(layout: StateLayout, before: ReadonlyMap<string, string>): Promise<string[]> {
  const now = await ringFiles(layout);
  for (const name of now.keys()) if (!before.has(name)) await rm(join(layout.keyRing, name), { force: true });
  for (const [name, text] of before)
    if (now.get(name) !== text) await writePrivateFile(join(layout.keyRing, name), text);
  return ['the ring of keys as before'];
}
