import { declaredOnly, repairOnly } from './narrowed-target.ts';
import { drift, NOW, specOf } from './testing/facts.ts';
import { oneSystem } from './testing/one-system.ts';
import { wantedTarget } from './wanted-target.ts';

const target = await oneSystem(NOW).open();
const a1 = drift('scholar_auth');
const a6 = drift('provider_register');

test('of a target that may repair one app, nothing of another is left to repair', async () => {
  const both = { ...a6, remedies: [...a6.remedies, ...a1.remedies] };
  expect(await repairOnly(target, 'scholar_auth').place([a1, a6, both])).toEqual([
    a1,
    { ...both, remedies: a1.remedies },
  ]);
});

test('what is not declared is not looked at, sent a canary or judged; A8 always is', async () => {
  const declared = declaredOnly(target, wantedTarget(specOf(['scholar_auth']), 'scholar'));
  expect(declared.apps.map(({ label }) => label)).toEqual(['scholar_auth']);
  expect((await declared.gather()).apps.map(({ label }) => label)).toEqual(['scholar_auth']);
  const hub = { ...a1, label: 'auto_com_center' as const };
  expect(await declared.place([a1, a6, hub])).toEqual([a1, hub]);
});

test('of two minimum rates the higher one holds', async () => {
  const { gather } = target;
  const spec = specOf(['scholar_auth', 'provider_register']);
  const [first, second] = spec.apps;
  Object.assign(first ?? {}, { minimumEventsPerHour: 5 });
  Object.assign(second ?? {}, { minimumEventsPerHour: 20 });
  const annotated = {
    ...target,
    gather: async () => {
      const snapshot = await gather();
      return { ...snapshot, apps: snapshot.apps.map((app) => ({ ...app, minimumEventsPerHour: 10 })) };
    },
  };
  const { apps } = await declaredOnly(annotated, wantedTarget(spec, 'scholar')).gather();
  const rates = Object.fromEntries(apps.map((app) => [app.label, app.minimumEventsPerHour]));
  expect(rates).toEqual({ scholar_auth: 10, provider_register: 20 });
});
