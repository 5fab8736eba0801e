import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

/** Whoever opens a dashboard chooses the Prometheus. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** For selectors of metrics that belong to no application, such as those of A8. */
export const HERE = 'namespace=~"$namespace"';

/** For selectors of metrics of an application and its forwarder. */
export const OF_APP = `${HERE}, app=~"$app"`;

export const datasource = (): dashboard.DatasourceVariableBuilder =>
  new dashboard.DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus');

/** @param metric that everything which the dashboard shows has beside it */
export const namespace = (metric: string): dashboard.QueryVariableBuilder =>
  choice('namespace', 'Namespace', `label_values(${metric}, namespace)`);

export const app = (): dashboard.QueryVariableBuilder =>
  choice('app', 'Application', `label_values(forwarder_queue_depth{${HERE}}, app)`);

/** Many may be chosen. All of them is `.*`, which also takes series that do not have the label at all. */
function choice(name: string, label: string, query: string): dashboard.QueryVariableBuilder {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}
