import { HUB_LABEL } from '@scholar/contract';
import type { Check, Judged } from '../judged.ts';
import type { ServedLabel } from '../remedy.ts';
import type { ServiceView } from '../snapshot.ts';

/** Make sure that the Service of an app, and of A8, leads to its own pods, and to no others. */
export const serviceReaches: Check = ({ apps, hub }) =>
  [...apps, { label: HUB_LABEL, service: hub.service } as const].flatMap((served) => [
    ...others(served),
    ...nothing(served),
  ]);

interface Served {
  label: ServedLabel;
  service: ServiceView | undefined;
}

function others({ label, service }: Served): Judged[] {
  if (service === undefined || service.strangers.length === 0) return [];
  const summary = `The Service ${service.name} leads to ${service.strangers.length} pods that are not of ${label}: who calls it may meet another program.`;
  const evidence = [
    `selected: ${service.selected.join(', ')}`,
    `not of ${label}: ${service.strangers.join(', ')}`,
  ];
  const advice = `compare the selector of the Service with the labels of these pods: kubectl get service ${service.name} -o jsonpath={.spec.selector}; then install the chart anew`;
  return [
    { code: 'service_reaches_other', label, severity: 'critical', summary, evidence, remedies: [], advice },
  ];
}

function nothing({ label, service }: Served): Judged[] {
  if (service === undefined || service.selected.length > 0 || service.readyPods.length === 0) return [];
  const summary = `The Service ${service.name} selects no pod, though ${label} has ready ones: nobody can reach it by its name.`;
  const evidence = [`ready pods of ${label}: ${service.readyPods.join(', ')}`];
  const advice = `compare the selector of the Service with the labels of these pods: kubectl get service ${service.name} -o jsonpath={.spec.selector}; then install the chart anew`;
  return [
    { code: 'service_reaches_nothing', label, severity: 'critical', summary, evidence, remedies: [], advice },
  ];
}
