/** A rule that stores a series under `level:metric:operation`. */
export interface RecordingRule {
  record: string;
  expr: string;
}

export type Severity = 'critical' | 'warning';

export interface AlertingRule {
  alert: string;
  expr: string;
  /** How long the expression has to hold, as Prometheus writes it; at once where it is left out. */
  for?: string;
  labels: Record<string, string> & { severity: Severity };
  annotations: { summary: string; description: string; runbook: string };
}

export type Rule = RecordingRule | AlertingRule;

interface Common {
  /** In kebab-case; the label `slo` of its alerts and the end of its group's name. */
  name: string;
  /** The chart whose rules folder gets the group. */
  chart: 'hub' | 'scholar';
  /** The labels that are left of a series, and so told apart. */
  by: readonly string[];
  /** What is promised, to follow "The objective is that". */
  promise: string;
  /** The middle part of its recorded names. */
  metric: string;
  /** Page below docs/, for whoever is woken. */
  runbook: string;
}

/** An objective with an allowance of bad: that much of 30 days may be. */
interface Budgeted extends Common {
  /** The share of good that is promised, for instance 0.99. */
  target: number;
  /** The beginning of the names of its alerts. */
  alert: string;
  /** A sentence about the share `{{ $value | humanizePercentage }}` of a window such as `1h`. */
  summary: (window: string) => string;
}

/** Good events among all events. */
export interface EventsObjective extends Budgeted {
  kind: 'events';
  /** Counter of good events, as a selector. */
  good: string;
  /** Counter of all events, as a selector. */
  all: string;
  /** Fewer events than these in the long window raise nothing: one slow event of a quiet night is no burning budget. */
  atLeast: number;
}

/** Good time among all time. Time without data counts as good here; that there is no data is told by alerts of its own. */
export interface TimeObjective extends Budgeted {
  kind: 'time';
  /** 1 while it is bad, else 0; with the labels of `by`. */
  bad: string;
}

/** What must never be: there is no allowance, so each of it is told. */
export interface NeverObjective extends Common {
  kind: 'never';
  /** How many there are now; with the labels of `by`. */
  count: string;
  /** How long it may take to heal by itself. */
  for: string;
  alert: string;
  summary: string;
  description: string;
}

export type Objective = EventsObjective | TimeObjective | NeverObjective;
