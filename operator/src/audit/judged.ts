import { APPS, type Finding, HUB_LABEL } from '@scholar/contract';
import type { DriftCode } from './drifts/drifts.ts';
import { describeRemedy, type Remedy, type ServedLabel } from './remedy.ts';
import type { Snapshot } from './snapshot.ts';

export type Severity = Finding['severity'];

/** What a check found, with the remedy as data. */
export interface Judged {
  /** Documented (docs/drifts) and stable: people script against it. A rename is a line of the changelog. */
  code: DriftCode;
  label: ServedLabel;
  severity: Severity;
  summary: string;
  evidence: string[];
  remedies: Remedy[];
  /** For what no remedy of ours may change: what a person has to do. */
  advice?: string;
}

/** A check is pure: everything that it may know is in the snapshot. */
export type Check = (snapshot: Snapshot) => Judged[];

const ORDER: readonly Severity[] = ['critical', 'major', 'minor', 'info'];

/** Worst first; within a severity by app, then code, so that two audits of the same state print the same. */
export function bySeverity(a: Judged, b: Judged): number {
  return (
    ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) ||
    appNumber(a.label).localeCompare(appNumber(b.label)) ||
    a.code.localeCompare(b.code)
  );
}

export function appNumber(label: ServedLabel): string {
  // The sandbox has no number; it stands in for the Stripe of A2.
  if (label === 'stripe_sandbox') return 'A2';
  return label === HUB_LABEL ? 'A8' : APPS[label].number;
}

/** @returns the finding as `audit -o json` shows it. */
export function toFinding(judged: Judged): Finding {
  const steps = judged.remedies.map(describeRemedy);
  const remedy = [...steps, ...(judged.advice === undefined ? [] : [judged.advice])].join('; ');
  return {
    code: judged.code,
    app: appNumber(judged.label) as Finding['app'],
    severity: judged.severity,
    summary: judged.summary,
    evidence: judged.evidence,
    remedy: remedy === '' ? 'nothing to do' : remedy,
  };
}
