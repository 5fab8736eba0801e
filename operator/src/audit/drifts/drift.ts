/** What a person needs to know of one finding code at three in the morning. Plain sentences, no links to guess. */
export interface Drift {
  /** One line; it ends without a full stop. */
  title: string;
  /** Those that a finding of this code may have, worst first (the words of the contract's findings). */
  severity: readonly [Severity, ...Severity[]];
  /** What is seen, and what it does to users and events. */
  symptom: string;
  /** How we know: which answers are compared. */
  evidence: string;
  /** What ends it, and what that changes. */
  remedy: string;
  /** How to go back. */
  rollback: string;
}

type Severity = 'critical' | 'major' | 'minor' | 'info';

/** Nothing was changed, so there is nothing to take back. */
export const NOTHING_CHANGED = 'Nothing was changed, so there is nothing to take back.';

/** Of a `reset_setting`: the running value was not written down anywhere as desired. */
export const RESET_ROLLBACK =
  'On a machine, `scholar up --set LABEL.KEY=VALUE` brings the former value back. In a cluster, put it into the settings of the chart. Do so only if the desired value is what is wrong.';

/** Of a restart: the process comes back with what it is given. */
export const RESTART_ROLLBACK =
  'A restart changes no setting and no data: the outbox is on disk, and events that were handed over stay there. There is nothing to take back.';
