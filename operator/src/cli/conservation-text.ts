import { type ConservationView, residualOf } from '../audit/conservation-view.ts';
import { appNumber } from '../audit/judged.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import { paint, type Screen } from './output.ts';

/** What A8 acknowledged to one forwarder and what it has, as `audit -o json` shows it. */
export interface ConservedJson {
  app: string;
  label: string;
  forwarder_id: string;
  /** Compared minutes, ISO-8601; `to` is not included. */
  from: string;
  to: string;
  acknowledged: number;
  /** Of these: are rows. */
  rows: number;
  /** Are none. */
  residual: number;
}

/** Pure: one entry for each forwarder that could be compared with A8. */
export function conservedJson(apps: Snapshot['apps']): ConservedJson[] {
  return apps.flatMap(({ label, conservation = [] }) =>
    conservation.map((view) => ({ app: appNumber(label), label, ...numbersOf(view) })),
  );
}

function numbersOf(view: ConservationView): Omit<ConservedJson, 'app' | 'label'> {
  const { forwarderId: forwarder_id, from, to, acknowledged } = view;
  const residual = residualOf(view);
  return { forwarder_id, from, to, acknowledged, rows: acknowledged - residual, residual };
}

/** Pure: one line for a person. */
export function conservedText(conserved: readonly ConservedJson[], screen: Screen): string {
  if (conserved.length === 0) return paint(screen, 'dim', 'No forwarder could be compared with A8.');
  const sum = (of: 'acknowledged' | 'residual') => conserved.reduce((total, each) => total + each[of], 0);
  const [acknowledged, residual] = [sum('acknowledged'), sum('residual')];
  if (acknowledged === 0)
    return paint(
      screen,
      'dim',
      'Nothing that A8 acknowledged is old enough to be compared with its rows yet (two minutes).',
    );
  const compared = `${acknowledged} events that A8 acknowledged to ${conserved.length} forwarders (23 hours, to two minutes ago)`;
  return residual === 0
    ? paint(screen, 'dim', `Of ${compared} every one is a row.`)
    : paint(screen, 'bad', `Of ${compared} ${residual} are no rows.`);
}
