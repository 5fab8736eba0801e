import { HUB_LABEL } from '@scholar/contract';
import type { Check, Judged } from '../judged.ts';
import type { ProcessRole, ServedLabel } from '../remedy.ts';
import type { ProcessView } from '../snapshot.ts';

/** Make sure that every process that should run does: stopped on purpose and crashing are told apart. */
export const processState: Check = ({ apps, hub }) => [
  ...judge(HUB_LABEL, 'app', hub.process),
  ...apps.flatMap((app) => [
    ...judge(app.label, 'app', app.process),
    ...judge(app.label, 'forwarder', app.forwarder.process),
  ]),
];

function judge(label: ServedLabel, role: ProcessRole, process: ProcessView): Judged[] {
  const name = role === 'forwarder' ? `The forwarder of ${label}` : label;
  const evidence = evidenceOf(process);
  if (process.state === 'stopped') {
    const summary = `${name} is stopped: nothing of it runs.`;
    return [
      {
        code: `${role}_stopped`,
        label,
        severity: 'critical',
        summary,
        evidence,
        remedies: [{ kind: 'start', label, role }],
      },
    ];
  }
  if (process.state === 'crashing') {
    const summary = `${name} dies again and again: ${process.restarts} restarts, the last end was ${process.lastExit ?? 'not seen'}.`;
    return [
      {
        code: `${role}_crashing`,
        label,
        severity: 'critical',
        summary,
        evidence,
        remedies: [{ kind: 'restart', label, role }],
      },
    ];
  }
  if (process.state === 'starting') {
    const summary = `${name} has been spawned and does not answer /health yet.`;
    return [
      {
        code: `${role}_starting`,
        label,
        severity: 'major',
        summary,
        evidence,
        remedies: [{ kind: 'restart', label, role }],
      },
    ];
  }
  return [];
}

function evidenceOf({ state, restarts, lastExit, lastLines }: ProcessView): string[] {
  return [
    `state ${state}, restarts ${restarts}, last end ${lastExit ?? 'none'}`,
    ...lastLines.map((line) => `log: ${line}`),
  ];
}
