import type { z } from 'zod';
import { APP_LABELS, PROTOCOL } from '../apps.ts';
import { hubConservationSchema, hubForwardersSchema, hubIdsSchema } from '../conservation.ts';
import { EVENT_SCHEMAS, EVENT_TYPES } from '../events/catalogue.ts';
import { HEADER } from '../headers.ts';
import { heartbeatSchema } from '../operations/heartbeat.ts';
import { repairRecordSchema } from '../operations/repair-record.ts';
import { truthTableSchema } from '../operations/truth-table.ts';
import { PROBLEM_CODES, type ProblemCode } from '../problems/catalogue.ts';
import { MORE_PROBLEM_CODES } from '../problems/more-problems.ts';
import { problemSchema } from '../problems/problem-document.ts';
import { receiptSchema } from '../receipt.ts';
import { type JsonSchema, toJsonSchema } from './json-schemas.ts';
import { operationsPaths } from './operations-paths.ts';
import { problemResponses, ref } from './problem-responses.ts';
import { readPaths, SECURITY } from './read-paths.ts';
import { readSchemas } from './read-schemas.ts';

function component(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = toJsonSchema(schema);
  return rest;
}

function header(name: string, required: boolean, schema: JsonSchema): JsonSchema {
  return { name, in: 'header', required, schema };
}

function receiptResponse(description: string): JsonSchema {
  return { description, content: { 'application/json': { schema: ref('Receipt') } } };
}

/** What only a forwarder answers, and the legacy route, are no answers of POST /events on A8. */
const NOT_OF_THE_HUB: ReadonlySet<ProblemCode> = new Set([
  'label_mismatch',
  'outbox_full',
  'legacy_endpoint',
]);

function eventsPath(): JsonSchema {
  const codes = PROBLEM_CODES.filter((code) => !NOT_OF_THE_HUB.has(code));
  return {
    post: {
      operationId: 'storeEvent',
      tags: ['events'],
      summary: 'Store one event; the receipt is given after COMMIT',
      parameters: [
        header(HEADER.protocol, true, { const: PROTOCOL }),
        header(HEADER.label, true, { enum: [...APP_LABELS] }),
        header(HEADER.eventId, true, {
          type: 'string',
          format: 'uuid',
          description: 'uuid-v4, the same on every retry',
        }),
        header(HEADER.canary, false, { type: 'string' }),
        header(HEADER.forwarder, false, { type: 'string' }),
        header(HEADER.traceparent, false, { type: 'string' }),
      ],
      requestBody: { required: true, content: { 'application/json': { schema: ref('Event') } } },
      responses: {
        '200': receiptResponse('This id and content were stored before; `duplicate` is true.'),
        '201': receiptResponse('The event is a committed row.'),
        ...problemResponses(codes),
      },
    },
  };
}

function legacyPath(): JsonSchema {
  const summary = 'Closed; it answers every method so';
  return {
    post: {
      operationId: 'legacyIngest',
      summary,
      tags: ['events'],
      security: SECURITY.none,
      deprecated: true,
      responses: problemResponses(['legacy_endpoint']),
    },
  };
}

/** Routes that take no events answer some codes more. */
function problemComponent(): JsonSchema {
  const { properties, ...rest } = component(problemSchema);
  const code = { enum: [...PROBLEM_CODES, ...MORE_PROBLEM_CODES] };
  return { ...rest, properties: { ...(properties as object), code } };
}

function eventComponent(): JsonSchema {
  const mapping = Object.fromEntries(EVENT_TYPES.map((type) => [type, `#/components/schemas/${type}`]));
  return { oneOf: EVENT_TYPES.map(ref), discriminator: { propertyName: 'event_type', mapping } };
}

/** A path that is both written to and read has one entry. */
function apiPaths(): JsonSchema {
  const paths: Record<string, JsonSchema> = { ...eventsPaths(), ...operationsPaths() };
  for (const [path, operations] of Object.entries({ ...readPaths(), ...pagePaths() })) {
    paths[path] = { ...paths[path], ...operations };
  }
  return paths;
}

function eventsPaths(): Record<string, JsonSchema> {
  return { '/events': eventsPath(), '/ingest': legacyPath() };
}

/** What says what A8 is, for everybody. */
function pagePaths(): Record<string, JsonSchema> {
  const page = (operationId: string, summary: string, type: string): JsonSchema => ({
    get: {
      ...{ operationId, summary, tags: ['about'], security: SECURITY.none },
      responses: { '200': { description: 'As it is now.', content: { [type]: {} } } },
    },
  });
  return {
    '/api': page('readApi', 'This document as a page', 'text/html'),
    '/openapi.json': page('getApi', 'This document', 'application/json'),
  };
}

/** The public API of A8 as OpenAPI 3.1: the contract, what may be read, and what the operator reports, asks and orders. */
export function openapiDocument(): JsonSchema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'A8, source of truth',
      version: PROTOCOL.slice(1),
      summary:
        'How the apps A1 to A7 hand their events to A8, how they are read, and what the operator may order.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '{A8_URL}', variables: { A8_URL: { default: 'http://127.0.0.1:4108' } } }],
    security: [{ key: [] }],
    paths: apiPaths(),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A8_KEY: a key of the role emit' },
        read: { type: 'http', scheme: 'bearer', description: 'A8_READ_KEY: a key of the role read' },
        operations: {
          type: 'http',
          scheme: 'bearer',
          description: 'A8_OPERATIONS_KEY: a key of the role operations',
        },
      },
      schemas: {
        Event: eventComponent(),
        ...Object.fromEntries(EVENT_TYPES.map((type) => [type, component(EVENT_SCHEMAS[type])])),
        Receipt: component(receiptSchema),
        Problem: problemComponent(),
        TruthTable: component(truthTableSchema),
        RepairRecord: component(repairRecordSchema),
        Heartbeat: component(heartbeatSchema),
        HubConservation: component(hubConservationSchema),
        HubForwarders: component(hubForwardersSchema),
        HubIds: component(hubIdsSchema),
        ...readSchemas(),
      },
    },
  };
}
