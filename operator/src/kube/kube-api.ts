import { ApiException, type ResponseContext } from '@kubernetes/client-node';
import type { Clock } from '@scholar/runtime/clock';
import { type ApiCall, type KubeApi, pathOf } from './api-call.ts';
import { createTransport, REQUEST_TIMEOUT_MS } from './api-transport.ts';
import type { LoadedConfig } from './kube-config.ts';
import { type KubeError, kubeError } from './kube-error.ts';
import { linesOf } from './lines-of.ts';

const METHOD = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
} as const;

/**
 * The API server through the client's transport and authentication (tokens, certificates, exec plugins, proxies), without
 * its models: answers are plain JSON, so that a kind which the client does not know loses nothing.
 */
export function connectApi(loaded: LoadedConfig, clock: Pick<Clock, 'monotonic'>): KubeApi {
  const { context, server } = loaded;
  const transport = createTransport(loaded, clock);
  const failed = (cause: unknown, call: ApiCall): KubeError => {
    // No answer at all: the pooled connections may lead to nowhere.
    if (!(cause instanceof ApiException)) transport.forget();
    const { verb, name, namespace } = call;
    return kubeError(cause, { verb, resource: resourceOf(call), name, namespace }, { context, server });
  };

  function send(call: ApiCall, signal: AbortSignal | undefined): Promise<ResponseContext> {
    const { body, contentType } = call;
    return transport.send({ path: pathOf(call), method: METHOD[call.verb], body, contentType, signal });
  }

  return {
    async request<T>(call: ApiCall): Promise<T> {
      const late = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
      try {
        const response = await send(call, call.signal ? AbortSignal.any([call.signal, late]) : late);
        return JSON.parse(await response.body.text());
      } catch (cause) {
        throw failed(cause, call);
      }
    },
    async stream(call) {
      try {
        const body = (await send(call, call.signal)).body.stream();
        if (body === null) throw new Error('the answer has no body');
        return told(linesOf(body), (cause) => failed(cause, call));
      } catch (cause) {
        throw failed(cause, call);
      }
    },
  };
}

async function* told(
  lines: AsyncIterable<string>,
  failed: (cause: unknown) => Error,
): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (cause) {
    throw failed(cause);
  }
}

function resourceOf({ resource, subresource }: ApiCall): string {
  return subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
}
