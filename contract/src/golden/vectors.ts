/**
 * The golden vectors: what the forwarder's intake and A8 must both answer, as data (contract/golden). For tests only;
 * this is the one place of the contract that reads files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { ENVIRONMENTS, type Environment } from '../apps.ts';
import { PROBLEM_CODES, type ProblemCode } from '../problems/catalogue.ts';

export {
  type ConformanceCase,
  type ConformanceOptions,
  conformanceCases,
  expectAnswer,
} from './conformance.ts';

const policySchema = z.strictObject({
  environment: z.enum(ENVIRONMENTS).optional(),
  legacyAliases: z.enum(['accept', 'refuse']).optional(),
});

const requestSchema = z.strictObject({
  method: z.string().default('POST'),
  path: z.string().default('/events'),
  /** `{{key}}` stands for a valid key, `{{other_label}}` for the label of an app that is not the forwarder's. */
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  /** Exactly one of three: a JSON value, the exact text, or the exact bytes. */
  body: z.json().optional(),
  body_text: z.string().optional(),
  body_base64: z.string().optional(),
  /** Spaces are added behind the body up to this many bytes. */
  pad_body_to: z.int().optional(),
});

const vectorSchema = z.strictObject({
  name: z.string(),
  about: z.string(),
  sides: z.enum(['both', 'hub', 'forwarder']),
  /** What the side must be configured to; staging that accepts legacy names when left out. */
  policy: policySchema.optional(),
  /** The vector that must have been sent before. */
  after: z.string().optional(),
  request: requestSchema,
  expected: z.strictObject({
    /** What A8 answers; a forwarder answers 202 to what it takes. */
    status: z.int(),
    code: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]).optional(),
    pointer: z.string().optional(),
    event_type: z.string().optional(),
    simulated: z.boolean().optional(),
    alias: z.string().optional(),
    same_content_as: z.string().optional(),
  }),
});

export type Vector = z.infer<typeof vectorSchema> & { valid: boolean };
export type VectorPolicy = { environment?: Environment; legacyAliases?: 'accept' | 'refuse' };

/** All vectors, the valid ones first, in the order of their names. Throws when a file breaks the format above. */
export function loadVectors(): Vector[] {
  return [...loadFolder('valid'), ...loadFolder('invalid')];
}

function loadFolder(folder: 'valid' | 'invalid'): Vector[] {
  const directory = new URL(`../../golden/${folder}/`, import.meta.url);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const vector = vectorSchema.parse(JSON.parse(readFileSync(new URL(file, directory), 'utf8')));
      if (`${vector.name}.json` !== file)
        throw new Error(`golden/${folder}/${file}: the name must be that of the file`);
      return { ...vector, valid: folder === 'valid' };
    });
}

/** The bytes of a vector's body. */
export function vectorBody({ request }: Vector): Buffer {
  const body = bytes(request);
  const missing = (request.pad_body_to ?? 0) - body.length;
  return missing > 0 ? Buffer.concat([body, Buffer.alloc(missing, ' ')]) : body;
}

function bytes(request: Vector['request']): Buffer {
  if (request.body_base64 !== undefined) return Buffer.from(request.body_base64, 'base64');
  return Buffer.from(request.body_text ?? JSON.stringify(request.body));
}
