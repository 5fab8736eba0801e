import { hash } from 'node:crypto';
import type { ContractEvent } from './events/catalogue.ts';
import { canonicalJson } from './json/canonical-json.ts';

/**
 * What "same content" means: 32 bytes SHA-256 over the RFC 8785 form of {label, body after alias mapping}.
 * Headers do not count, so a retry with another key or trace is still the same event.
 */
export function contentHash(label: string, event: ContractEvent): Buffer {
  return hash('sha256', canonicalJson({ body: event, label }), 'buffer');
}
