import { isDrift } from '../audit/audit.ts';
import type { Judged } from '../audit/judged.ts';
import type { ProcessRole, Remedy, ServedLabel } from '../audit/remedy.ts';

/** One step of a plan: remedies of one process, with one restart for all of them. */
export interface Step {
  label: ServedLabel;
  role: ProcessRole;
  remedies: Remedy[];
  findings: Judged[];
}

/**
 * Pure. Merges the remedies of all findings: the same one is done once, a process is restarted once and last,
 * A8 comes before the forwarders and these before their apps.
 */
export function plan(judged: readonly Judged[]): Step[] {
  const steps = new Map<string, Step>();
  for (const finding of judged.filter(isDrift)) {
    for (const remedy of finding.remedies) {
      const role = roleOf(remedy);
      const key = `${remedy.label}/${role}`;
      const step = steps.get(key) ?? { label: remedy.label, role, remedies: [], findings: [] };
      step.remedies.push(remedy);
      if (!step.findings.includes(finding)) step.findings.push(finding);
      steps.set(key, step);
    }
  }
  return [...steps.values()].map(merged).sort(inOrder);
}

function roleOf(remedy: Remedy): ProcessRole {
  if ('role' in remedy) return remedy.role;
  return remedy.kind === 'restore_key_ring' ? 'app' : 'forwarder';
}

function merged(step: Step): Step {
  const unique = new Map(
    step.remedies.map((remedy) => [JSON.stringify({ ...remedy, restart: undefined }), remedy]),
  );
  const remedies = [...unique.values()];
  // The restart is a step of its own, once, after all changes.
  const changes = remedies.flatMap((remedy) =>
    remedy.kind === 'reset_setting' ? [{ ...remedy, restart: false }] : [],
  );
  const ring = remedies.filter(({ kind }) => kind === 'restore_key_ring');
  const replays = remedies.filter(({ kind }) => kind === 'replay' || kind === 'replay_dead');
  // Last, because a restart in between would make what was seen of a claim an old tale.
  const drains = remedies.filter(({ kind }) => kind === 'drain_claim');
  const start = remedies.find(({ kind }) => kind === 'start' || kind === 'restart');
  const mustRestart = step.remedies.some((remedy) => remedy.kind === 'reset_setting' && remedy.restart);
  const restart: Remedy[] =
    start !== undefined
      ? [start]
      : mustRestart
        ? [{ kind: 'restart', label: step.label, role: step.role }]
        : [];
  return { ...step, remedies: [...changes, ...ring, ...restart, ...replays, ...drains] };
}

function inOrder(a: Step, b: Step): number {
  return rank(a) - rank(b) || a.label.localeCompare(b.label);
}

function rank({ label, role }: Step): number {
  if (label === 'auto_com_center') return 0;
  return role === 'forwarder' ? 1 : 2;
}
