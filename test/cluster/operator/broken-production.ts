import { kubectl } from '../../harness/kubectl.ts';
import { untilGone } from '../harness/pods.ts';
import type { Faults } from '../repair/faults.ts';

/** Which app has which finding in the brief's production, as this file breaks it. */
export const BROKEN: readonly (readonly [app: string, finding: string])[] = [
  ['scholar_auth', 'console_only_telemetry'],
  ['auto_page_maker', 'console_only_telemetry'],
  ['scholarship_api', 'stripe_secret_key_missing'],
  ['provider_register', 'app_crashing'],
];

/**
 * The brief's production: A6 crashes, A2 has no Stripe secret, A1 and A7 count their events and send none. It is broken while
 * the operator is away, so that the operator finds all of it at once when it comes back.
 * @param replicas how many of the operator come back.
 */
export async function breakProduction(
  namespace: string,
  { faults, replicas }: { faults: Faults; replicas: number },
): Promise<void> {
  await scaleOperator(namespace, 0);
  await untilGone(namespace, 'scholar-operator');
  const silent = ['scholar-auth', 'auto-page-maker'];
  for (const object of silent) await faults.setting(object, 'EMIT_MODE', 'console');
  await kubectl('delete', 'secret', 'scholarship-api-stripe', '-n', namespace);
  await faults.setting('provider-register', 'PORT', 'banana');
  await Promise.all([
    faults.crashes('provider-register'),
    ...[...silent, 'scholarship-api'].map(faults.restart),
  ]);
  await scaleOperator(namespace, replicas);
}

async function scaleOperator(namespace: string, replicas: number): Promise<void> {
  await kubectl('scale', 'deployment/scholar-operator', '-n', namespace, `--replicas=${replicas}`);
}
