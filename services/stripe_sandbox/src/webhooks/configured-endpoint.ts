import type { Change, State } from '../state/state.ts';
import type { WebhookEndpoint } from '../stripe-objects.ts';

/** The id of the endpoint that comes from SANDBOX_WEBHOOK_URL. Its secret follows its file, so it is not kept here. */
export const CONFIGURED_ENDPOINT_ID = 'we_sandbox_configured';

/** The changes that make the state hold the configured endpoint, or remove the one of an earlier start. */
export function configuredEndpoint(state: State, url: string | undefined, nowMs: number): Change[] {
  const earlier = state.get('endpoints', CONFIGURED_ENDPOINT_ID);
  if (url === undefined) {
    return earlier === undefined ? [] : [{ remove: 'endpoints', id: CONFIGURED_ENDPOINT_ID }];
  }
  const endpoint: WebhookEndpoint = {
    id: CONFIGURED_ENDPOINT_ID,
    object: 'webhook_endpoint',
    api_version: null,
    created: earlier?.created ?? Math.floor(nowMs / 1000),
    description: 'Registered by SANDBOX_WEBHOOK_URL',
    enabled_events: ['*'],
    livemode: false,
    metadata: {},
    secret: '',
    status: 'enabled',
    url,
  };
  return [{ put: 'endpoints', value: endpoint }];
}
