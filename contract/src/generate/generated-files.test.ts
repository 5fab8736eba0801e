import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { resolveAlias } from '../events/aliases.ts';
import { EVENT_TYPES, isEventType } from '../events/catalogue.ts';
import { loadVectors, type Vector, vectorBody } from '../golden/index.ts';
import { PROBLEM_CODES } from '../problems/catalogue.ts';
import { problemDocument } from '../problems/problem-document.ts';
import { GENERATED_FOLDERS, generatedFiles } from './generated-files.ts';
import { jsonSchemas, kebabCase } from './json-schemas.ts';
import { openapiDocument } from './openapi.ts';

const root = new URL('../../../', import.meta.url);
const ajv = new Ajv2020({ strict: true, strictRequired: false });
addFormats.default(ajv);
const validators = new Map<string, ValidateFunction>();
for (const [name, schema] of jsonSchemas()) validators.set(name, ajv.compile(schema));

function accepts(file: string, value: unknown): boolean {
  const validate = validators.get(file);
  if (validate === undefined) throw new Error(`no schema ${file}`);
  return validate(value) === true;
}

/** The event of a vector as the schema should see it: under its v3.5.1 name. */
function eventOf(vector: Vector): Record<string, unknown> {
  const event = JSON.parse(vectorBody(vector).toString('utf8'));
  const alias = resolveAlias(event.event_type);
  return alias === undefined ? event : { ...event, event_type: alias.type };
}

function schemaAccepts(event: Record<string, unknown>): boolean {
  const type = event['event_type'];
  return isEventType(type) && accepts(`${kebabCase(type)}.json`, event);
}

describe('generated files', () => {
  const files = generatedFiles();

  test('are what npm run generate writes now; run it and commit the result', () => {
    for (const [path, content] of files) {
      expect({ path, content: readFileSync(new URL(path, root), 'utf8') }).toEqual({ path, content });
    }
  });

  test('are the only files of their folders', () => {
    for (const folder of GENERATED_FOLDERS) {
      const found = readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`);
      expect(found.sort()).toEqual([...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort());
    }
  });

  test('are the same bytes when they are made again', () => {
    expect([...generatedFiles()]).toEqual([...files]);
  });

  test('hold a schema per event type and a page per problem', () => {
    for (const type of EVENT_TYPES) expect(files.has(`contract/schema/${kebabCase(type)}.json`)).toBe(true);
    for (const code of PROBLEM_CODES) expect(files.get(`docs/errors/${code}.md`)).toContain(`# ${code}\n`);
  });
});

describe('JSON Schema against the golden vectors', () => {
  const vectors = loadVectors();
  const valid = vectors.filter((one) => one.valid).map((one) => [one.name, one] as const);
  const invalid = vectors
    .filter((one) => one.expected.code === 'contract_violation')
    .map((one) => [one.name, one] as const);

  test.each(valid)('%s passes the schema of its type and the envelope', (_, vector) => {
    expect(schemaAccepts(eventOf(vector))).toBe(true);
    expect(accepts('envelope.json', eventOf(vector))).toBe(true);
  });

  test.each(invalid)('%s fails', (_, vector) => {
    expect(schemaAccepts(eventOf(vector))).toBe(false);
  });
});

describe('receipts and problems', () => {
  const event_id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

  test('what A8 and the forwarder answer passes its schema', () => {
    const queued = { accepted: true, persisted: false, queued: true, event_id };
    expect(accepts('queued-receipt.json', queued)).toBe(true);
    expect(accepts('receipt.json', queued)).toBe(false);
    const rest = { received_at: '2026-01-31T12:00:00.000Z', duplicate: false, request_id: 'r' };
    expect(accepts('receipt.json', { accepted: true, persisted: true, event_id, ...rest })).toBe(true);
  });

  test.each(PROBLEM_CODES)('the problem %s passes its schema', (code) => {
    expect(accepts('problem.json', problemDocument(code, { eventId: event_id }))).toBe(true);
  });
});

describe('openapi.json', () => {
  const text = JSON.stringify(openapiDocument());
  const document = JSON.parse(text);

  test('refers to nothing that it does not hold', () => {
    const names = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set([...names, ...Object.keys(document.components.schemas)]));
    for (const name of names) expect(document.components.schemas).toHaveProperty(name ?? '');
  });

  test('has components that are JSON Schemas of 2020-12', () => {
    // The document around them is OpenAPI, whose words a strict reader of JSON Schema does not know.
    const reader = new Ajv2020({ strict: false });
    addFormats.default(reader);
    reader.addSchema(document, 'api');
    for (const [name, schema] of Object.entries<object>(document.components.schemas)) {
      expect(() => reader.compile({ $ref: `api#/components/schemas/${name}` })).not.toThrow();
      if (!JSON.stringify(schema).includes('$ref')) expect(() => ajv.compile(schema)).not.toThrow();
    }
  });

  test('names every problem that A8 answers on POST /events', () => {
    const responses = JSON.stringify(document.paths['/events'].post.responses);
    const missing = PROBLEM_CODES.filter((code) => !responses.includes(`\`${code}\``));
    expect(missing).toEqual(['label_mismatch', 'legacy_endpoint', 'outbox_full']);
  });
});
