/** The end of an address that only canaries have. RFC 2606: .invalid belongs to nobody, so no canary reaches a person. */
export const CANARY_DOMAIN = '@canary.invalid';

/** The e-mail address that a canary signs up with. */
export function canaryAddress(canaryId: string): string {
  return `canary+${canaryId}${CANARY_DOMAIN}`;
}

export function isCanaryAddress(email: string): boolean {
  return email.endsWith(CANARY_DOMAIN);
}
