/** What a strict check must refuse, by API: a check that lets everything pass would look just like one that finds nothing. */
export const REFUSALS: Readonly<Record<string, string>> = {
  v1: manifest('v1', 'ConfigMap', 'dta: {}'),
  'apps/v1': manifest('apps/v1', 'Deployment', 'spec: {replica: 1}'),
  'monitoring.coreos.com/v1': manifest(
    'monitoring.coreos.com/v1',
    'PodMonitor',
    'spec: {selector: {}, podMetricsEndpoints: [{port: ops, intervall: 15s}]}',
  ),
  'bitnami.com/v1alpha1': manifest('bitnami.com/v1alpha1', 'SealedSecret', 'spec: {encryptedDatas: {}}'),
};

function manifest(api: string, kind: string, fields: string): string {
  return `apiVersion: ${api}\nkind: ${kind}\nmetadata: {name: refused}\n${fields}\n`;
}
