import { isDrift, judge } from './audit.ts';
import type { Snapshot } from './snapshot.ts';
import { appOf, fingerprint, healthyCluster, healthySnapshot, told } from './testing/healthy-snapshot.ts';

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

test('Ready pods that do not serve are named with the ghost ship', () => {
  const snapshot = healthyCluster();
  appOf(snapshot, 'provider_register').health.status = 404;
  expect(judge(snapshot)[0]?.evidence).toContain('Kubernetes calls these pods Ready: provider-register-0');
});

describe('a key that the running forwarder has wrong', () => {
  const remedies = (snapshot: Snapshot, pod: string | null) => {
    const { forwarder } = appOf(snapshot, 'scholar_auth');
    forwarder.givenKey = pod;
    const wrong = { set: true, source: 'file', fingerprint: fingerprint('wrong') };
    told(forwarder.running).settings['A8_KEY'] = wrong;
    return judge(snapshot).flatMap((each) => each.remedies.map(({ kind }) => kind));
  };

  test('is written anew on a machine, unless its file is right and only the process is old', () => {
    expect(remedies(healthySnapshot(), fingerprint('wrong'))).toEqual(['reset_setting']);
    expect(remedies(healthySnapshot(), null)).toEqual(['reset_setting']);
    expect(remedies(healthySnapshot(), fingerprint('scholar_auth'))).toEqual(['restart']);
  });

  test('comes with a new pod in a cluster, where nobody writes over a Secret', () => {
    expect(remedies(healthyCluster(), fingerprint('wrong'))).toEqual(['restart']);
    expect(remedies(healthyCluster(), fingerprint('scholar_auth'))).toEqual(['restart']);
  });
});
