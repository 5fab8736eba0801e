import type { EventType } from './catalogue.ts';

/**
 * Names that apps used before v3.5.1. A8 takes them for one release, counts them and answers with a `Deprecation`
 * header; `A8_LEGACY_ALIASES=refuse` ends it.
 */
export const LEGACY_ALIASES: Readonly<Record<string, EventType>> = {
  user_signed_up: 'NewUser',
  user_created: 'NewUser',
  user_registered: 'NewUser',
  lead_created: 'NewLead',
  lead_captured: 'NewLead',
  lead_submitted: 'NewLead',
  payment_succeeded: 'PaymentSuccess',
  payment_success: 'PaymentSuccess',
  payment_completed: 'PaymentSuccess',
  page_viewed: 'PageView',
  page_view: 'PageView',
  match_requested: 'ScholarshipMatchRequested',
  scholarship_match_requested: 'ScholarshipMatchRequested',
  match_completed: 'ScholarshipMatchResult',
  match_result: 'ScholarshipMatchResult',
  scholarship_match_result: 'ScholarshipMatchResult',
  sage_answered: 'SageAssist',
  sage_assist: 'SageAssist',
  provider_onboarded: 'ProviderOnboarded',
  provider_registered: 'ProviderOnboarded',
};

/** The event type that a legacy name stands for, or undefined when the name is not a legacy one. */
export function resolveAlias(name: unknown): { type: EventType; alias: string } | undefined {
  if (typeof name !== 'string' || !Object.hasOwn(LEGACY_ALIASES, name)) return undefined;
  const type = LEGACY_ALIASES[name];
  return type === undefined ? undefined : { type, alias: name };
}
