import { APP_LABELS } from '../apps.ts';
import { EVENT_TYPES } from '../events/catalogue.ts';
import { PROBLEM_CODES } from '../problems/catalogue.ts';
import type { JsonSchema } from './json-schemas.ts';
import { jsonResponse, problemResponses, ref } from './problem-responses.ts';

export const query = (name: string, schema: JsonSchema, description: string): JsonSchema => ({
  name,
  in: 'query',
  required: false,
  schema,
  description,
});

/** What every route answers that takes a key and no event. */
export const REFUSALS = [
  'bad_request',
  'unauthorized',
  'forbidden',
  'validation_failed',
  'internal',
  'unavailable',
] as const;
export const SECURITY = { read: [{ read: [] }], operations: [{ operations: [] }], none: [] } as const;

const app = query('app', { enum: [...APP_LABELS] }, 'Of one app only.');
const type = query('type', { enum: [...EVENT_TYPES] }, 'Of one event type only.');
const code = query('code', { enum: [...PROBLEM_CODES] }, 'Refused with this code only.');
const since = query('since', { type: 'string', format: 'date-time' }, 'Received at this time or later.');
const simulated = query(
  'simulated',
  { enum: ['exclude', 'include', 'only', 'true', 'false'], default: 'exclude' },
  'Simulated events are left out unless asked for; `true` is `include`, `false` is `exclude`.',
);
const eventCursor = query(
  'cursor',
  { type: 'string', pattern: '^\\d{1,19}-\\d{1,19}$' },
  'Goes on where an earlier answer ended: its `next_cursor` for the next page, its `position` for what comes later.',
);
export const idCursor = query(
  'cursor',
  { type: 'string', pattern: '^\\d{1,18}$' },
  'Goes on where an earlier answer ended: its `next_cursor`.',
);
export const limit = query(
  'limit',
  { type: 'integer', minimum: 1, maximum: 500, default: 100 },
  'So many at most.',
);
const order = query('order', { enum: ['asc', 'desc'], default: 'asc' }, 'Oldest or newest first.');
const target = query(
  'target',
  { type: 'string', minLength: 1, maxLength: 200 },
  'Of one target; of any without it.',
);
const lastEventId = { name: 'last-event-id', in: 'header', required: false, schema: { type: 'string' } };

export const eventIdInPath: JsonSchema = {
  ...{ name: 'id', in: 'path', required: true },
  schema: { type: 'string', format: 'uuid' },
};

type Read = {
  operationId: string;
  summary: string;
  parameters?: readonly JsonSchema[];
  answer: JsonSchema;
  also?: readonly ('not_found' | 'unavailable')[];
};

function read({ operationId, summary, parameters = [], answer, also = [] }: Read): JsonSchema {
  return {
    get: {
      ...{ operationId, summary, tags: ['read'], security: SECURITY.read, parameters },
      responses: { '200': answer, ...problemResponses([...REFUSALS, ...also]) },
    },
  };
}

const eventStream = (of: string): JsonSchema => ({
  description: `Server-sent events: each \`data\` is one ${of}, each \`id\` a cursor; a comment now and then shows life.`,
  content: { 'text/event-stream': { schema: { type: 'string' } } },
});

const within = query(
  'within',
  { enum: ['1h', '6h', '24h', '7d'], default: '24h' },
  'Received within this time.',
);
const format = query('format', { enum: ['csv', 'json'], default: 'csv' }, 'Of the file.');
const word = query(
  'simulated',
  { enum: ['exclude', 'include', 'only'], default: 'exclude' },
  'As of the lists.',
);

function exported(
  operationId: string,
  summary: string,
  filters: readonly JsonSchema[],
  row: string,
): JsonSchema {
  const description = 'The whole file, newest first, streamed; a failure on the way cuts the connection.';
  const content = {
    'application/json': { schema: { type: 'array', items: ref(row) } },
    'text/csv': { schema: { type: 'string' } },
  };
  const parameters = [...filters, word, within, format];
  return read({ operationId, summary, parameters, answer: { description, content } });
}

/** What A8 tells to who has a read key, or a session of its page. */
export function readPaths(): Record<string, JsonSchema> {
  return {
    '/events': read({
      operationId: 'listEvents',
      summary: 'Stored events, page by page, in the order of their transactions',
      parameters: [app, type, since, simulated, order, eventCursor, limit],
      answer: jsonResponse(
        'A page. `next_cursor` is null where there is no further one now.',
        ref('EventPage'),
      ),
    }),
    '/events/{id}': read({
      operationId: 'getEvent',
      summary: 'One event with everything that A8 knows of it; a page for a browser with a session',
      parameters: [eventIdInPath],
      answer: jsonResponse('The row.', ref('StoredEvent')),
      also: ['not_found'],
    }),
    '/events/stream': read({
      operationId: 'followEvents',
      summary: 'New events as they are committed',
      parameters: [app, type, simulated, eventCursor, lastEventId],
      answer: eventStream('StoredEvent'),
    }),
    '/events/export': exported('exportEvents', 'Stored events as one file', [app, type], 'StoredEvent'),
    '/rejected': read({
      operationId: 'listRejected',
      summary: 'Refused events of valid keys, newest first; never a body',
      parameters: [app, code, since, simulated, idCursor, limit],
      answer: jsonResponse('A page.', ref('RejectedPage')),
    }),
    '/rejected/stream': read({
      operationId: 'followRejected',
      summary: 'New refusals as they are recorded',
      parameters: [app, code, simulated, idCursor, lastEventId],
      answer: eventStream('Rejected'),
    }),
    '/rejected/export': exported('exportRejected', 'Refusals as one file', [app, code], 'Rejected'),
    '/truth-table': read({
      operationId: 'getTruthTable',
      summary: 'The newest truth table as it may be believed now, every evidence id looked up again',
      parameters: [target],
      answer: jsonResponse(
        'With its age; all rows are unknown where nobody verified.',
        ref('ShownTruthTable'),
      ),
    }),
    '/observations': read({
      operationId: 'getObservations',
      summary: 'What was seen of each label, and the keys of the ring by fingerprint',
      answer: jsonResponse('Counts of the last hour, and since ever.', ref('Observations')),
    }),
  };
}
