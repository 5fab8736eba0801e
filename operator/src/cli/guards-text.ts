import { driftPagePath } from '../audit/drifts/drifts.ts';
import type { GuardReport, GuardVerdict } from '../verify/negative/judge-guards.ts';
import { paint, type Screen, type Tone, table } from './output.ts';

const TONES: Record<GuardVerdict['verdict'], Tone> = { kept: 'good', failed: 'bad', unknown: 'warn' };

/** @returns the guards of A8 for a terminal: what the contract says, what A8 answered, and why one is not kept. */
export function guardsText({ guards, findings, ok }: GuardReport, screen: Pick<Screen, 'color'>): string {
  const rows = guards.map(({ name, expected, got, event_id, verdict }) => [
    name,
    expected,
    got,
    event_id ?? '-',
    paint(screen, TONES[verdict], verdict),
  ]);
  const reasons = guards.flatMap(({ name, verdict, reasons: why }) =>
    why.map((reason) => `  ${paint(screen, TONES[verdict], name)}: ${reason}`),
  );
  const pages = findings.map(
    ({ code, summary }) => `  ${paint(screen, 'bold', code)} ${summary} ${driftPagePath(code)}`,
  );
  const kept = guards.filter(({ verdict }) => verdict === 'kept').length;
  return [
    table(['guard of A8', 'contract', 'answer', 'event id', 'verdict'], rows),
    ...reasons,
    ...pages,
    paint(screen, ok ? 'good' : 'bad', `${kept} of ${guards.length} guards kept`),
  ].join('\n');
}
