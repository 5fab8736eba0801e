import { base64url, hex, hmac } from './hmac.ts';

/** A canary of a run, as contract/src/canary makes one; scripts of k6 import no package. */
export interface Canary {
  id: string;
  token: string;
}

export async function mint(key: string, id: string, notAfterMs: number): Promise<Canary> {
  const mac = await hmac(key, `scholar canary v1\n${id}\n${notAfterMs}`);
  return { id, token: `${id}.${notAfterMs}.${base64url(mac)}` };
}

/** Id of the event that a canary causes in an app. */
export async function eventIdOfCanary(
  key: string,
  id: string,
  of: { label: string; type: string },
): Promise<string> {
  const bytes = (await hmac(key, `scholar canary event v1\n${id}\n${of.label}\n${of.type}`)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = hex(bytes);
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ];
  return parts.join('-');
}

/** Every iteration of a run has a canary of its own. */
export const canaryIdOf = (run: string, iteration: number): string => `load-${run}-${iteration}`;
