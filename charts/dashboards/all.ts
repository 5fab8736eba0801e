import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { a8Writes } from './a8-writes.ts';
import { bloodline } from './bloodline.ts';
import { forwarders } from './forwarders.ts';
import { kubernetes } from './kubernetes.ts';
import { operator } from './operator.ts';
import { revenue } from './revenue.ts';

/** Every dashboard, and the chart that brings it; its file is `charts/CHART/dashboards/NAME.json`. */
export const DASHBOARDS: readonly { chart: 'hub' | 'scholar'; name: string; make: () => Dashboard }[] = [
  { chart: 'scholar', name: 'bloodline', make: bloodline },
  { chart: 'hub', name: 'a8', make: a8Writes },
  { chart: 'scholar', name: 'forwarders', make: forwarders },
  { chart: 'scholar', name: 'revenue', make: revenue },
  { chart: 'scholar', name: 'operator', make: operator },
  { chart: 'scholar', name: 'kubernetes', make: kubernetes },
];
