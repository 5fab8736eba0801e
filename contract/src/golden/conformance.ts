import { APP_LABELS, type AppLabel, isAppLabel } from '../apps.ts';
import { HEADER } from '../headers.ts';
import { normalizeEventId } from '../ids.ts';
import { PROBLEMS } from '../problems/catalogue.ts';
import { parseProblem } from '../problems/problem-document.ts';
import { parseReceipt, queuedReceiptSchema } from '../receipt.ts';
import { loadVectors, type Vector, type VectorPolicy, vectorBody } from './vectors.ts';

export type ConformanceCase = {
  name: string;
  side: 'forwarder' | 'hub';
  valid: boolean;
  policy: Required<VectorPolicy>;
  request: { method: string; path: string; headers: Record<string, string | string[]>; body: Buffer };
  expected: Vector['expected'];
};

export type ConformanceOptions = {
  /** A key that the hub takes for every label. */
  key?: string;
  /** The forwarder's own label; a hub is sent the labels of the vectors. */
  label?: AppLabel;
  /** How the tested side is configured: only vectors for that configuration are returned. */
  policy?: VectorPolicy;
};

const STANDARD = { environment: 'staging', legacyAliases: 'accept' } as const;

/**
 * The vectors that one side must answer, ready to be sent in this order (some need an earlier one). Without a policy
 * those for staging with legacy names accepted.
 */
export function conformanceCases(
  side: 'forwarder' | 'hub',
  options: ConformanceOptions = {},
): ConformanceCase[] {
  const policy: Required<VectorPolicy> = { ...STANDARD, ...options.policy };
  return loadVectors()
    .filter((vector) => vector.sides === 'both' || vector.sides === side)
    .map((vector) => toCase(vector, side, options))
    .filter(
      (one) =>
        one.policy.environment === policy.environment && one.policy.legacyAliases === policy.legacyAliases,
    );
}

function toCase(vector: Vector, side: 'forwarder' | 'hub', options: ConformanceOptions): ConformanceCase {
  const { method, path } = vector.request;
  return {
    name: vector.name,
    side,
    valid: vector.valid,
    policy: {
      environment: vector.policy?.environment ?? STANDARD.environment,
      legacyAliases: vector.policy?.legacyAliases ?? STANDARD.legacyAliases,
    },
    request: { method, path, headers: fillHeaders(vector, side, options), body: vectorBody(vector) },
    expected: vector.expected,
  };
}

function fillHeaders(
  vector: Vector,
  side: string,
  options: ConformanceOptions,
): Record<string, string | string[]> {
  const { key = '{{key}}', label = 'scholar_auth' } = options;
  const other = APP_LABELS.find((one) => one !== label) ?? label;
  const fill = (text: string): string => text.replace('{{key}}', key).replace('{{other_label}}', other);
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(vector.request.headers)) {
    headers[name] = Array.isArray(value) ? value.map(fill) : fill(value);
  }
  const own = vector.request.headers[HEADER.label];
  if (side === 'forwarder' && isAppLabel(own)) headers[HEADER.label] = label;
  return headers;
}

/** Throws with all that differs when an answer is not what the case asks for. `body` is text or already parsed. */
export function expectAnswer(one: ConformanceCase, answer: { status: number; body: unknown }): void {
  const body = typeof answer.body === 'string' ? parse(answer.body) : answer.body;
  const wrong = one.valid ? judgeTaken(one, answer.status, body) : judgeRefused(one, answer.status, body);
  if (wrong.length > 0) {
    throw new Error(
      `${one.side}, vector ${one.name}: ${wrong.join('; ')}. The answer was ${JSON.stringify(body)}`,
    );
  }
}

function judgeTaken(one: ConformanceCase, status: number, body: unknown): string[] {
  const wrong: string[] = [];
  const eventId = normalizeEventId(String(one.request.headers[HEADER.eventId]));
  if (one.side === 'forwarder') {
    if (status !== 202) wrong.push(`expected status 202, got ${status}`);
    const receipt = queuedReceiptSchema.safeParse(body);
    if (!receipt.success || receipt.data.event_id !== eventId)
      wrong.push(`expected a queued receipt for ${eventId}`);
    return wrong;
  }
  // The suite may run twice against one database; then the first of a pair is a duplicate as well.
  const statuses = one.expected.status === 201 ? [201, 200] : [one.expected.status];
  if (!statuses.includes(status)) wrong.push(`expected status ${statuses.join(' or ')}, got ${status}`);
  const receipt = parseReceipt(body, eventId);
  if (receipt === undefined) wrong.push(`expected a receipt with persisted:true for ${eventId}`);
  else if (receipt.event_id !== eventId) wrong.push('expected the event id in lower case');
  else if (receipt.duplicate !== (status === 200)) wrong.push('expected duplicate:true with status 200 only');
  return wrong;
}

function judgeRefused(one: ConformanceCase, status: number, body: unknown): string[] {
  const { expected } = one;
  const wrong: string[] = [];
  if (status !== expected.status) wrong.push(`expected status ${expected.status}, got ${status}`);
  const problem = parseProblem(body);
  if (problem === undefined) return [...wrong, `expected a problem document with code ${expected.code}`];
  if (problem.code !== expected.code) wrong.push(`expected code ${expected.code}, got ${problem.code}`);
  if (problem.pointer !== expected.pointer) {
    wrong.push(
      `expected pointer ${JSON.stringify(expected.pointer)}, got ${JSON.stringify(problem.pointer)}`,
    );
  }
  const scope = PROBLEMS[problem.code].scope;
  if (scope === 'event' && problem.code !== 'invalid_event_id' && problem.event_id === undefined) {
    const sent = one.request.headers[HEADER.eventId];
    if (typeof sent === 'string' && sent.length === 36) wrong.push('expected the event id in the problem');
  }
  return wrong;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
