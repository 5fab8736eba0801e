import type { Check, Judged } from '../judged.ts';
import type { AppSnapshot, ForwarderStatusView } from '../snapshot.ts';

/** Older than this in a forwarder and something is wrong on the way to A8. */
const OLD_SECONDS = 60;

/** Make sure that forwarders deliver: not held, no old backlog, no dead letters, nothing quarantined. */
export const forwarderState: Check = ({ apps }) =>
  apps.flatMap((app) => {
    const { status, process } = app.forwarder;
    if (process.state !== 'running' && process.state !== 'unknown') return [];
    if (status === undefined) return [unreachable(app)];
    return [...held(app, status), ...old(app, status), ...dead(app, status), ...quarantined(app, status)];
  });

function unreachable({ label }: AppSnapshot): Judged {
  const summary = `The forwarder of ${label} runs and does not answer /status.`;
  return {
    code: 'forwarder_unreachable',
    label,
    severity: 'critical',
    summary,
    evidence: [],
    remedies: [{ kind: 'restart', label, role: 'forwarder' }],
  };
}

function held({ label }: AppSnapshot, { hold, depth }: ForwarderStatusView): Judged[] {
  if (hold === null) return [];
  const summary = `The forwarder of ${label} holds ${depth} events: ${hold.reason}. Nothing is lost, nothing arrives.`;
  const evidence = [`held since ${hold.since}`, ...(hold.detail === '' ? [] : [hold.detail])];
  const advice =
    'end the cause (key, address or a proxy in between); the forwarder probes and goes on by itself';
  return [{ code: 'forwarder_held', label, severity: 'critical', summary, evidence, remedies: [], advice }];
}

function old({ label }: AppSnapshot, { oldestAgeSeconds, depth, state }: ForwarderStatusView): Judged[] {
  if (oldestAgeSeconds === null || oldestAgeSeconds <= OLD_SECONDS) return [];
  const summary = `The oldest event of ${label} has waited ${Math.round(oldestAgeSeconds)} s for A8.`;
  const evidence = [`depth ${depth}, state ${state}`];
  return [
    {
      code: 'backlog_old',
      label,
      severity: 'major',
      summary,
      evidence,
      remedies: [],
      advice: 'see whether A8 answers; the backlog drains by itself then',
    },
  ];
}

function dead({ label }: AppSnapshot, status: ForwarderStatusView): Judged[] {
  const count = status.dead.contract + status.dead.system;
  if (count === 0) return [];
  const summary = `The forwarder of ${label} has ${count} dead letters: events that A8 refused one by one.`;
  const evidence = [`contract ${status.dead.contract}, system ${status.dead.system}`];
  // Harmless: an event keeps its id, and what A8 refuses again is a dead letter again.
  const remedies = [{ kind: 'replay_dead' as const, label }];
  const advice = `what stays is to be judged by a person: scholar outbox list dead --app ${label}; then discard each, or replay it with a correction`;
  return [{ code: 'dead_letters', label, severity: 'major', summary, evidence, remedies, advice }];
}

function quarantined({ label }: AppSnapshot, status: ForwarderStatusView): Judged[] {
  if (status.quarantined === 0) return [];
  const summary = `The outbox of ${label} has ${status.quarantined} quarantined records: bytes on its disk that fail their checksum.`;
  const advice = `scholar outbox verify --app ${label}; look at the disk`;
  return [
    { code: 'outbox_quarantine', label, severity: 'major', summary, evidence: [], remedies: [], advice },
  ];
}
