import {
  ApiException,
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import type { Clock } from '@scholar/runtime/clock';
import { type ApiCall, type KubeApi, pathOf } from './api-call.ts';
import { KeptAgent } from './kept-agent.ts';
import type { LoadedConfig } from './kube-config.ts';
import { type KubeError, kubeError } from './kube-error.ts';
import { linesOf } from './lines-of.ts';

const METHOD = {
  get: HttpMethod.GET,
  list: HttpMethod.GET,
  watch: HttpMethod.GET,
  create: HttpMethod.POST,
  update: HttpMethod.PUT,
  patch: HttpMethod.PATCH,
  delete: HttpMethod.DELETE,
} as const;

/** An API server that has not answered by then counts as one that does not. Streams have no such bound. */
const REQUEST_TIMEOUT_MS = 15_000;

/**
 * The API server through the client's transport and authentication (tokens, certificates, exec plugins, proxies), without
 * its models: answers are plain JSON, so that a kind which the client does not know loses nothing.
 */
export function connectApi(loaded: LoadedConfig, clock: Pick<Clock, 'monotonic'>): KubeApi {
  const { config, context, server } = loaded;
  const agent = new KeptAgent(clock.monotonic);
  const http = new IsomorphicFetchHttpLibrary();
  const failed = (cause: unknown, call: ApiCall): KubeError => {
    // No answer at all: the pooled connections may lead to nowhere.
    if (!(cause instanceof ApiException)) agent.forget();
    const { verb, name, namespace } = call;
    return kubeError(cause, { verb, resource: resourceOf(call), name, namespace }, { context, server });
  };

  async function send(call: ApiCall, signal: AbortSignal | undefined): Promise<ResponseContext> {
    const request = new RequestContext(`${server}${pathOf(call)}`, METHOD[call.verb]);
    request.setHeaderParam('Accept', 'application/json');
    if (call.body !== undefined) {
      request.setHeaderParam('Content-Type', call.contentType ?? 'application/json');
      request.setBody(JSON.stringify(call.body));
    }
    if (signal !== undefined) request.setSignal(signal);
    await config.applySecurityAuthentication(request);
    agent.use(request);
    const response = await http.send(request).toPromise();
    if (response.httpStatusCode < 300) return response;
    const text = await response.body.text();
    throw new ApiException(response.httpStatusCode, '', parsed(text), response.headers);
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 200) };
  }
}
