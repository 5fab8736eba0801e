import { isCanary } from '../canary.ts';
import type { RegisterDeps } from '../deps.ts';
import type { ProviderInput } from './provider.ts';
import { insertProvider } from './provider-store.ts';

/**
 * Registers a provider: the row and its ProviderOnboarded are one transaction. The same id again changes nothing, so a
 * form that is sent twice makes one provider and one event.
 * @param source the route, never anything that the provider typed.
 */
export async function onboard(
  deps: RegisterDeps,
  input: ProviderInput,
  facts: {
    id: string;
    source: string;
    canaryToken: string | undefined;
    userId?: string | undefined;
    claimSha256?: Buffer;
  },
): Promise<void> {
  const { id, source, canaryToken, userId, claimSha256 } = facts;
  const simulated = isCanary(deps, canaryToken);
  await deps.withTransaction(async (tx) => {
    if (!(await insertProvider(tx, input, { id, simulated, userId, claimSha256 }))) return;
    await deps.record(tx, {
      eventType: 'ProviderOnboarded',
      actorId: id,
      source,
      payload: { provider_id: id },
      canaryToken,
    });
  });
}
