import { z } from 'zod';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from './catalogue.ts';

/** The media type of every refusal (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A refusal on the wire. Extra keys are allowed, so that a newer answerer may say more. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]),
  detail: z.string().optional(),
  event_id: z.string().optional(),
  pointer: z.string().optional(),
  expected: z.string().optional(),
  got: z.string().optional(),
  request_id: z.string().optional(),
});

export type ProblemDocument = z.infer<typeof problemSchema>;

/** What is wrong with one event: where (RFC 6901), what was expected, and the type or length of what came. */
export type Violation = { code: ProblemCode; pointer: string; expected: string; got: string };

export type ProblemFields = {
  eventId?: string | undefined;
  pointer?: string | undefined;
  expected?: string | undefined;
  /** A type or a length, never a value. */
  got?: string | undefined;
  /** Without it the advice of the catalogue is given. */
  detail?: string | undefined;
  requestId?: string | undefined;
};

/** The problem document of a code; its `detail` says what to do. */
export function problemDocument(code: ProblemCode, fields: ProblemFields = {}): ProblemDocument {
  const { status, title, advice } = PROBLEMS[code];
  const document: ProblemDocument = {
    type: `urn:scholar:problem:${code}`,
    title,
    status,
    code,
    detail: fields.detail ?? advice,
  };
  if (fields.eventId !== undefined) document.event_id = fields.eventId;
  if (fields.pointer !== undefined) document.pointer = fields.pointer;
  if (fields.expected !== undefined) document.expected = fields.expected;
  if (fields.got !== undefined) document.got = fields.got;
  if (fields.requestId !== undefined) document.request_id = fields.requestId;
  return document;
}

/** The problem document when it is one of our catalogue, with the status that the catalogue gives to its code. */
export function parseProblem(value: unknown): ProblemDocument | undefined {
  const parsed = problemSchema.safeParse(value);
  return parsed.success && PROBLEMS[parsed.data.code].status === parsed.data.status ? parsed.data : undefined;
}
