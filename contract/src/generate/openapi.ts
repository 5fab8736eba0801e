import type { z } from 'zod';
import { APP_LABELS, PROTOCOL } from '../apps.ts';
import { EVENT_SCHEMAS, EVENT_TYPES } from '../events/catalogue.ts';
import { HEADER } from '../headers.ts';
import { heartbeatSchema } from '../operations/heartbeat.ts';
import { repairRecordSchema } from '../operations/repair-record.ts';
import { truthTableSchema } from '../operations/truth-table.ts';
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '../problems/catalogue.ts';
import { PROBLEM_MEDIA_TYPE, problemSchema } from '../problems/problem-document.ts';
import { receiptSchema } from '../receipt.ts';
import { type JsonSchema, toJsonSchema } from './json-schemas.ts';

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

function component(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = toJsonSchema(schema);
  return rest;
}

function header(name: string, required: boolean, schema: JsonSchema): JsonSchema {
  return { name, in: 'header', required, schema };
}

/** Each status once, with all codes that are answered under it. */
function problemResponses(codes: readonly ProblemCode[]): JsonSchema {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const statuses = [...byStatus.entries()].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    statuses.map(([status, all]) => [
      String(status),
      {
        description: all.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: { [PROBLEM_MEDIA_TYPE]: { schema: ref('Problem') } },
      },
    ]),
  );
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
      deprecated: true,
      responses: problemResponses(['legacy_endpoint']),
    },
  };
}

function operationsPath(operationId: string, summary: string, schema: string): JsonSchema {
  return {
    post: {
      operationId,
      summary,
      requestBody: { required: true, content: { 'application/json': { schema: ref(schema) } } },
      responses: {
        '201': { description: 'Stored.' },
        ...problemResponses([
          'malformed_json',
          'invalid_body',
          'unauthorized',
          'forbidden',
          'body_too_large',
          'unsupported_media_type',
          'contract_violation',
          'internal',
          'unavailable',
        ]),
      },
    },
  };
}

function eventComponent(): JsonSchema {
  const mapping = Object.fromEntries(EVENT_TYPES.map((type) => [type, `#/components/schemas/${type}`]));
  return { oneOf: EVENT_TYPES.map(ref), discriminator: { propertyName: 'event_type', mapping } };
}

/** The contract of A8 as OpenAPI 3.1. Its read API is not part of the contract. */
export function openapiDocument(): JsonSchema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Scholar telemetry contract',
      version: PROTOCOL.slice(1),
      summary: 'How the apps A1 to A7 hand their events to A8.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '{A8_URL}', variables: { A8_URL: { default: 'http://127.0.0.1:4108' } } }],
    security: [{ key: [] }],
    paths: {
      '/events': eventsPath(),
      '/ingest': legacyPath(),
      '/operations/verdicts': operationsPath('storeVerdict', 'Store a truth table', 'TruthTable'),
      '/operations/repairs': operationsPath(
        'storeRepair',
        'Store what was repaired, and the proof',
        'RepairRecord',
      ),
      '/operations/heartbeats': operationsPath('storeHeartbeat', 'Tell that somebody verifies', 'Heartbeat'),
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A8_KEY' } },
      schemas: {
        Event: eventComponent(),
        ...Object.fromEntries(EVENT_TYPES.map((type) => [type, component(EVENT_SCHEMAS[type])])),
        Receipt: component(receiptSchema),
        Problem: component(problemSchema),
        TruthTable: component(truthTableSchema),
        RepairRecord: component(repairRecordSchema),
        Heartbeat: component(heartbeatSchema),
      },
    },
  };
}
