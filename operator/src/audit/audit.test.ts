import { isDrift, judge } from './audit.ts';
import { appOf, healthySnapshot, told } from './testing/healthy-snapshot.ts';

test('the worst comes first, and the order does not depend on the order of the checks', () => {
  const snapshot = healthySnapshot();
  told(appOf(snapshot, 'student_pilot').running).settings['LOG_LEVEL'] = {
    set: true,
    source: 'env',
    value: 'trace',
  };
  Object.assign(appOf(snapshot, 'scholar_auth').forwarder.status ?? {}, { oldestAgeSeconds: 100 });
  appOf(snapshot, 'auto_page_maker').health.status = 500;
  expect(judge(snapshot).map(({ severity }) => severity)).toEqual(['critical', 'major', 'minor']);
});

test('information alone is no drift', () => {
  const snapshot = healthySnapshot();
  if (snapshot.stripe !== undefined) snapshot.stripe.real = true;
  expect(judge(snapshot).some(isDrift)).toBe(false);
});
