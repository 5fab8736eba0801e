import type { Check, Judged } from '../judged.ts';
import type { AppSnapshot, SidecarView } from '../snapshot.ts';

/** A start within this time is the container runtime's own order, not a gap. */
const LATE_SECONDS = 5;

const BY_CHART =
  'install the app by the chart `service`, whose forwarder is a native sidecar on a volume claim';

/** Make sure that each app has its forwarder beside it: there, native, first to start, and on a disk that outlives the pod. */
export const sidecarPlacement: Check = ({ apps }) =>
  apps.flatMap((app) => {
    const { sidecar } = app.forwarder;
    if (sidecar === undefined) return [];
    if (isAbsent(sidecar)) return [absent(app, sidecar)];
    return [...notNative(app, sidecar), ...late(app, sidecar), ...ephemeral(app, sidecar)];
  });

/** True where the pod that runs, or without one the template, has no forwarder at all. */
export function isAbsent({ template, pod }: SidecarView): boolean {
  return (pod ?? template) === 'absent';
}

function absent({ label }: AppSnapshot, { template }: SidecarView): Judged {
  const summary = `${label} runs without a forwarder: its events have nowhere to go and stay in its own outbox.`;
  const missing = { code: 'sidecar_absent', label, severity: 'critical', summary } as const;
  if (template === 'absent')
    return {
      ...missing,
      evidence: [`the pod template of ${label} has no container forwarder`],
      remedies: [],
      advice: BY_CHART,
    };
  return {
    ...missing,
    evidence: [`the pod of ${label} has no container forwarder; its template has one`],
    remedies: [{ kind: 'restart', label, role: 'app' }],
  };
}

function notNative({ label }: AppSnapshot, { template, pod }: SidecarView): Judged[] {
  if ((pod ?? template) === 'native') return [];
  const summary = `The forwarder of ${label} is an ordinary container: it may end before its app does, and begin after it.`;
  const evidence = [
    'forwarder under containers; a native sidecar is an init container with restartPolicy Always',
  ];
  return [
    {
      code: 'sidecar_not_native',
      label,
      severity: 'major',
      summary,
      evidence,
      remedies: [],
      advice: BY_CHART,
    },
  ];
}

function late({ label }: AppSnapshot, { lateSeconds }: SidecarView): Judged[] {
  if (lateSeconds === null || lateSeconds <= LATE_SECONDS) return [];
  const summary = `${label} ran ${Math.round(lateSeconds)} s before its forwarder began: what it emitted then had to wait in its own outbox.`;
  const evidence = ['start times of the two containers, none of which was restarted'];
  return [
    { code: 'sidecar_late', label, severity: 'minor', summary, evidence, remedies: [], advice: BY_CHART },
  ];
}

const GOES_WITH: Record<string, string> = {
  emptyDir: 'an emptyDir, which goes when the pod is deleted, evicted or moved',
  container: 'the layer of its container, which goes with each restart',
};

function ephemeral({ label, forwarder }: AppSnapshot, { volume }: SidecarView): Judged[] {
  const owed = forwarder.status === undefined ? 0 : forwarder.status.depth;
  const goesWith = GOES_WITH[volume ?? ''];
  if (goesWith === undefined || owed === 0) return [];
  const summary = `${owed} events of ${label} that A8 has not stored lie on ${goesWith}.`;
  const evidence = [`/status: depth ${owed}, state ${forwarder.status?.state}`];
  const advice =
    'do not delete or move the pod; see that A8 takes the backlog (scholar outbox drain), then set outbox.persistence.enabled=true';
  return [{ code: 'outbox_ephemeral', label, severity: 'critical', summary, evidence, remedies: [], advice }];
}
