import { HUB_LABEL } from '@scholar/contract';
import type { Check, Judged } from '../judged.ts';
import type { ServedLabel } from '../remedy.ts';
import type { ProbeView, ProcessView, ServiceView, Snapshot } from '../snapshot.ts';

interface Served {
  process: ProcessView;
  health: ProbeView;
  /** undefined for what is ready as soon as it is alive. */
  ready: ProbeView | undefined;
  service?: ServiceView | undefined;
}

/** Make sure that what counts as running answers its users: a process is no proof, a 200 of its public door is. */
export const ghostShip: Check = ({ apps, hub, sandbox, database }) => {
  // Without its database nothing is ready: that is one finding, of the database, not nine.
  const storeDown = database !== undefined && database.state !== 'running';
  return [
    ...judge(HUB_LABEL, hub),
    ...ofSandbox(sandbox),
    ...apps.flatMap((app) => judge(app.label, app)),
  ].filter(({ code }) => !(storeDown && code === 'not_ready'));
};

function ofSandbox(sandbox: Snapshot['sandbox']): Judged[] {
  if (sandbox?.health === undefined) return [];
  return judge('stripe_sandbox', { process: sandbox.process, health: sandbox.health, ready: undefined });
}

function judge(label: ServedLabel, { process, health, ready, service }: Served): Judged[] {
  if (process.state !== 'running' && process.state !== 'unknown') return [];
  const evidence = [health, ...(ready === undefined ? [] : [ready])].map(line);
  if (health.status !== 200) {
    const claims = service?.readyPods ?? [];
    if (claims.length > 0) evidence.push(`Kubernetes calls these pods Ready: ${claims.join(', ')}`);
    const summary = `${label} counts as running, but ${health.url} ${answerOf(health)}.`;
    return [
      {
        code: 'ghost_ship',
        label,
        severity: 'critical',
        summary,
        evidence,
        remedies: [{ kind: 'restart', label, role: 'app' }],
      },
    ];
  }
  if (ready !== undefined && ready.status !== 200) {
    const summary = `${label} is alive and not ready: ${ready.detail || answerOf(ready)}.`;
    return [
      {
        code: 'not_ready',
        label,
        severity: 'critical',
        summary,
        evidence,
        remedies: [{ kind: 'restart', label, role: 'app' }],
      },
    ];
  }
  return [];
}

function answerOf({ status, detail }: ProbeView): string {
  return status === null ? `does not answer (${detail})` : `answers ${status}`;
}

function line(probe: ProbeView): string {
  return `GET ${probe.url} ${answerOf(probe)}${probe.status !== null && probe.detail !== '' ? ` (${probe.detail})` : ''}`;
}
