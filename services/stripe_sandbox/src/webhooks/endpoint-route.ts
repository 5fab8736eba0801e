import type { Express } from 'express';
import { z } from 'zod';
import type { createApiRoute } from '../api/api-route.ts';
import { paginate } from '../api/list.ts';
import { expandParam, listParams, metadataParam, parseParams } from '../api/params.ts';
import { noSuch } from '../api/stripe-error.ts';
import type { NewId } from '../identifiers.ts';
import type { State } from '../state/state.ts';
import { publicEndpoint, type WebhookEndpoint } from '../stripe-objects.ts';

const url = z.url({ protocol: /^https?$/, error: 'Invalid URL: an http or https address is needed' });
const enabledEvents = z.array(z.string().min(1)).min(1).max(200);

const createEndpointParams = z.strictObject({
  url,
  enabled_events: enabledEvents,
  api_version: z.string().optional(),
  description: z.string().max(5000).optional(),
  metadata: metadataParam.default({}),
  expand: expandParam,
});

const updateEndpointParams = z.strictObject({
  url: url.optional(),
  enabled_events: enabledEvents.optional(),
  description: z.string().max(5000).optional(),
  disabled: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  metadata: metadataParam.optional(),
  expand: expandParam,
});

type Deps = { state: State; route: ReturnType<typeof createApiRoute>; now: () => number; newId: NewId };

/** /v1/webhook_endpoints: create, list, read, update, delete. The secret is in the answer of the creation and nowhere else. */
export function endpointRoutes(app: Express, deps: Deps): void {
  const { state, route } = deps;
  const existing = (id: string): WebhookEndpoint => {
    const endpoint = state.get('endpoints', id);
    if (endpoint === undefined) throw noSuch('webhook endpoint', id);
    return endpoint;
  };
  app.post(
    '/v1/webhook_endpoints',
    route((request) => {
      const endpoint = newEndpoint(parseParams(createEndpointParams, request.params), deps);
      return { body: endpoint, changes: [{ put: 'endpoints', value: endpoint }] };
    }),
  );
  app.get(
    '/v1/webhook_endpoints',
    route((request) => {
      const params = parseParams(z.strictObject(listParams), request.params);
      const page = paginate(state.all('endpoints').reverse(), params, '/v1/webhook_endpoints');
      return { body: { ...page, data: page.data.map(publicEndpoint) } };
    }),
  );
  app.get(
    '/v1/webhook_endpoints/:id',
    route((request) => ({ body: publicEndpoint(existing(request.id)) })),
  );
  app.post(
    '/v1/webhook_endpoints/:id',
    route((request) => {
      const endpoint = updated(existing(request.id), parseParams(updateEndpointParams, request.params));
      return { body: publicEndpoint(endpoint), changes: [{ put: 'endpoints', value: endpoint }] };
    }),
  );
  app.delete(
    '/v1/webhook_endpoints/:id',
    route((request) => {
      const { id } = existing(request.id);
      return {
        body: { id, object: 'webhook_endpoint', deleted: true },
        changes: [{ remove: 'endpoints', id }],
      };
    }),
  );
}

function newEndpoint(params: z.output<typeof createEndpointParams>, deps: Deps): WebhookEndpoint {
  return {
    id: deps.newId('we_'),
    object: 'webhook_endpoint',
    api_version: params.api_version ?? null,
    created: Math.floor(deps.now() / 1000),
    description: params.description ?? null,
    enabled_events: params.enabled_events,
    livemode: false,
    metadata: params.metadata,
    secret: deps.newId('whsec_', 32),
    status: 'enabled',
    url: params.url,
  };
}

function updated(endpoint: WebhookEndpoint, params: z.output<typeof updateEndpointParams>): WebhookEndpoint {
  return {
    ...endpoint,
    url: params.url ?? endpoint.url,
    enabled_events: params.enabled_events ?? endpoint.enabled_events,
    description: params.description ?? endpoint.description,
    metadata: params.metadata ?? endpoint.metadata,
    status: params.disabled === undefined ? endpoint.status : params.disabled ? 'disabled' : 'enabled',
  };
}
