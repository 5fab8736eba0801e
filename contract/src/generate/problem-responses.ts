import { PROBLEMS, type ProblemCode } from '../problems/catalogue.ts';
import { MORE_PROBLEMS, type MoreProblemCode } from '../problems/more-problems.ts';
import { PROBLEM_MEDIA_TYPE } from '../problems/problem-document.ts';
import type { JsonSchema } from './json-schemas.ts';

export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

type Code = ProblemCode | MoreProblemCode;

/** Each status once, with all codes that are answered under it. */
export function problemResponses(codes: readonly Code[]): JsonSchema {
  const all = { ...PROBLEMS, ...MORE_PROBLEMS };
  const byStatus = new Map<number, Code[]>();
  for (const code of codes) {
    const { status } = all[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const statuses = [...byStatus.entries()].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    statuses.map(([status, codesOf]) => [
      String(status),
      {
        description: codesOf.map((code) => `\`${code}\`: ${all[code].title}.`).join(' '),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: ref('Problem') } },
      },
    ]),
  );
}

export function jsonResponse(description: string, schema: JsonSchema): JsonSchema {
  return { description, content: { 'application/json': { schema } } };
}
