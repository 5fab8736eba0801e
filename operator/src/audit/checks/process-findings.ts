import { HUB_LABEL, type Running } from '@scholar/contract';
import type { Check, Judged } from '../judged.ts';
import type { ProcessRole, ServedLabel } from '../remedy.ts';

/** Make sure that what a process itself finds wrong is heard: an unreadable secret, a refused key, parked events. */
export const processFindings: Check = ({ apps, hub }) => [
  ...judge(HUB_LABEL, 'app', hub.running),
  ...apps.flatMap((app) => [
    ...judge(app.label, 'app', app.running),
    ...judge(app.label, 'forwarder', app.forwarder.running),
  ]),
];

function judge(label: ServedLabel, role: ProcessRole, running: Running | undefined): Judged[] {
  const name = role === 'forwarder' ? `The forwarder of ${label}` : label;
  return (running?.findings ?? []).map((sentence) => ({
    code: 'process_finding',
    label,
    severity: 'major',
    summary: `${name} says of itself: ${sentence.replace(/\.$/u, '')}.`,
    evidence: [`/running of ${name}`],
    remedies: [],
    advice: 'do what the sentence says; the process notices by itself or at its next start',
  }));
}
