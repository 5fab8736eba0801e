import { prometheusOf } from '../target/cluster/fitness/ask-monitoring.ts';
import { selects } from './label-selector.ts';
import { type Monitor, type Monitoring, monitorLine } from './monitors.ts';

/** As kube-prometheus-stack makes it. */
const STACK = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'Prometheus',
  metadata: { name: 'kube-prometheus-stack-prometheus', namespace: 'monitoring' },
  spec: {
    podMonitorNamespaceSelector: {},
    podMonitorSelector: { matchLabels: { release: 'kube-prometheus-stack' } },
    serviceMonitorNamespaceSelector: {},
    serviceMonitorSelector: { matchLabels: { release: 'kube-prometheus-stack' } },
    ruleNamespaceSelector: {},
    ruleSelector: { matchLabels: { release: 'kube-prometheus-stack' } },
  },
};

const monitor = (labels: Record<string, string>): Monitor => ({
  kind: 'PodMonitor',
  name: 'scholar-auth',
  labels,
});

function seen(labels: Record<string, string>, spec: object = {}, more: Partial<Monitoring> = {}) {
  const prometheus = prometheusOf({ ...STACK, spec: { ...STACK.spec, ...spec } });
  const namespace = { name: 'scholar', labels: { value: { team: 'grants' } } };
  return monitorLine({
    value: { namespace, monitors: [monitor(labels)], prometheuses: { value: [prometheus] }, ...more },
  });
}

test('a monitor with the label that the stack wants is chosen', () => {
  expect(seen({ release: 'kube-prometheus-stack' }).state).toBe('ok');
});

test('one without it fails, and the line says which label is wanted and where to set it', () => {
  expect(seen({ 'app.kubernetes.io/name': 'scholar-auth' })).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining(
      'monitoring/kube-prometheus-stack-prometheus wants release=kube-prometheus-stack',
    ),
    todo: expect.stringContaining('metrics.podMonitor.labels'),
  });
});

test('an empty selector chooses everything, none at all chooses nothing', () => {
  expect(seen({}, { podMonitorSelector: {} }).state).toBe('ok');
  expect(seen({}, { podMonitorSelector: null }).state).toBe('fail');
});

test('without a namespace selector a Prometheus looks at its own namespace only', () => {
  expect(seen({ release: 'kube-prometheus-stack' }, { podMonitorNamespaceSelector: null }).state).toBe(
    'fail',
  );
});

test('a namespace selector is held against the labels of the namespace; without them it is unknown', () => {
  const spec = { podMonitorSelector: {}, podMonitorNamespaceSelector: { matchLabels: { team: 'grants' } } };
  expect(seen({}, spec).state).toBe('ok');
  const namespace = { name: 'scholar', labels: { reason: 'the right to get namespaces is missing' } };
  expect(seen({}, spec, { namespace }).state).toBe('unknown');
  const other = { podMonitorSelector: {}, podMonitorNamespaceSelector: { matchLabels: { team: 'other' } } };
  expect(seen({}, other).state).toBe('fail');
});

test('Prometheuses that may not be listed leave it unknown; no monitors need no Prometheus', () => {
  const prometheuses = { reason: 'the right to list prometheuses is missing' };
  expect(seen({}, {}, { prometheuses }).state).toBe('unknown');
  expect(seen({}, {}, { monitors: [], prometheuses }).state).toBe('ok');
  expect(seen({}, {}, { prometheuses: { value: [] } }).state).toBe('warn');
});

test.each([
  [{ key: 'env', operator: 'In', values: ['staging'] }, true],
  [{ key: 'env', operator: 'In', values: ['production'] }, false],
  [{ key: 'env', operator: 'NotIn', values: ['staging'] }, false],
  [{ key: 'absent', operator: 'NotIn', values: ['staging'] }, true],
  [{ key: 'env', operator: 'Exists' }, true],
  [{ key: 'absent', operator: 'Exists' }, false],
  [{ key: 'env', operator: 'DoesNotExist' }, false],
  [{ key: 'env', operator: 'Resembles', values: ['staging'] }, false],
])('the expression %j on env=staging: %s', (expression, expected) => {
  expect(selects({ matchExpressions: [expression] }, { env: 'staging' })).toBe(expected);
});
