import type { ContractEvent } from '../events/catalogue.ts';
import { MAX_TEXT_CHARACTERS } from '../events/fields.ts';
import { jsonPointer } from '../json/pointer.ts';
import type { Violation } from '../problems/problem-document.ts';
import { hasCardNumber, isCardNumber } from './card-number.ts';
import { hasEmailAddress } from './email-address.ts';
import { plainText } from './plain-text.ts';
import { hasSocialSecurityNumber } from './social-security-number.ts';

/** No amount and no latency has thirteen digits; a card number that lost its quotes has. */
const SUSPICIOUS_NUMBER = 1e12;

/**
 * Looks at every string of an event that parsed, and at its numbers: card number, social security number, raw
 * e-mail address, text over 1,000 characters. Reports the first find by its place and kind, never by its value.
 */
export function findPii(event: ContractEvent): Violation | undefined {
  const outside =
    judgeText(event.actor_id, 'actor_id') ??
    (event.session_id === undefined ? undefined : judgeText(event.session_id, 'session_id')) ??
    judgeText(event.source, 'source');
  if (outside !== undefined) return outside;
  const payload: Readonly<Record<string, unknown>> = event.payload;
  for (const key in payload) {
    const value = payload[key];
    const found =
      typeof value === 'string'
        ? judgeText(value, 'payload', key)
        : typeof value === 'number'
          ? judgeNumber(value, 'payload', key)
          : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function judgeText(text: string, ...path: string[]): Violation | undefined {
  // A code point is at most two units long, so only text beyond the limit in units needs counting.
  if (text.length > MAX_TEXT_CHARACTERS && [...text].length > MAX_TEXT_CHARACTERS) {
    const got = `text of ${[...text].length} characters`;
    return violation(
      path,
      `at most ${MAX_TEXT_CHARACTERS} characters; a reference or a hash of longer text`,
      got,
    );
  }
  const plain = plainText(text);
  if (hasCardNumber(plain)) return violation(path, 'no card number', 'text with a card number');
  if (hasSocialSecurityNumber(plain)) {
    return violation(path, 'no social security number', 'text with a social security number');
  }
  if (hasEmailAddress(plain)) return violation(path, 'no e-mail address', 'text with an e-mail address');
  return undefined;
}

function judgeNumber(value: number, ...path: string[]): Violation | undefined {
  if (value < SUSPICIOUS_NUMBER || !isCardNumber(String(value))) return undefined;
  return violation(path, 'no card number', 'number that is a card number');
}

function violation(path: readonly string[], expected: string, got: string): Violation {
  return { code: 'pii_detected', pointer: jsonPointer(path), expected, got };
}
