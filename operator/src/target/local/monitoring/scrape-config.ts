import { HUB_LABEL, isAppLabel } from '@scholar/contract';
import type { DesiredState } from '../desired.ts';
import { portsFrom } from '../layout.ts';
import { opsPort, type ProcessName, processOrder } from '../process-spec.ts';

/** What stands for the namespace of a cluster in the labels of the local system. */
export const LOCAL_NAMESPACE = 'local';

export interface StaticTarget {
  targets: [string];
  labels: Record<string, string>;
}

/**
 * Pure: everything of a local system that tells metrics, under the labels that the monitors of the charts give in a cluster
 * (namespace, job, pod, container, endpoint), so that rules and dashboards read the same. The sandbox Stripe has no monitor there either.
 */
export function scrapeTargets(desired: DesiredState): StaticTarget[] {
  return processOrder(desired)
    .filter(({ label }) => label === HUB_LABEL || isAppLabel(label))
    .map((process) => ({
      targets: [`127.0.0.1:${opsPort(desired, process.label, process.role)}`],
      labels: labelsOf(process),
    }));
}

function labelsOf({ label, role }: ProcessName): Record<string, string> {
  const object = label.replaceAll('_', '-');
  return {
    namespace: LOCAL_NAMESPACE,
    job: `${LOCAL_NAMESPACE}/${object}`,
    pod: object,
    container: role,
    endpoint: role === 'forwarder' ? 'forwarder-ops' : 'ops',
  };
}

export interface ConfigFiles {
  /** Pattern of the rule files. */
  rules: string;
  /** Pattern of files (file_sd) by which other programs ask to be scraped, such as the runner of load scripts. */
  targets: string;
}

/** Pure: the configuration of the local Prometheus, as an object of its YAML. Rules are evaluated as often as in a cluster. */
export function prometheusConfig(desired: DesiredState, files: ConfigFiles): object {
  const own: StaticTarget = {
    targets: [`127.0.0.1:${portsFrom(desired.port_base).prometheus}`],
    labels: { namespace: LOCAL_NAMESPACE },
  };
  return {
    global: { scrape_interval: '5s', scrape_timeout: '4s', evaluation_interval: '15s' },
    rule_files: [files.rules],
    scrape_configs: [
      { job_name: 'scholar', static_configs: scrapeTargets(desired) },
      { job_name: 'prometheus', static_configs: [own] },
      { job_name: 'load', file_sd_configs: [{ files: [files.targets], refresh_interval: '5s' }] },
    ],
  };
}
