import { commonPayload, eventBody } from './envelope.ts';

/** A6: a provider finished onboarding. */
export const providerOnboarded = eventBody('ProviderOnboarded', commonPayload);
