import { canonicalJson, resolveAlias } from '@scholar/contract';
import { isErased } from './actor-eraser.ts';

/**
 * Do two bodies under one id mean the same event? By the contract's measure (content hash): the RFC 8785 form of the
 * body under its v3.5.1 name. Order of keys, white space and a legacy name make no difference.
 */
export function sameEvent(stored: Buffer, offered: Buffer): boolean {
  if (stored.equals(offered) || isErased(stored)) return true;
  return canonicalBody(stored) === canonicalBody(offered);
}

function canonicalBody(body: Buffer): string {
  const event = JSON.parse(body.toString('utf8'));
  const alias = resolveAlias(event.event_type);
  return canonicalJson(alias ? { ...event, event_type: alias.type } : event);
}
