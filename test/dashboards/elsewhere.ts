import { CONTROLLER_METRICS } from '@scholar/operator/controller/metrics';
import { FOREIGN_METRICS } from '../../charts/dashboards/foreign-metrics.ts';
import { readPromql } from '../../charts/promql/read-promql.ts';

/** What the operator can only tell of a system that it can look at. */
const OF_A_CLUSTER: readonly (keyof typeof CONTROLLER_METRICS)[] = [
  'operator_findings',
  'operator_conservation_residual',
  'operator_guards_failed',
];

const KUBERNETES = ['kube-state-metrics', 'cadvisor', 'the kubelet'].flatMap(
  (who) => FOREIGN_METRICS[who] ?? [],
);

const OPERATOR = Object.entries(CONTROLLER_METRICS).flatMap(([name, { type }]) =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => `${name}${part}`) : [name],
);

/**
 * Whether all that an expression names is told in a cluster only: there is nobody to tell it here.
 * @param hasOperator an operator runs beside the system
 */
export function isElsewhere(expr: string, { hasOperator }: { hasOperator: boolean }): boolean {
  const elsewhere = new Set([...KUBERNETES, ...(hasOperator ? OF_A_CLUSTER : OPERATOR)]);
  return readPromql(expr).every(({ metric }) => elsewhere.has(metric));
}
