import { DELIVERY_DRIFTS } from './delivery-drifts.ts';
import type { Drift } from './drift.ts';
import { GUARD_DRIFTS } from './guard-drifts.ts';
import { PLACEMENT_DRIFTS } from './placement-drifts.ts';
import { PROCESS_DRIFTS } from './process-drifts.ts';
import { SECRET_DRIFTS } from './secret-drifts.ts';
import { STRIPE_DRIFTS } from './stripe-drifts.ts';
import { TELEMETRY_DRIFTS } from './telemetry-drifts.ts';

/** By theme, in the order of the index. */
export const DRIFT_THEMES = {
  Processes: PROCESS_DRIFTS,
  'Secrets and keys': SECRET_DRIFTS,
  'The way of events': TELEMETRY_DRIFTS,
  'Delivery and rows': DELIVERY_DRIFTS,
  Stripe: STRIPE_DRIFTS,
  'Pods, images, releases': PLACEMENT_DRIFTS,
  'What A8 must refuse': GUARD_DRIFTS,
} as const satisfies Record<string, Record<string, Drift>>;

const ALL = {
  ...PROCESS_DRIFTS,
  ...SECRET_DRIFTS,
  ...TELEMETRY_DRIFTS,
  ...DELIVERY_DRIFTS,
  ...STRIPE_DRIFTS,
  ...PLACEMENT_DRIFTS,
  ...GUARD_DRIFTS,
};

/** Every code that a finding may have. One that is not documented here does not compile in a check. */
export type DriftCode = keyof typeof ALL;

export const DRIFTS: Readonly<Record<DriftCode, Drift>> = ALL;

/** @returns where the page of a code lies in the repository. */
export function driftPagePath(code: string): string {
  return `docs/drifts/${code}.md`;
}
