import { type AppLabel, isAppLabel } from '@scholar/contract';
import type { Judged } from '../audit/judged.ts';
import type { ServedLabel } from '../audit/remedy.ts';
import type { Target } from '../target/target.ts';
import type { WantedTarget } from './wanted-target.ts';

/** The target with the apps that a TruthTable declares, and none besides; A8 and the sandbox belong to all. */
export function declaredOnly(target: Target, { labels, minimumRates }: WantedTarget): Target {
  const isOurs = (label: ServedLabel): boolean => !isAppLabel(label) || labels.includes(label);
  return {
    ...target,
    apps: target.apps.filter(({ label }) => isOurs(label)),
    gather: async () => {
      const snapshot = await target.gather();
      const apps = snapshot.apps
        .filter(({ label }) => isOurs(label))
        .map((app) => ({
          ...app,
          minimumEventsPerHour: Math.max(app.minimumEventsPerHour, rateOf(minimumRates, app.label)),
        }));
      return { ...snapshot, apps };
    },
    place: async (judged) => (await target.place(judged)).filter(({ label }) => isOurs(label)),
  };
}

function rateOf(rates: WantedTarget['minimumRates'], label: AppLabel): number {
  return rates[label] ?? 0;
}

/** The target of which only one app may be repaired: what is wrong with the others is left for another pass. */
export function repairOnly(target: Target, label: ServedLabel): Target {
  return {
    ...target,
    place: async (judged) => (await target.place(judged)).flatMap((found) => remediesOf(found, label)),
  };
}

function remediesOf(found: Judged, label: ServedLabel): Judged[] {
  const remedies = found.remedies.filter((remedy) => remedy.label === label);
  return remedies.length === 0 ? [] : [{ ...found, remedies }];
}
