import { MOST_CONSERVATION_IDS } from '../conservation.ts';
import type { JsonSchema } from './json-schemas.ts';
import { jsonResponse, problemResponses, ref } from './problem-responses.ts';
import { idCursor, limit, query, REFUSALS, SECURITY } from './read-paths.ts';

const TOLD = ['malformed_json', 'invalid_body', 'body_too_large', 'unsupported_media_type'] as const;
const common = { tags: ['operations'], security: SECURITY.operations } as const;

function post(operation: {
  operationId: string;
  summary: string;
  body: string;
  answer: readonly [status: string, description: string, schema: string];
}): JsonSchema {
  const { operationId, summary, body, answer } = operation;
  const [status, description, schema] = answer;
  return {
    ...{ operationId, summary, ...common },
    requestBody: { required: true, content: { 'application/json': { schema: ref(body) } } },
    responses: {
      [status]: jsonResponse(description, ref(schema)),
      ...problemResponses([...REFUSALS, ...TOLD]),
    },
  };
}

function get(operation: {
  operationId: string;
  summary: string;
  parameters: readonly JsonSchema[];
  answer: string;
  also?: readonly 'not_found'[];
}): JsonSchema {
  const { answer, also = [], ...told } = operation;
  const responses = {
    '200': jsonResponse('As asked.', ref(answer)),
    ...problemResponses([...REFUSALS, ...also]),
  };
  return { ...told, ...common, responses };
}

const stored = ['201', 'Stored.', 'Stored'] as const;
const minute = (name: string, description: string): JsonSchema => ({
  ...query(name, { type: 'string', format: 'date-time' }, description),
  required: true,
});
const from = minute('from', 'A full minute.');
const to = minute('to', 'A full minute, not included; at most a day later.');
const forwarder = {
  ...query('forwarder', { type: 'string', minLength: 1, maxLength: 128 }, 'An x-forwarder-id.'),
  required: true,
};
const after = query('after', { type: 'string', format: 'uuid' }, 'The `next` of an earlier answer.');
const idLimit = query(
  'limit',
  { type: 'integer', minimum: 1, maximum: MOST_CONSERVATION_IDS, default: 1000 },
  'So many at most.',
);
const erasureId = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^\\d{1,18}$' },
};

/** What the operator reports, asks and orders. */
export function operationsPaths(): Record<string, JsonSchema> {
  return {
    '/operations/verdicts': {
      post: post({
        operationId: 'storeVerdict',
        summary: 'Store a truth table',
        body: 'TruthTable',
        answer: stored,
      }),
    },
    '/operations/repairs': {
      post: post({
        ...{ operationId: 'storeRepair', summary: 'Store what was repaired, and the proof' },
        ...{ body: 'RepairRecord', answer: stored },
      }),
    },
    '/operations/heartbeats': {
      post: post({
        ...{ operationId: 'storeHeartbeat', summary: 'Tell that somebody verifies' },
        ...{ body: 'Heartbeat', answer: stored },
      }),
    },
    '/operations/conservation': {
      get: get({
        operationId: 'getDigests',
        summary: 'What A8 holds of one forwarder, minute by minute: count, and sum of the hashes of the ids',
        parameters: [forwarder, from, to],
        answer: 'HubConservation',
      }),
    },
    '/operations/conservation/forwarders': {
      get: get({
        operationId: 'listForwarders',
        summary: 'Whose rows there are in a window',
        parameters: [from, to],
        answer: 'HubForwarders',
      }),
    },
    '/operations/conservation/ids': {
      get: get({
        operationId: 'listIds',
        summary: 'The ids of one minute of one forwarder, ascending',
        parameters: [forwarder, minute('minute', 'A full minute.'), after, idLimit],
        answer: 'HubIds',
      }),
    },
    '/operations/erasures': {
      post: post({
        operationId: 'eraseActor',
        summary: 'Erase one actor; the work is done in the background',
        body: 'ErasureOrder',
        answer: [
          '202',
          'Recorded: from now on what happened until now is written without its content.',
          'Erasure',
        ],
      }),
      get: get({
        operationId: 'listErasures',
        summary: 'The record of erasures, newest first; never the id of an actor',
        parameters: [idCursor, limit],
        answer: 'ErasurePage',
      }),
    },
    '/operations/erasures/preview': {
      post: post({
        operationId: 'previewErasure',
        summary: 'Count what an erasure would change among the next 20,000 rows; changes nothing',
        body: 'ErasurePreviewOrder',
        answer: ['200', '`next` goes into `after`; null at the end.', 'ErasurePreview'],
      }),
    },
    '/operations/erasures/{id}': {
      get: get({
        operationId: 'getErasure',
        summary: 'How far an erasure has come',
        parameters: [erasureId],
        answer: 'Erasure',
        also: ['not_found'],
      }),
    },
  };
}
