import { allWindows, BURN_WINDOWS, type BurnWindow, PERIOD_DAYS, type Window } from './burn-windows.ts';
import type {
  AlertingRule,
  EventsObjective,
  NeverObjective,
  Objective,
  RecordingRule,
  Rule,
  TimeObjective,
} from './objective.ts';

/** @returns the rules of one group, recordings before the alerts that use them. The same objective gives the same rules. */
export function rulesOf(objective: Objective): Rule[] {
  switch (objective.kind) {
    case 'events':
      return [...recordEvents(objective), ...burnAlerts(objective)];
    case 'time':
      return [...recordTime(objective), ...burnAlerts(objective)];
    case 'never':
      return [recordCount(objective), neverAlert(objective)];
  }
}

/** The name of what is recorded, by the naming rule of Prometheus: level:metric:operation. */
function recorded({ by, metric }: Objective, operation: string): string {
  return `${by.join('_')}:${metric}:${operation}`;
}

const ratioName = (objective: Objective, window: Window): string =>
  recorded(objective, `ratio_${window.name}`);
const trafficName = (objective: Objective, window: Window): string =>
  recorded(objective, `increase_${window.name}`);

function recordEvents(objective: EventsObjective): RecordingRule[] {
  const { by, good, all } = objective;
  const sum = (what: string): string => `sum by (${by.join(', ')}) (${what})`;
  // No events are no ratio: the comparison leaves the series out, where a division by 0 would store NaN.
  const ratios = allWindows().map((window) => ({
    record: ratioName(objective, window),
    expr: `1 - ${sum(`rate(${good}[${window.name}])`)}\n  / (${sum(`rate(${all}[${window.name}])`)} > 0)`,
  }));
  const traffic = BURN_WINDOWS.map(({ long }) => ({
    record: trafficName(objective, long),
    expr: sum(`increase(${all}[${long.name}])`),
  }));
  return [...ratios, ...traffic];
}

function recordTime(objective: TimeObjective): RecordingRule[] {
  const bad = recorded(objective, 'bool');
  const shares = allWindows().map((window) => {
    const { name, minutes, stepMinutes } = window;
    return {
      record: ratioName(objective, window),
      expr: `sum_over_time(${bad}[${name}:${stepMinutes}m]) / ${minutes / stepMinutes}`,
    };
  });
  return [{ record: bad, expr: objective.bad }, ...shares];
}

function burnAlerts(objective: EventsObjective | TimeObjective): AlertingRule[] {
  return BURN_WINDOWS.map((burn) => ({
    alert: `${objective.alert}${burn.severity === 'critical' ? 'BurnsFast' : 'Burns'}`,
    expr: burnExpression(objective, burn),
    labels: { severity: burn.severity, slo: objective.name, window: burn.long.name },
    annotations: {
      summary: objective.summary(burn.long.name),
      description: burnDescription(objective, burn),
      runbook: objective.runbook,
    },
  }));
}

function burnExpression(objective: EventsObjective | TimeObjective, burn: BurnWindow): string {
  const { factor, long, short } = burn;
  const limit = `${factor} * ${allowance(objective.target)}`;
  const parts = [long, short].map((window) => `${ratioName(objective, window)} > ${limit}`);
  if (objective.kind === 'events') parts.push(`${trafficName(objective, long)} >= ${objective.atLeast}`);
  return parts.join('\n  and ');
}

function burnDescription(objective: EventsObjective | TimeObjective, burn: BurnWindow): string {
  const { promise, kind, target } = objective;
  const share = `${percent(target)} of the ${kind === 'events' ? 'events' : 'time'}`;
  return (
    `The objective is that ${promise}, for ${share}. At the pace of the last ${burn.long.name} what ${PERIOD_DAYS} days allow is used up in ` +
    `${daysUntilGone(burn.factor)} days, and the last ${burn.short.name} were no better.`
  );
}

function recordCount(objective: NeverObjective): RecordingRule {
  return { record: recorded(objective, 'max'), expr: objective.count };
}

function neverAlert(objective: NeverObjective): AlertingRule {
  const { alert, name, summary, description, runbook } = objective;
  return {
    alert,
    expr: `${recorded(objective, 'max')} > 0`,
    for: objective.for,
    labels: { severity: 'critical', slo: name },
    annotations: { summary, description, runbook },
  };
}

/** What is left of 1, without the noise of binary fractions. */
function allowance(target: number): number {
  return Number((1 - target).toFixed(6));
}

/** @returns after how many days an allowance is gone that is used up so many times too fast. */
export function daysUntilGone(factor: number): number {
  return Number((PERIOD_DAYS / factor).toFixed(1));
}

/** @returns for instance `99.9 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}
