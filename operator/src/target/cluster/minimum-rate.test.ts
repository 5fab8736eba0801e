import type { Workload } from './installed.ts';
import { minimumRate } from './minimum-rate.ts';

const NAME = 'scholar.dev/minimum-events-per-hour';

function declared(own: string | undefined, template: string | undefined): Workload {
  return {
    kind: 'StatefulSet',
    name: 'scholar-auth',
    replicas: 1,
    selector: {},
    template: { metadata: { annotations: template === undefined ? {} : { [NAME]: template } } },
    annotations: own === undefined ? {} : { [NAME]: own },
    trouble: undefined,
  };
}

test.each([
  [undefined, undefined, 0],
  [undefined, '12', 12],
  ['5', '12', 5],
  ['many', undefined, 0],
  ['-1', undefined, 0],
])('declared on the workload %p and on its template %p it is %d', (own, template, rate) => {
  expect(minimumRate(declared(own, template))).toBe(rate);
});

test('what is not installed declares nothing', () => {
  expect(minimumRate(undefined)).toBe(0);
});
